import assert from "node:assert/strict";
import { FaultClass } from "../../testing/fault_class.ts";
import { drawSchedule, type DrawScheduleOptions } from "../../testing/sim_schedule.ts";
import { PLAIN_STORE } from "../../testing/sim_store_traits.ts";

const SEEDS = Array.from({ length: 500 }, (_, seed) => seed);

Deno.test("drawSchedule gives the same schedule for the same seed, and others for others", () => {
  const texts = SEEDS.map((seed) => JSON.stringify(drawSchedule(seed)));
  assert.deepEqual(texts, SEEDS.map((seed) => JSON.stringify(drawSchedule(seed))));
  assert.equal(new Set(texts).size, SEEDS.length);
});

Deno.test("drawSchedule draws three to seven nodes and at least three classes of faults", () => {
  const sizes = new Set<number>();
  const classes = new Set<FaultClass>();
  for (const seed of SEEDS) {
    const schedule = drawSchedule(seed);
    sizes.add(schedule.nodes.length);
    assert.ok(schedule.classes.length >= 3);
    for (const name of schedule.classes) classes.add(name);
  }
  assert.deepEqual([...sizes].sort(), [3, 4, 5, 6, 7]);
  assert.deepEqual([...classes].sort(), Object.values(FaultClass).sort());
});

Deno.test("drawSchedule draws the faults of its classes and no others, inside its time", () => {
  const seenRates = new Set<number>();
  for (const seed of SEEDS) {
    const { classes, faults, actions, nodes, healAtMs, endAtMs } = drawSchedule(seed, {
      faultyMs: 2_000,
      healedMs: 500,
      classes: ["crash", "busy", "clockDrift", "pause", "restart"],
    });
    assert.deepEqual([healAtMs, endAtMs], [2_000, 2_500]);
    assert.equal((faults.busy ?? 0) > 0, classes.includes("busy"));
    assert.equal(faults.lostReply, 0);
    const rates = new Set(nodes.map(({ rate }) => rate));
    const allowed = classes.includes("clockDrift") ? [1 / 1.1, 1, 1.1] : [1];
    assert.deepEqual([...rates].filter((rate) => !allowed.includes(rate)), []);
    for (const rate of rates) seenRates.add(rate);
    for (const { kind, atMs } of actions) {
      assert.ok(classes.includes(kind as FaultClass), kind);
      assert.ok(atMs >= 0 && atMs <= healAtMs);
    }
    assert.deepEqual(
      actions.map(({ atMs }) => atMs),
      actions.map(({ atMs }) => atMs).sort((a, b) => a - b),
    );
  }
  assert.equal(seenRates.size, 3);
});

Deno.test("drawSchedule draws no faults of the store where it draws no classes", () => {
  for (const seed of SEEDS) {
    assert.deepEqual(drawSchedule(seed, { classes: [] }).store, PLAIN_STORE);
  }
});

const REFUSED: readonly {
  readonly seed?: number;
  readonly options: DrawScheduleOptions;
  readonly message: string;
}[] = [
  { seed: 0.5, options: {}, message: "seed must be a whole number, got 0.5" },
  { options: { faultyMs: -5 }, message: "faultyMs must be from 0 ms up, got -5" },
  { options: { healedMs: Infinity }, message: "healedMs must be from 0 ms up, got Infinity" },
  { options: { reactionMs: NaN }, message: "reactionMs must be more than 0, got NaN" },
  { options: { reactionMs: 0 }, message: "reactionMs must be more than 0, got 0" },
  {
    options: { classes: ["flood" as FaultClass] },
    message: 'classes must be of FaultClass, got "flood"',
  },
];

for (const { seed = 1, options, message } of REFUSED) {
  Deno.test(`drawSchedule says that ${message}`, () => {
    assert.throws(() => drawSchedule(seed, options), { name: "RangeError", message });
  });
}
