import assert from "node:assert/strict";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import { drawSchedule } from "../../testing/sim_schedule.ts";
import { simulateSeeds } from "../../testing/simulate_seeds.ts";

/** Breaks something in every third seed. */
function program(cluster: SimCluster): SimProgram {
  const { seed } = cluster.schedule;
  return {
    async run({ clock, signal }) {
      cluster.witness(seed % 2 === 0 ? "even" : "odd");
      for (;;) await clock.sleep(100, { signal });
    },
    atEnd() {
      if (seed % 3 === 0) throw new Error(`seed ${seed} is a third`);
    },
  };
}

const schedule = (seed: number) => drawSchedule(seed, { classes: ["crash"] });

Deno.test("simulateSeeds tells which seeds were broken, what was seen and what took effect", async () => {
  const result = await simulateSeeds({
    first: 4,
    count: 6,
    schedule,
    program,
    witnesses: ["even", "odd", "blue"],
  });
  assert.equal(result.schedules, 6);
  assert.ok(result.steps > 60, String(result.steps));
  assert.deepEqual(
    result.broken.map(({ seed, violation }) => [seed, violation.error.message]),
    [[6, "seed 6 is a third"], [9, "seed 9 is a third"]],
  );
  assert.deepEqual(result.witnesses, { even: 3, odd: 3 });
  assert.deepEqual(result.missing, ["blue"]);
  assert.deepEqual(result.injected, { crash: 6 });
});

Deno.test("simulateSeeds takes every so many seeds, and stops after as many broken ones", async () => {
  const result = await simulateSeeds({ count: 9, stride: 3, schedule, program, maxBroken: 2 });
  assert.deepEqual([result.schedules, result.broken.length], [9, 0]);
  const stopped = await simulateSeeds({ count: 9, schedule, program, maxBroken: 2 });
  assert.deepEqual([stopped.schedules, stopped.broken.map(({ seed }) => seed)], [6, [3, 6]]);
});

Deno.test("simulateSeeds names the seed that cannot be simulated", async () => {
  const thrown = new Error("no program");
  const broken = () => {
    throw thrown;
  };
  await assert.rejects(simulateSeeds({ first: 7, count: 1, program: broken }), {
    message: "Cannot simulate seed 7: Error: no program",
    cause: thrown,
  });
});

Deno.test("simulateSeeds hands on how many events a schedule may have", async () => {
  const { broken } = await simulateSeeds({ count: 1, schedule, program, maxSteps: 10 });
  assert.match(broken[0]!.violation.error.message, /did not come to rest: 10 steps/);
});

for (const counts of [{ count: 0 }, { count: 1.5 }, { count: 1, stride: 0 }, { count: NaN }]) {
  Deno.test(`simulateSeeds refuses ${JSON.stringify(counts)}: nothing would be proved`, async () => {
    await assert.rejects(simulateSeeds({ ...counts, program }), RangeError);
  });
}
