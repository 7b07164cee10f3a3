import assert from "node:assert/strict";
import {
  ContextIsolationError,
  InvalidContextError,
} from "../../../engines/context/context_errors.ts";

Deno.test("InvalidContextError says which field is wrong, in words of bounded length", () => {
  const error = new InvalidContextError("user_id", "x".repeat(10_000));
  assert.equal(error.name, "InvalidContextError");
  assert.equal(error.code, "INVALID_CONTEXT");
  assert.equal(error.field, "user_id");
  assert.equal(error.message.length, 501);
});

Deno.test("ContextIsolationError says whose context it was and where the other user was found", () => {
  const error = new ContextIsolationError("ada", "agent_context.a.user_id", "Cross-user");
  assert.equal(error.name, "ContextIsolationError");
  assert.equal(error.code, "CONTEXT_ISOLATION");
  assert.equal(error.userId, "ada");
  assert.equal(error.place, "agent_context.a.user_id");
  assert.equal(error.message, "Cross-user");
  assert.ok(!(error instanceof InvalidContextError));
  const long = new ContextIsolationError("ada", "p".repeat(10_000), "m".repeat(10_000));
  assert.deepEqual([long.place.length, long.message.length], [501, 501]);
});
