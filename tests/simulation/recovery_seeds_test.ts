import assert from "node:assert/strict";
import { simulate } from "../../testing/sim_cluster.ts";
import { simulateSeeds } from "../../testing/simulate_seeds.ts";
import type { SimResult } from "../../testing/sim_program.ts";
import { Crashes, quietSchedule, tellOnce } from "./recovery_crashes.ts";
import { recoveryProgram } from "./recovery_program.ts";
import { recoveryScheduleOf, recoverySeedProgram } from "./recovery_seeds.ts";
import type { Moment } from "./recovery_storage_tap.ts";
import { readPolicies } from "./recovery_workload.ts";

/** A part of those that `deno task sim` runs. */
const SEEDS = 300;
/** Seeds whose actions come to unlike ends. */
const CHAINS = [2, 5];
const policies = await readPolicies();

/** Runs one chain, whose leaders die at given moments. */
async function runChain(
  seed: number,
  at: (n: number, moment: Moment) => boolean,
  crashesMax = Infinity,
): Promise<{ readonly result: SimResult; readonly crashes: Crashes; readonly ended: number }> {
  const crashes = new Crashes(at, crashesMax);
  let ended = 0;
  const result = await simulate(quietSchedule(seed), (cluster) => {
    const program = recoveryProgram(cluster, {
      policies,
      tell: tellOnce(),
      dies: (moment) => crashes.dies(moment),
    });
    const { invariants, atEnd } = program;
    return {
      ...program,
      async atEnd() {
        await atEnd?.();
        ended = [...invariants.chains.ended.values()]
          .filter(({ steps, outcomes }) => steps.length === 4 && outcomes.length === 4).length;
      },
    };
  });
  return { result, crashes, ended };
}

Deno.test("simulated recovery breaks no promise in hundreds of disasters", async () => {
  const report = await simulateSeeds({
    count: SEEDS,
    schedule: recoveryScheduleOf,
    program: recoverySeedProgram(policies),
    witnesses: [
      "a leader died between decision and effect",
      "a leader died during an effect",
      "a leader died between effect and outcome",
      "a leader died during verification",
      "a leader died between two steps",
      "result skipped_rate_limit",
    ],
  });
  const broken = report.broken.map(({ seed, violation }) => `${seed}: ${violation.error.message}`);
  assert.deepEqual(broken, [], "replay: deno task sim --recovery --seed=N --trace");
  assert.deepEqual(report.missing, []);
});

Deno.test("simulated recovery gives the same run every time", async () => {
  for (const seed of [1, 2, 6, 14]) {
    const run = () =>
      simulate(recoveryScheduleOf(seed), recoverySeedProgram(policies), { trace: true });
    const [first, second] = [await run(), await run()];
    assert.ok(first.steps > 1_000);
    assert.deepEqual(first, second, `seed ${seed}`);
  }
});

for (const seed of CHAINS) {
  Deno.test(`a chain is taken to its end when its leader dies at any one moment of it (seed ${seed})`, async () => {
    let moments = 0;
    for (;; moments++) {
      const { result, crashes, ended } = await runChain(seed, (n) => n === moments);
      assert.equal(result.violation, null, `moment ${moments}`);
      assert.ok(ended >= 1, `moment ${moments}: no chain came to its end`);
      if (crashes.crashes === 0) break;
    }
    assert.ok(moments >= 30, `${moments}: three of each commit, and two of each action`);
  });
}

Deno.test("an action is given up when its leaders die in it again and again", async () => {
  const { result, ended } = await runChain(2, (_, moment) => moment === "effect begun", 5);
  assert.equal(result.violation, null);
  assert.equal(result.witnesses["an action was given up after interruptions"], 1);
  assert.ok(ended >= 1);
});

Deno.test("nothing that recovery decided is kept when its store is set back: simulated recovery goes on", async () => {
  const base = recoveryScheduleOf(2);
  const schedule = {
    ...base,
    classes: [],
    faults: {},
    actions: [{ kind: "restore", agoMs: 700, atMs: 2_500 }],
  } as const;
  const { violation, witnesses } = await simulate(schedule, recoverySeedProgram(policies));
  assert.equal(violation, null);
  assert.equal(witnesses["the store was set back"], 1);
});
