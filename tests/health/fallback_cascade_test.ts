import assert from "node:assert/strict";
import type { FallbackMode } from "../../enums/fallback_mode.ts";
import {
  type CascadeContext,
  type CascadeMode,
  cascadeMode,
  worseChoice,
} from "../../health/fallback_cascade.ts";

const choice = (mode: FallbackMode) => ({ mode, reason: `why ${mode}` });

/** A step of a story: when, entering and staying limits say so, gaps. */
type Step = readonly [
  atMs: number,
  entering: FallbackMode,
  staying: FallbackMode,
  hasGaps: boolean,
  expected: FallbackMode,
];

const stories: readonly [name: string, steps: readonly Step[]][] = [
  ["goes down at once", [
    [0, "HEURISTIC", "HEURISTIC", false, "HEURISTIC"],
    [1, "SAFE", "SAFE", false, "SAFE"],
  ]],
  ["goes down at once when there are gaps", [[0, "SAFE", "SAFE", true, "SAFE"]]],
  ["goes up after dwell time and recovery", [
    [0, "SAFE", "SAFE", false, "SAFE"],
    [10, "PRIMARY", "PRIMARY", false, "SAFE"],
    [99, "PRIMARY", "PRIMARY", false, "SAFE"],
    [100, "PRIMARY", "PRIMARY", false, "PRIMARY"],
  ]],
  ["goes up after recovery when the dwell time is over before", [
    [0, "SAFE", "SAFE", false, "SAFE"],
    [200, "PRIMARY", "PRIMARY", false, "SAFE"],
    [249, "PRIMARY", "PRIMARY", false, "SAFE"],
    [250, "PRIMARY", "PRIMARY", false, "PRIMARY"],
  ]],
  ["begins recovery anew after a relapse", [
    [0, "SAFE", "SAFE", false, "SAFE"],
    [200, "PRIMARY", "PRIMARY", false, "SAFE"],
    [230, "SAFE", "SAFE", false, "SAFE"],
    [251, "PRIMARY", "PRIMARY", false, "SAFE"],
    [300, "PRIMARY", "PRIMARY", false, "SAFE"],
    [301, "PRIMARY", "PRIMARY", false, "PRIMARY"],
  ]],
  ["begins recovery anew after a gap", [
    [0, "SAFE", "SAFE", false, "SAFE"],
    [200, "PRIMARY", "PRIMARY", false, "SAFE"],
    [230, "PRIMARY", "PRIMARY", true, "SAFE"],
    [260, "PRIMARY", "PRIMARY", false, "SAFE"],
    [310, "PRIMARY", "PRIMARY", false, "PRIMARY"],
  ]],
  ["stays while it is between the limits", [
    [0, "HEURISTIC", "HEURISTIC", false, "HEURISTIC"],
    [1_000, "PRIMARY", "HEURISTIC", false, "HEURISTIC"],
    [2_000, "PRIMARY", "HEURISTIC", false, "HEURISTIC"],
  ]],
  ["does not enter a mode between the limits", [[0, "PRIMARY", "HEURISTIC", false, "PRIMARY"]]],
  ["goes up to the worst mode it was well enough for", [
    [0, "SAFE", "SAFE", false, "SAFE"],
    [100, "HEURISTIC", "HEURISTIC", false, "SAFE"],
    [150, "PRIMARY", "PRIMARY", false, "HEURISTIC"],
  ]],
];

for (const [name, steps] of stories) {
  Deno.test(`cascadeMode ${name}`, () => {
    let current: CascadeMode = { ...choice("PRIMARY"), sinceMs: 0, better: null };
    for (const [nowMs, entering, staying, hasGaps, expected] of steps) {
      const context: CascadeContext = {
        entering: choice(entering),
        staying: choice(staying),
        hasGaps,
        nowMs,
        dwellMs: 100,
        recoverAfterMs: 50,
      };
      current = cascadeMode(current, context);
      assert.equal(current.mode, expected, `at ${nowMs}`);
    }
  });
}

Deno.test("worseChoice takes the worse mode and joins the reasons of the same", () => {
  assert.deepEqual(worseChoice(choice("SAFE"), choice("HEURISTIC")), choice("SAFE"));
  assert.deepEqual(worseChoice(choice("PRIMARY"), choice("HEURISTIC")), choice("HEURISTIC"));
  assert.deepEqual(worseChoice(choice("PRIMARY"), choice("PRIMARY")), choice("PRIMARY"));
  assert.deepEqual(worseChoice(choice("SAFE"), { mode: "SAFE", reason: "b" }), {
    mode: "SAFE",
    reason: "why SAFE; b",
  });
});
