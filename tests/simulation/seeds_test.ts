import assert from "node:assert/strict";
import { simulate } from "../../testing/sim_cluster.ts";
import { drawSchedule } from "../../testing/sim_schedule.ts";
import { clusterProgram } from "./cluster_program.ts";
import { runSeeds } from "./run_seeds.ts";
import { missingWitnesses } from "./witnesses.ts";

Deno.test("a simulated cluster breaks no promise in a thousand disasters, and meets every witness", async () => {
  const report = await runSeeds({ from: 1, count: 1_000, stride: 1 });
  assert.deepEqual(report.violations, [], "replay: deno task sim --seed=N --trace");
  assert.deepEqual(missingWitnesses(report), []);
  assert.ok(report.steps >= 1_000 * report.schedules, `${report.steps} steps`);
});

Deno.test("a seed gives the same run every time", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const run = async () => {
      const { steps, events, witnesses } = await simulate(drawSchedule(seed), clusterProgram, {
        trace: true,
      });
      return { steps, events, witnesses };
    };
    assert.deepEqual(await run(), await run(), `seed ${seed}`);
  }
});
