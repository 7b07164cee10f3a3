import assert from "node:assert/strict";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import { shrinkSchedule } from "../../testing/shrink_schedule.ts";

const schedule = drawSchedule(3, { classes: ["crash", "pause", "busy", "clockDrift"] });

Deno.test("shrinkSchedule leaves only what the breach needs", async () => {
  const isBroken = ({ actions, faults }: SimSchedule) =>
    Promise.resolve(
      actions.filter(({ kind }) => kind === "crash").length >= 1 && (faults.busy ?? 0) > 0,
    );
  assert.ok(await isBroken(schedule));
  const small = await shrinkSchedule(schedule, isBroken);
  assert.deepEqual(small.actions.map(({ kind }) => kind), ["crash"]);
  assert.equal(small.faults.busy, schedule.faults.busy);
  const [crash] = small.actions;
  assert.equal(small.nodes.length, 1 + (crash && "node" in crash ? crash.node : NaN));
  assert.ok(small.nodes.every(({ rate, offsetMs }) => rate === 1 && offsetMs === 0));
});

Deno.test("shrinkSchedule stops after as many runs as it may have, with what it has", async () => {
  let runs = 0;
  const small = await shrinkSchedule(schedule, () => Promise.resolve(++runs > 0), { maxRuns: 2 });
  assert.equal(runs, 2);
  assert.ok(small.actions.length < schedule.actions.length);
  const same = await shrinkSchedule(schedule, () => Promise.resolve(false));
  assert.equal(same, schedule);
});
