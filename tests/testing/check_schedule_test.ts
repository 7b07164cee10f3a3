import assert from "node:assert/strict";
import { checkSchedule, parseSchedule } from "../../testing/check_schedule.ts";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";

const quiet: SimSchedule = drawSchedule(1, { classes: [] });
const crash = { kind: "crash", node: 0, forMs: 10, atMs: 5 } as const;

Deno.test("checkSchedule takes whatever is drawn, and parseSchedule reads it from JSON", () => {
  for (let seed = 0; seed < 300; seed++) {
    const schedule = drawSchedule(seed);
    checkSchedule(schedule);
    assert.deepEqual(parseSchedule(JSON.stringify(schedule)), schedule);
  }
});

const REFUSED: readonly { readonly change: object; readonly message: RegExp }[] = [
  { change: { seed: 1.5 }, message: /^seed must be a whole number, got 1\.5$/ },
  { change: { nodes: [] }, message: /^nodes must have one node/ },
  { change: { nodes: [{ rate: 0, offsetMs: 0 }] }, message: /^nodes must have clocks, got rate 0/ },
  { change: { classes: ["crsh"] }, message: /^classes must be of FaultClass, got "crsh"$/ },
  { change: { faults: { busy: 2 } }, message: /^busy must be a probability/ },
  { change: { faults: { bussy: 0.1 } }, message: /^faults cannot have "bussy"$/ },
  { change: { client: "far" }, message: /^client must be local or connect, got far$/ },
  { change: { store: { ...quiet.store, watch: 1 } }, message: /^store\.watch must be all or own/ },
  { change: { actions: [{ ...crash, node: 99 }] }, message: /^node of a crash must be below/ },
  { change: { actions: [{ ...crash, forMs: -1 }] }, message: /^forMs of a crash must be from 0/ },
  { change: { actions: [{ ...crash, atMs: NaN }] }, message: /^atMs of a crash must be from 0/ },
  { change: { actions: [{ ...crash, kind: "x" }] }, message: /^kind of an action cannot be x$/ },
  { change: { actions: [{ kind: "crash", node: 0, atMs: 1 }] }, message: /^forMs of a crash/ },
  { change: { actions: [{ kind: "crash", forMs: 1, atMs: 1 }] }, message: /^node of a crash/ },
  { change: { actions: [{ kind: "restore", atMs: 1 }] }, message: /^agoMs of a restore/ },
  {
    change: { actions: [{ kind: "jumpWall", node: 0, byMs: "9", atMs: 1 }] },
    message: /^byMs of a jumpWall must be a number/,
  },
  {
    change: { actions: [{ kind: "partition", node: 0, forMs: 1, cut: "x", atMs: 1 }] },
    message: /^cut of a partition must be requests or replies or both, got x$/,
  },
  { change: { store: { ...quiet.store, versionGaps: "no" } }, message: /^store\.versionGaps must/ },
  { change: { store: { ...quiet.store, listBatchMax: 0 } }, message: /^store\.listBatchMax must/ },
  { change: { healAtMs: -1 }, message: /^healAtMs must be from 0/ },
  { change: { endAtMs: 0 }, message: /^endAtMs must be from healAtMs \(1000\) up, got 0$/ },
];

for (const { change, message } of REFUSED) {
  Deno.test(`checkSchedule refuses ${JSON.stringify(change)}`, () => {
    const schedule = { ...quiet, ...change } as SimSchedule;
    assert.throws(() => checkSchedule(schedule), { name: "RangeError", message });
  });
}

Deno.test("parseSchedule refuses what is no schedule", () => {
  assert.throws(() => parseSchedule("{"), SyntaxError);
  const holed = [{ ...quiet, nodes: [null] }, { ...quiet, actions: [null] }].map((each) =>
    JSON.stringify(each)
  );
  for (
    const text of [...holed, "null", "[]", "{}", JSON.stringify({ ...quiet, store: undefined })]
  ) {
    assert.throws(() => parseSchedule(text), { name: "TypeError", message: /schedule must be/i });
  }
});
