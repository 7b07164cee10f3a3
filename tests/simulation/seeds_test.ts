import assert from "node:assert/strict";
import { simulate } from "../../testing/sim_cluster.ts";
import { clusterProgram } from "./cluster_program.ts";
import { FORCED_SCHEDULES } from "./forced_schedules.ts";
import { runSeeds, scheduleOf } from "./run_seeds.ts";
import { missingWitnesses } from "./witnesses.ts";

Deno.test("a simulated cluster breaks no promise in a thousand disasters, and meets every witness", async () => {
  const report = await runSeeds({ from: 1, count: 1_000, stride: 1, stretch: 1 });
  assert.deepEqual(report.violations, [], "replay: deno task sim --seed=N --trace");
  assert.deepEqual(missingWitnesses(report), []);
  assert.ok(report.steps >= 1_000 * report.schedules, `${report.steps} steps`);
});

Deno.test("a seed gives the same run every time", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const run = async () => {
      const { steps, events, witnesses } = await simulate(scheduleOf(seed, 1), clusterProgram, {
        trace: true,
      });
      const what = events.map(({ atMs, node, kind }) => `${atMs} ${node} ${kind}`);
      return { steps, what, witnesses };
    };
    assert.deepEqual(await run(), await run(), `seed ${seed}`);
  }
});

for (const { name, schedule, mustSee } of FORCED_SCHEDULES) {
  Deno.test(`a simulated cluster breaks no promise when ${name}`, async () => {
    const { violation, witnesses } = await simulate(schedule, clusterProgram);
    assert.equal(violation, null);
    assert.deepEqual(mustSee.filter((witness) => !witnesses[witness]), [], "never seen");
  });
}
