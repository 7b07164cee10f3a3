import assert from "node:assert/strict";
import { ConditionError } from "../../../orchestration/recovery/condition_error.ts";

/** @returns The error that a call is refused with. Fails when there is none, or another. */
export function refusal(run: () => unknown): ConditionError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ConditionError, `${error}`);
    return error;
  }
  assert.fail("was not refused");
}
