import assert from "node:assert/strict";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import { PLAIN_STORE } from "../../testing/sim_store_traits.ts";
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
  assert.equal(small.nodes.length, 1);
  assert.equal(small.faults.latency, undefined);
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

Deno.test("shrinkSchedule leaves out any node, and keeps what befalls the others", async () => {
  const nodes = [0, 1, 2, 3].map((n) => ({ rate: 1, offsetMs: n }));
  const actions = [{ kind: "crash", node: 3, forMs: 4, atMs: 10 }] as const;
  const whole: SimSchedule = { ...schedule, nodes, actions };
  const isBroken = ({ nodes, actions: [crash] }: SimSchedule) =>
    Promise.resolve(crash?.kind === "crash" && nodes[crash.node]?.offsetMs === 3);
  const small = await shrinkSchedule(whole, isBroken);
  assert.deepEqual(small.nodes, [{ rate: 1, offsetMs: 3 }]);
  assert.deepEqual(small.actions, [{ ...actions[0], node: 0 }]);
});

Deno.test("shrinkSchedule heals sooner and lets actions last shorter, and ends sooner when it may", async () => {
  const actions = [{ kind: "pause", node: 0, forMs: 900, monotonic: true, atMs: 200 }] as const;
  const whole: SimSchedule = { ...schedule, actions, healAtMs: 1_000, endAtMs: 2_600 };
  const isBroken = ({ actions: [pause], healAtMs, endAtMs }: SimSchedule) =>
    Promise.resolve(pause?.kind === "pause" && pause.forMs >= 100 && healAtMs + endAtMs > 400);
  const small = await shrinkSchedule(whole, isBroken);
  assert.ok(small.healAtMs >= 200 && small.healAtMs < 210, `${small.healAtMs}`);
  assert.equal(small.endAtMs - small.healAtMs, 1_600, "liveness needs its time");
  const [pause] = small.actions;
  assert.ok(pause?.kind === "pause" && pause.forMs < 125, JSON.stringify(pause));
  const shorter = await shrinkSchedule(whole, isBroken, { shortenHealed: true });
  assert.ok(shorter.endAtMs - shorter.healAtMs < 30, `${shorter.endAtMs}`);
});

Deno.test("shrinkSchedule makes the store as kind as the breach lets it", async () => {
  const store = { ...PLAIN_STORE, listBatchMax: 1, watch: "own", versionGaps: true } as const;
  const isBroken = (smaller: SimSchedule) => Promise.resolve(smaller.store.watch === "own");
  const small = await shrinkSchedule({ ...schedule, store }, isBroken);
  assert.deepEqual(small.store, { ...PLAIN_STORE, watch: "own" });
});
