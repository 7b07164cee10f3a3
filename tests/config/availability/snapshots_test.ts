import assert from "node:assert/strict";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";
import { Snapshots } from "../../../config/availability/snapshots.ts";

/** Snapshots of features whose probes a test lets through, one turn after the other. */
function setUp(names: string[] = ["a", "b"]) {
  const counts: Record<string, number> = {};
  const state = { isUp: true, gate: Promise.resolve() };
  const snapshots = new Snapshots(async (feature) => {
    counts[feature] = (counts[feature] ?? 0) + 1;
    const { isUp, gate } = state;
    await gate;
    return isUp ? AVAILABLE : unavailable("down");
  }, () => names);
  const read = () => names.map((name) => snapshots.current.read(name)?.available);
  return { snapshots, counts, state, read };
}

function newGate() {
  return Promise.withResolvers<void>();
}

Deno.test("Snapshots swaps a refresh as a whole, and readers see the old until then", async () => {
  const { snapshots, state, read } = setUp();
  await snapshots.refresh();
  assert.deepEqual(read(), [true, true]);
  const gate = newGate();
  Object.assign(state, { isUp: false, gate: gate.promise });
  const done = snapshots.refresh();
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  assert.deepEqual(read(), [true, true]);
  gate.resolve();
  await done;
  assert.deepEqual(read(), [false, false]);
});

Deno.test("Snapshots runs one refresh after the other, and joins those that wait", async () => {
  const { snapshots, counts, state, read } = setUp();
  const gate = newGate();
  state.gate = gate.promise;
  const first = snapshots.refresh();
  await Promise.resolve().then();
  assert.deepEqual(counts, { a: 1, b: 1 });
  const others = Array.from({ length: 50 }, () => snapshots.refresh());
  state.isUp = false;
  gate.resolve();
  await first;
  assert.deepEqual(read(), [true, true]);
  await Promise.all(others);
  assert.deepEqual(counts, { a: 2, b: 2 });
  assert.deepEqual(read(), [false, false]);
});

Deno.test("Snapshots refreshes some features and keeps the others", async () => {
  const { snapshots, counts, state, read } = setUp();
  await snapshots.refresh();
  state.isUp = false;
  await snapshots.refresh(["b"]);
  assert.deepEqual(read(), [true, false]);
  assert.deepEqual(counts, { a: 1, b: 2 });
});

Deno.test("Snapshots joins the features of the refreshes that wait", async () => {
  const cases: readonly [readonly (readonly string[] | undefined)[], Record<string, number>][] = [
    [[["a"], ["b"]], { a: 2, b: 2, c: 1 }],
    [[["a"], undefined], { a: 2, b: 2, c: 2 }],
    [[undefined, ["a"]], { a: 2, b: 2, c: 2 }],
  ];
  for (const [calls, expected] of cases) {
    const { snapshots, counts } = setUp(["a", "b", "c"]);
    await snapshots.refresh();
    await Promise.all(calls.map((features) => snapshots.refresh(features)));
    assert.deepEqual(counts, expected);
  }
});

Deno.test("Snapshots forgets at invalidate, also what a running refresh finds", async () => {
  const { snapshots, state, read } = setUp();
  const gate = newGate();
  state.gate = gate.promise;
  const done = snapshots.refresh();
  await Promise.resolve().then();
  snapshots.invalidate();
  gate.resolve();
  await done;
  assert.deepEqual(read(), [undefined, undefined]);
});

Deno.test("Snapshots.fill waits for what was invalidated or registered meanwhile", async () => {
  const names = ["a"];
  const { snapshots, counts, state, read } = setUp(names);
  const gate = newGate();
  state.gate = gate.promise;
  const done = snapshots.fill(() => names);
  snapshots.invalidate();
  names.push("b");
  gate.resolve();
  await done;
  assert.deepEqual(read(), [true, true]);
  assert.deepEqual(counts, { a: 2, b: 1 });
  await snapshots.fill(() => names);
  assert.deepEqual(counts, { a: 2, b: 1 });
});

Deno.test("Snapshots.fill gives up after 100 turns with a probe that invalidates", async () => {
  let probed = 0;
  const snapshots: Snapshots = new Snapshots(() => {
    probed++;
    snapshots.invalidate();
    return Promise.resolve(AVAILABLE);
  }, () => ["a"]);
  await snapshots.fill(() => ["a"]);
  assert.equal(probed, 100);
});

Deno.test("Snapshots keeps what was registered and probed during a refresh", async () => {
  const names = ["a"];
  const { snapshots, counts, state, read } = setUp(names);
  const gate = newGate();
  state.gate = gate.promise;
  const done = snapshots.refresh();
  await Promise.resolve().then();
  names.push("b");
  state.gate = Promise.resolve();
  await snapshots.current.probe("b");
  gate.resolve();
  await done;
  assert.deepEqual(read(), [true, true]);
  assert.deepEqual(counts, { a: 1, b: 1 });
});

Deno.test("Snapshots lets a refreshed feature ask for one that is kept", async () => {
  const probed: string[] = [];
  const snapshots = new Snapshots(async (feature, ask) => {
    probed.push(feature);
    return feature === "a" ? AVAILABLE : await ask("a");
  }, () => ["a", "b"]);
  await snapshots.refresh();
  probed.length = 0;
  await snapshots.refresh(["b"]);
  assert.deepEqual(probed, ["b"]);
});
