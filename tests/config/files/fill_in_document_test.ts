import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { composeDocument } from "../../../config/files/compose_document.ts";
import { FaultList } from "../../../config/files/fault_list.ts";
import { fillInDocument } from "../../../config/files/fill_in_document.ts";

function fillIn(text: string) {
  const faults = new FaultList("f", text);
  const options = { env: fixedEnv({ BATON_A: "5" }), allowEnv: [] };
  return { ...fillInDocument(composeDocument(text, faults), options, faults), faults };
}

Deno.test("fillInDocument fills in values everywhere, and no keys", () => {
  const { value, substituted } = fillIn('"${BATON_A}": [{a: "${BATON_A}"}, 1]\nb: x\n');
  assert.deepEqual(value, { "${BATON_A}": [{ a: 5 }, 1], b: "x" });
  assert.equal(substituted.size, 1);
});

Deno.test("fillInDocument shares nothing between an anchor and its aliases", () => {
  const { value } = fillIn("a: &x [1]\nb: *x\n");
  (value["a"] as number[]).push(2);
  assert.deepEqual(value["b"], [1]);
});

Deno.test("fillInDocument places every variable that is missing", () => {
  const { faults } = fillIn("a: ${BATON_X}\nb:\n  - ${BATON_Y}\n");
  assert.deepEqual(faults.toArray().map(({ line, column, path }) => [line, column, path]), [
    [1, 4, "a"],
    [3, 5, "b[0]"],
  ]);
});
