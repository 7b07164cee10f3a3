import process from "node:process";
import { DistributedResilienceCoordinator } from "@baton/orchestration/coordination";
import { table } from "./figures.ts";

const MEMBERS = 3;
const LEASES = 5;

/** What a cluster at rest asks of its store, and what that costs the processor. */
export async function benchIdle(path: string, leaseMs: number): Promise<string> {
  const handles: Deno.Kv[] = [];
  const nodes: DistributedResilienceCoordinator[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const kv = await Deno.openKv(path);
    handles.push(kv);
    const node = new DistributedResilienceCoordinator({
      kv,
      storePath: path,
      instanceId: `node-${i}`,
      timing: { leaseMs },
    });
    await node.startup();
    nodes.push(node);
  }
  await new Promise((resolve) => setTimeout(resolve, leaseMs));
  const before = nodes.map((node) => node.getMetrics().store);
  const cpuBefore = cpuMs();
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, LEASES * leaseMs));
  const elapsedMs = performance.now() - startMs;
  const cpuShare = (cpuMs() - cpuBefore) / elapsedMs;
  const leases = elapsedMs / leaseMs;
  const rows = nodes.map((node, i) => {
    const { reads, commits, busyRetries } = node.getMetrics().store;
    return [
      node.isLeader ? "leader" : "follower",
      ((reads - before[i]!.reads) / leases).toFixed(1),
      ((commits - before[i]!.commits) / leases).toFixed(1),
      String(busyRetries - before[i]!.busyRetries),
    ];
  });
  for (const node of nodes) await node.shutdown();
  for (const kv of handles) kv.close();
  return [
    table(`At rest: ${MEMBERS} members on one local file, lease ${leaseMs} ms, ${LEASES} leases`, [
      "role",
      "reads per lease",
      "commits per lease",
      "busy retries",
    ], rows),
    `Processor time of all ${MEMBERS} together: ${(100 * cpuShare).toFixed(2)} % of a core.\n`,
  ].join("\n");
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
