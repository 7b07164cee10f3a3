import assert from "node:assert/strict";
import {
  AVAILABLE,
  type ProbeContext,
  unavailable,
} from "../../../config/availability/feature_probe.ts";
import { Snapshot } from "../../../config/availability/snapshot.ts";

type Ask = ProbeContext["ask"];
type Probes = Record<string, (ask: Ask, waitsFor: () => readonly string[]) => unknown>;

function snapshotOf(probes: Probes): { snapshot: Snapshot; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  const snapshot = new Snapshot(async (feature, ask, waitsFor) => {
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
    const available = await probes[feature]!(ask, waitsFor);
    return available ? AVAILABLE : unavailable(`no ${feature}`);
  });
  return { snapshot, counts };
}

/** A probe that needs other features. */
const needing = (...names: readonly string[]) => async (ask: Ask) => {
  const found = await Promise.all(names.map(ask));
  return found.every((each) => each.available);
};

Deno.test("Snapshot probes once for 100 that ask at the same time", async () => {
  const { snapshot, counts } = snapshotOf({ a: () => true });
  const answers = await Promise.all(Array.from({ length: 100 }, () => snapshot.probe("a")));
  assert.ok(answers.every((each) => each.available));
  await snapshot.probe("a");
  assert.equal(counts.get("a"), 1);
});

Deno.test("Snapshot has nothing to read until a probe has ended", async () => {
  const gate = Promise.withResolvers<boolean>();
  const { snapshot } = snapshotOf({ a: () => gate.promise });
  assert.equal(snapshot.read("a"), undefined);
  const ended = snapshot.probe("a");
  assert.equal(snapshot.read("a"), undefined);
  gate.resolve(false);
  await ended;
  assert.deepEqual(snapshot.read("a"), { available: false, reason: "no a" });
});

Deno.test("Snapshot lets probes ask for each other, each probed once", async () => {
  const { snapshot, counts } = snapshotOf({
    a: needing("b", "c"),
    b: needing("c"),
    c: () => true,
  });
  const all = await Promise.all(["a", "b", "c"].map((name) => snapshot.probe(name)));
  assert.ok(all.every((each) => each.available));
  assert.deepEqual([...counts.values()], [1, 1, 1]);
});

Deno.test("Snapshot ends every circle as unavailable, whoever asks first", async () => {
  const cases: readonly {
    probes: Probes;
    first: readonly string[];
    circle: string;
    of: string[];
  }[] = [
    { probes: { a: needing("a") }, first: ["a"], circle: "a -> a", of: ["a"] },
    {
      probes: { a: needing("b"), b: needing("a") },
      first: ["a"],
      circle: "b -> a -> b",
      of: ["a", "b"],
    },
    {
      probes: { a: needing("b"), b: needing("a") },
      first: ["b", "a"],
      circle: "a -> b -> a",
      of: ["a", "b"],
    },
    {
      probes: { a: needing("b"), b: needing("c"), c: needing("a"), d: needing("a") },
      first: ["d", "c", "b", "a"],
      circle: "c -> a -> b -> c",
      of: ["a", "b", "c"],
    },
  ];
  for (const { probes, first, circle, of } of cases) {
    const { snapshot } = snapshotOf(probes);
    await Promise.all(first.map((name) => snapshot.probe(name)));
    for (const name of of) {
      assert.deepEqual(await snapshot.probe(name), {
        available: false,
        reason: `features ask for each other: ${circle}`,
      }, `${name} of ${circle}`);
    }
  }
});

Deno.test("Snapshot says no to a circle even when its probes say yes", async () => {
  const asking = (name: string) => async (ask: Ask) => {
    await ask(name);
    return true;
  };
  const { snapshot } = snapshotOf({ a: asking("b"), b: asking("a") });
  const found = await Promise.all([snapshot.probe("a"), snapshot.probe("b")]);
  assert.ok(found.every((each) => !each.available && /a -> b|b -> a/.test(each.reason)));
});

Deno.test("Snapshot tells for whom a probe waits", async () => {
  const gate = Promise.withResolvers<boolean>();
  let waits: () => readonly string[] = () => [];
  const { snapshot } = snapshotOf({
    a: (ask, waitsFor) => {
      waits = waitsFor;
      return needing("b")(ask);
    },
    b: () => gate.promise,
  });
  const ended = snapshot.probe("a");
  assert.deepEqual(waits(), ["b"]);
  gate.resolve(true);
  await ended;
  assert.deepEqual(waits(), []);
});

Deno.test("Snapshot adopts what it lacks, running probes included", async () => {
  const gate = Promise.withResolvers<boolean>();
  const old = snapshotOf({ a: () => true, b: () => gate.promise, c: () => true });
  await old.snapshot.probe("a");
  await old.snapshot.probe("c");
  void old.snapshot.probe("b");
  const fresh = snapshotOf({ a: () => false });
  await fresh.snapshot.probe("a");
  fresh.snapshot.adopt(old.snapshot, new Set(["c"]));
  assert.equal(fresh.snapshot.read("a")?.available, false);
  assert.equal(fresh.snapshot.read("c"), undefined);
  const pending = fresh.snapshot.probe("b");
  gate.resolve(true);
  assert.equal((await pending).available, true);
  assert.equal(fresh.snapshot.read("b")?.available, true);
  assert.equal(old.counts.get("b"), 1);
});
