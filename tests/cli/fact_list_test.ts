import assert from "node:assert/strict";
import { renderFacts } from "../../cli/fact_list.ts";

Deno.test("renderFacts puts texts below each other, and none of them can command a terminal", () => {
  assert.equal(renderFacts([["A", "x"], ["Long", "y\u001b"]]), "A     x\nLong  y\ufffd\n");
  assert.equal(renderFacts([]), "");
});
