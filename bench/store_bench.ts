import {
  DistributedResilienceCoordinator,
  LeaderElection,
} from "@baton/orchestration/coordination";
import { type Figures, measureSideBySide, ms, table } from "./figures.ts";

const TIMES = 2_000;

/** Each of our operations beside the bare store operation that bounds it. */
export async function benchStore(path: string, label: string, times = TIMES): Promise<string> {
  using kv = await Deno.openKv(path);
  await using bystander = new LeaderElection({ kv, name: "bench-term", storePath: path });
  const term = (await bystander.tryAcquire())!;
  await using election = new LeaderElection({ kv, name: "bench-churn", storePath: path });
  await using node = new DistributedResilienceCoordinator({
    kv,
    storePath: path,
    cluster: "bench",
  });
  await node.startup();
  const [cas, churn, plain, fenced, beat] = await measureSideBySide(times, [
    async () => {
      const { versionstamp } = await kv.get(["raw"]);
      await kv.atomic().check({ key: ["raw"], versionstamp }).set(["raw"], 1).commit();
    },
    async () => await (await election.tryAcquire())!.resign(),
    async (i) =>
      void await kv.atomic().check({ key: ["absent"], versionstamp: null })
        .set(["plain"], i).commit(),
    async (i) => void await term.atomic().set(["fenced"], i).commit(),
    async () => await node.heartbeat(),
  ]) as [Figures, Figures, Figures, Figures, Figures];
  await kv.delete(["raw"]);
  const row = (name: string, figures: Figures, beside: Figures, besideName: string) => [
    name,
    ms(figures.percentileMs(0.5)),
    ms(figures.percentileMs(0.99)),
    Math.round(1_000 / figures.meanMs).toLocaleString("en"),
    `${(figures.percentileMs(0.5) / beside.percentileMs(0.5)).toFixed(2)} × ${besideName}`,
  ];
  return table(`One operation after the other, ${label} (${times} each, taken in turn)`, [
    "operation",
    "p50 ms",
    "p99 ms",
    "per s (mean)",
    "ratio of p50",
  ], [
    row("bare get + compare-and-set", cas, cas, "itself"),
    row("acquire + release a term (1 read, 2 commits)", churn, cas, "bare"),
    row("plain check + set", plain, plain, "itself"),
    row("fenced write `term.atomic().set()`", fenced, plain, "plain"),
    row("heartbeat with vote (1 commit; leader: also lease and decision)", beat, plain, "plain"),
  ]);
}
