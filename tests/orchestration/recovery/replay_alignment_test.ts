import assert from "node:assert/strict";
import { alignSteps } from "../../../orchestration/recovery/replay_alignment.ts";

Deno.test("alignSteps finds the steps that two chains share", () => {
  const cases: readonly (readonly [(string | null)[], string[], string])[] = [
    [[], [], ""],
    [["a", "b"], ["a", "b"], "0=0 1=1"],
    [["a", "b"], ["b"], "0- 1=0"],
    [["b"], ["a", "b"], "+0 0=1"],
    [["a", "b"], ["b", "a"], "0- 1=0 +1"],
    [["a", "a"], ["a"], "0=0 1-"],
    [["a", "c"], ["a", "b", "c"], "0=0 +1 1=2"],
    [["a", null], ["a", "b"], "0=0 1=1"],
    [[null, "b"], ["x", "b"], "0=0 1=1"],
    [[null, "b"], ["b"], "0- 1=0"],
    [["a"], ["b"], "0- +0"],
    [["a", null, "a"], ["a", "a", "a"], "0=0 1=1 2=2"],
  ];
  for (const [before, after, want] of cases) {
    const steps = before.map((action) => ({ action, isKnown: action !== null }));
    const got = alignSteps(steps, after).map(({ before, after }) =>
      before === null ? `+${after}` : after === null ? `${before}-` : `${before}=${after}`
    );
    assert.equal(got.join(" "), want, `${before} and ${after}`);
  }
});

Deno.test("alignSteps takes a likely action where it fits, and any other where it does not", () => {
  const before = [{ action: "b", isKnown: false }, { action: "c", isKnown: true }];
  assert.deepEqual(alignSteps(before, ["a", "b", "c"]), [
    { before: null, after: 0 },
    { before: 0, after: 1 },
    { before: 1, after: 2 },
  ]);
  assert.deepEqual(alignSteps(before, ["a", "c"])[0], { before: 0, after: 0 });
});
