import assert from "node:assert/strict";
import {
  CONDITION_VARIABLES,
  isFlag,
  isVariable,
} from "../../../orchestration/recovery/condition_names.ts";

Deno.test("isVariable knows the five variables and no others", () => {
  assert.deepEqual(
    [...CONDITION_VARIABLES, "Severity", "", "constructor", "a_failed"].map(isVariable),
    [true, true, true, true, true, false, false, false, false],
  );
});

Deno.test("isFlag knows flags by their last word", () => {
  for (const name of ["restart_failed", "previous_step_failed", "a_failed", "X9_failed"]) {
    assert.ok(isFlag(name), name);
  }
  const others = [
    "_failed",
    "failed",
    "9_failed",
    "a_Failed",
    "a_failed ",
    "a-b_failed",
    "é_failed",
  ];
  for (const name of [...others, "a_failed_", "__proto___failed", "a_failed\n"]) {
    assert.ok(!isFlag(name), name);
  }
});
