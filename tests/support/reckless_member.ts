/**
 * A cluster member in a process of its own, for tests to kill and freeze. As leader it writes one
 * fenced record after the other without ever asking whether it still leads (none when the interval
 * is 0); what it did is told on standard output, one JSON document a line.
 */
import { DistributedResilienceCoordinator, openKv } from "@baton/orchestration/coordination";
import type { LeaderWork, Term } from "@baton/orchestration/coordination";
import { startUp } from "./start_up.ts";

const [path, instanceId, leaseMs, writeEveryMs] = Deno.args as [string, string, string, string];

function tell(event: string, details: object = {}): void {
  const line = JSON.stringify({
    event,
    instanceId,
    atMs: performance.timeOrigin + performance.now(),
    ...details,
  });
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

class RecklessWriter implements LeaderWork {
  async lead(term: Term): Promise<void> {
    tell("elected", { term: term.term, fence: term.fence });
    term.signal.addEventListener("abort", () => {
      tell("lost", { term: term.term, cause: term.signal.reason.cause.kind });
    });
    if (Number(writeEveryMs) > 0) void this.#write(term);
    await new Promise((resolve) => term.signal.addEventListener("abort", resolve));
  }

  /** Goes on after the loss until a write is refused. */
  async #write(term: Term): Promise<void> {
    for (let i = 0;; i++) {
      try {
        const { ok } = await term.atomic().set(["log", term.term, i], instanceId).commit();
        if (!ok) return tell("refused", { term: term.term });
      } catch (error) {
        if (!String(error).includes("database is locked")) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, Number(writeEveryMs)));
    }
  }
}

const kv = await openKv(path);
const node = new DistributedResilienceCoordinator({
  kv,
  storePath: path,
  instanceId,
  timing: { leaseMs: Number(leaseMs) },
  recoveryOrchestrator: new RecklessWriter(),
});
try {
  await startUp(node);
} catch (error) {
  tell("failed", { name: (error as Error).name, message: (error as Error).message });
  Deno.exit(1);
}
tell("started");
Deno.addSignalListener("SIGTERM", async () => {
  await node.shutdown();
  tell("stopped");
  Deno.exit(0);
});
const failure = await node.untilStopped();
if (failure) {
  tell("failed", { name: failure.name, message: failure.message });
  Deno.exit(1);
}
