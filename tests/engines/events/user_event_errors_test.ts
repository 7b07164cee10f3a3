import assert from "node:assert/strict";
import {
  InvalidUserEventError,
  SubscriptionRefusedError,
} from "../../../engines/events/user_event_errors.ts";

Deno.test("InvalidUserEventError says which field is wrong, and how", () => {
  const error = new InvalidUserEventError("runId", "is blank");
  assert.equal(error.message, "Cannot send a user event: runId is blank");
  assert.deepEqual([error.code, error.field, error.fault], [
    "INVALID_USER_EVENT",
    "runId",
    "is blank",
  ]);
});

Deno.test("SubscriptionRefusedError says why, with the bound", () => {
  const cases = [
    ["too_many_users", 7, "7 users are being listened to, and no more are allowed"],
    ["too_many_subscribers", 2, "the user has 2 subscribers, and no more are allowed"],
    ["closed", 0, "the hub is closed"],
  ] as const;
  for (const [reason, limit, text] of cases) {
    const error = new SubscriptionRefusedError(reason, limit);
    assert.equal(error.message, `Cannot subscribe to user events: ${text}`);
    assert.deepEqual([error.code, error.reason], ["SUBSCRIPTION_REFUSED", reason]);
  }
});
