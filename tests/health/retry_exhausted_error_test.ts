import assert from "node:assert/strict";
import { RetryExhaustedError } from "../../health/retry_exhausted_error.ts";

const cases = [
  ["max_attempts", "Cannot go on after 3 failed attempts: that is as often as may be"],
  ["budget_empty", "Cannot go on after 3 failed attempts: the retry budget is empty"],
] as const;

for (const [reason, message] of cases) {
  Deno.test(`RetryExhaustedError says why for ${reason}`, () => {
    const cause = new Error("last");
    const error = new RetryExhaustedError(3, reason, cause);
    assert.equal(error.message, message);
    assert.deepEqual([error.name, error.code, error.attempts, error.reason, error.cause], [
      "RetryExhaustedError",
      "RETRY_EXHAUSTED",
      3,
      reason,
      cause,
    ]);
  });
}
