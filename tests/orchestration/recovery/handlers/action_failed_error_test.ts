import assert from "node:assert/strict";
import {
  ActionFailedError,
  type ActionFailure,
} from "../../../../orchestration/recovery/handlers/action_failed_error.ts";

Deno.test("ActionFailedError says in words what its data say", () => {
  const cases: readonly (readonly [ActionFailure, string])[] = [
    [{ kind: "exit", exitCode: 3, stderr: "" }, "the program exited with 3"],
    [{ kind: "exit", exitCode: 3, stderr: "no unit" }, "the program exited with 3: no unit"],
    [{ kind: "http", status: 503, reason: "it is closed" }, "it is closed"],
  ];
  for (const [failure, words] of cases) {
    const error = new ActionFailedError("a", failure);
    assert.equal(error.message, `Action "a" failed: ${words}`);
    assert.deepEqual([error.code, error.action, error.failure], ["ACTION_FAILED", "a", failure]);
  }
});
