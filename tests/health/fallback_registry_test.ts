import assert from "node:assert/strict";
import {
  type Fallback,
  type FallbackActivity,
  FallbackRegistry,
} from "../../health/fallback_registry.ts";

const ignore = () => {};

Deno.test("FallbackRegistry chooses the worst mode of the conditions that hold", () => {
  const registry = new FallbackRegistry();
  registry.add("a", { condition: () => true, mode: "HEURISTIC" });
  registry.add("b", { condition: () => false, mode: "SAFE" });
  registry.add("c", { condition: () => true, mode: "HEURISTIC" });
  assert.deepEqual(registry.evaluate({}, ignore), {
    choice: { mode: "HEURISTIC", reason: "fallback(a); fallback(c)" },
    gaps: [],
  });
  assert.deepEqual(registry.activeNames, ["a", "c"]);
});

Deno.test("FallbackRegistry calls the action when a condition begins to hold and when it ends", () => {
  const registry = new FallbackRegistry();
  const seen: FallbackActivity[] = [];
  registry.add("cache", {
    condition: (state) => state.uptime_seconds === 1,
    action: (activity) => seen.push(activity),
  });
  const states = [0, 1, 1, 0, 0].map((uptime_seconds) => ({ uptime_seconds }));
  for (const state of states) registry.evaluate(state, ignore);
  assert.deepEqual(seen, [
    { name: "cache", isActive: true, state: states[1] },
    { name: "cache", isActive: false, state: states[3] },
  ]);
});

Deno.test("FallbackRegistry leaves a condition that fails as it was, and says so", () => {
  const registry = new FallbackRegistry();
  const answers: unknown[] = [true, "yes", undefined, null];
  const faults: unknown[] = [];
  const next = () => answers.shift() as boolean;
  registry.add("odd", { condition: next, mode: "SAFE" });
  registry.evaluate({}, ignore);
  for (let cycle = 0; cycle < 3; cycle++) {
    const { choice, gaps } = registry.evaluate({}, (error) => faults.push(error));
    assert.equal(choice.mode, "SAFE");
    assert.deepEqual(gaps, ['the condition of fallback "odd" failed']);
  }
  assert.equal(faults.length, 3);
  assert.ok(faults[0] instanceof TypeError);
});

Deno.test("FallbackRegistry isolates actions and counts their faults by name", async () => {
  const registry = new FallbackRegistry();
  const condition = () => true;
  const thrown = () => {
    throw new Error("bug");
  };
  registry.add("__proto__", { condition, action: thrown });
  registry.add("late", { condition, action: () => Promise.reject(new Error("late bug")) });
  registry.add("fine", { condition, action: ignore });
  registry.evaluate({}, ignore);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assert.deepEqual(Object.keys(registry.faults), ["__proto__", "late"]);
  assert.equal(registry.faults["late"]?.last_listener_fault, "Error: late bug");
});

Deno.test("FallbackRegistry takes away what was added, and not what came after it", () => {
  const registry = new FallbackRegistry();
  const fallback: Fallback = { condition: () => true, mode: "SAFE" };
  const forget = registry.add("a", fallback);
  forget();
  registry.add("a", fallback);
  forget();
  assert.equal(registry.evaluate({}, ignore).choice.mode, "SAFE");
});

const condition = () => true;
const refused: readonly [name: string, fallbackName: string, fallback: unknown, error: RegExp][] = [
  [
    "a text for a condition",
    "x",
    { condition: "severity > 1", mode: "SAFE" },
    /must be a function/,
  ],
  ["no condition", "x", { mode: "SAFE" }, /must be a function/],
  ["nothing that follows", "x", { condition }, /needs a mode or an action/],
  ["a mode that is none", "x", { condition, mode: "safe" }, /must be one of PRIMARY/],
  ["no name", "", { condition, mode: "SAFE" }, /without a name/],
  ["a name that is taken", "taken", { condition, mode: "SAFE" }, /the name is taken/],
];

for (const [name, fallbackName, fallback, message] of refused) {
  Deno.test(`FallbackRegistry refuses ${name}`, () => {
    const registry = new FallbackRegistry();
    registry.add("taken", { condition, mode: "SAFE" });
    assert.throws(() => registry.add(fallbackName, fallback as Fallback), { message });
  });
}

Deno.test("FallbackRegistry holds a hundred fallbacks and no more", () => {
  const registry = new FallbackRegistry();
  for (let each = 0; each < 100; each++) registry.add(`f${each}`, { condition, mode: "SAFE" });
  assert.throws(() => registry.add("one more", { condition, mode: "SAFE" }), RangeError);
});
