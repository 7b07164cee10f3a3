import assert from "node:assert/strict";
import { FaultClass } from "../../testing/fault_class.ts";
import { type SimCluster, simulate } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import { clusterProgram } from "./cluster_program.ts";
import { FORCED_SCHEDULES } from "./forced_schedules.ts";
import { runSeeds, scheduleOf } from "./run_seeds.ts";
import { missingWitnesses } from "./witnesses.ts";

Deno.test("a simulated cluster breaks no promise in a thousand disasters, and meets every witness", async () => {
  const report = await runSeeds({ from: 1, count: 1_000, stride: 1, stretch: 1 });
  assert.deepEqual(report.violations, [], "replay: deno task sim --seed=N --trace");
  assert.deepEqual(missingWitnesses(report), []);
  const { [FaultClass.STALE_READ]: staleReads, ...injected } = report.injected;
  assert.equal(staleReads, undefined, "only strong reads feed a decision (T17)");
  const drawn = Object.values(FaultClass).filter((name) => name !== FaultClass.STALE_READ);
  assert.deepEqual(Object.keys(injected).sort(), drawn.sort(), "drawn, but took effect in no seed");
  assert.ok(report.steps >= 1_000 * report.schedules, `${report.steps} steps`);
});

Deno.test("a seed gives the same run every time", async () => {
  for (const seed of [104, ...Array.from({ length: 12 }, (_, i) => i + 1)]) {
    const run = async () => {
      const commits: unknown[] = [];
      const program = (cluster: SimCluster): SimProgram => {
        const { committed, ...rest } = clusterProgram(cluster);
        return {
          ...rest,
          committed(commit) {
            commits.push(commit, commit.keys.map((key) => cluster.store.peek(key)));
            committed?.(commit);
          },
        };
      };
      const result = await simulate(scheduleOf(seed, 1), program, { trace: true });
      return { result, commits };
    };
    const [first, second] = [await run(), await run()];
    assert.ok(first.commits.length > 40, `${first.commits.length}`);
    assert.deepEqual(first, second, `seed ${seed}`);
  }
});

for (const { name, schedule, mustSee } of FORCED_SCHEDULES) {
  Deno.test(`a simulated cluster breaks no promise when ${name}`, async () => {
    const { violation, witnesses } = await simulate(schedule, clusterProgram);
    assert.equal(violation, null);
    assert.deepEqual(mustSee.filter((witness) => !witnesses[witness]), [], "never seen");
  });
}
