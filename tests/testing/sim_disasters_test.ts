import assert from "node:assert/strict";
import type { FaultClass } from "../../testing/fault_class.ts";
import type { SimAction } from "../../testing/sim_action.ts";
import { SimDisasters } from "../../testing/sim_disasters.ts";
import { SimNode } from "../../testing/sim_node.ts";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";

const HEAL_AT_MS = 1_000;

function plan(...actions: (SimAction & { readonly atMs: number })[]) {
  const time = new SimTime();
  const store = new SimStore({ time });
  const schedule: SimSchedule = {
    ...drawSchedule(1, { classes: [] }),
    nodes: [{ rate: 1, offsetMs: 0 }],
    actions,
    healAtMs: HEAL_AT_MS,
  };
  const ended: unknown[] = [];
  const node = new SimNode({
    node: 0,
    schedule,
    time,
    store,
    run: () => new Promise(() => {}),
    faulted: () => {},
    ended: (_, error) => ended.push(error),
  });
  const notes: unknown[][] = [];
  const injected: FaultClass[] = [];
  let restored = 0;
  node.start();
  new SimDisasters({
    schedule,
    time,
    store,
    nodes: [node],
    note: (...event) => notes.push(event),
    injected: (name) => injected.push(name),
    restored: () => restored++,
  }).plan();
  return { time, store, node, notes, injected, ended, restored: () => restored };
}

Deno.test("SimDisasters ends partitions that overlap with the last of them, each way on its own", async () => {
  const { time, node } = plan(
    { kind: "partition", node: 0, forMs: 100, cut: "requests", atMs: 0 },
    { kind: "partition", node: 0, forMs: 300, cut: "requests", atMs: 50 },
    { kind: "partition", node: 0, forMs: 100, cut: "replies", atMs: 200 },
  );
  const seen: string[] = [];
  for (let ms = 25; ms < 450; ms += 50) {
    await time.advance(ms - time.nowMs);
    seen.push(node.process!.kv.cut);
  }
  const [one, both] = ["requests", "both"];
  assert.deepEqual(seen, [one, one, one, one, both, both, one, "none", "none"]);
});

Deno.test("SimDisasters ends outages that overlap with the last of them", async () => {
  const { time, store } = plan(
    { kind: "outage", forMs: 300, atMs: 0 },
    { kind: "outage", forMs: 50, atMs: 100 },
  );
  await time.advance(200);
  assert.equal(store.isUp, false);
  await time.advance(100);
  assert.equal(store.isUp, true);
});

Deno.test("SimDisasters thaws a process when its last pause is over, and never a dead one", async () => {
  const { time, node } = plan(
    { kind: "pause", node: 0, forMs: 300, monotonic: true, atMs: 0 },
    { kind: "pause", node: 0, forMs: 50, monotonic: true, atMs: 100 },
    { kind: "pause", node: 0, forMs: 100, monotonic: true, atMs: 400 },
    { kind: "crash", node: 0, forMs: 10, atMs: 450 },
  );
  const process = node.process!;
  await time.advance(200);
  assert.equal(process.clock.isFrozen, true);
  await time.advance(101);
  assert.equal(process.clock.isFrozen, false);
  await time.advance(299);
  assert.equal(process.clock.isFrozen, true, "dead");
  assert.equal(node.process!.start, 2);
});

Deno.test("SimDisasters lets a handle die, and its process be started again by a supervisor", async () => {
  const { time, node, ended, injected } = plan({ kind: "panic", node: 0, forMs: 200, atMs: 100 });
  const { kv } = node.process!;
  await time.advance(150);
  await assert.rejects(kv.get(["a"]), Deno.errors.BadResource);
  assert.equal(node.process!.start, 1);
  await time.advance(150);
  assert.equal(node.process!.start, 2);
  assert.equal((await node.process!.kv.get(["a"])).value, null);
  assert.deepEqual([ended, injected], [[], ["panic"]]);
});

Deno.test("SimDisasters ends at healing what would last longer", async () => {
  const { time, store, notes } = plan({ kind: "outage", forMs: 5_000, atMs: 900 });
  await time.advance(HEAL_AT_MS);
  assert.equal(store.isUp, true);
  assert.deepEqual(notes, [[null, "outage", "forMs 5000", HEAL_AT_MS]]);
});

Deno.test("SimDisasters sets the store back, and tells of it", async () => {
  const { time, store, restored } = plan(
    { kind: "restore", agoMs: 200, atMs: 500 },
    { kind: "restore", agoMs: 5_000, atMs: 600 },
  );
  const kv = store.open();
  await time.advance(200);
  await kv.set(["a"], 1);
  await time.advance(200);
  await kv.set(["a"], 2);
  await time.advance(110);
  assert.deepEqual([store.peek(["a"]).value, restored()], [1, 1]);
  await time.advance(100);
  assert.deepEqual([store.size, restored()], [0, 2]);
});

Deno.test("SimDisasters counts what took effect: not what befell a node without a process", async () => {
  const { time, injected } = plan(
    { kind: "restart", node: 0, forMs: 10, variant: 0, atMs: 10 },
    { kind: "restart", node: 0, forMs: 10, variant: 2, atMs: 50 },
    { kind: "loss", node: 0, atMs: 100 },
    { kind: "pause", node: 0, forMs: 10, monotonic: true, atMs: 200 },
  );
  await time.advance(500);
  assert.deepEqual(injected, ["restart", "reconfigure", "loss"]);
});
