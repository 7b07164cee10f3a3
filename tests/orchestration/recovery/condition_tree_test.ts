import assert from "node:assert/strict";
import { readTree } from "../../../orchestration/recovery/condition_syntax.ts";
import { namesIn } from "../../../orchestration/recovery/condition_tree.ts";

Deno.test("namesIn finds every name of a condition, sorted, each once", () => {
  const cases = [
    { text: "always", names: [] },
    { text: "1 == 1", names: [] },
    { text: "b_failed", names: ["b_failed"] },
    { text: "step < severity or severity > 1", names: ["severity", "step"] },
    {
      text: "not (not b_failed and a_failed == c_failed)",
      names: ["a_failed", "b_failed", "c_failed"],
    },
  ];
  for (const { text, names } of cases) assert.deepEqual(namesIn(readTree(text)), names, text);
});
