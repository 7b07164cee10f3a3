import assert from "node:assert/strict";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { validateUserContext } from "../../../engines/context/validate_user_context.ts";

Deno.test("validateUserContext returns a genuine context", () => {
  const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
  assert.equal(validateUserContext(context), context);
});

Deno.test("validateUserContext refuses everything else, and says what it got", () => {
  const cases: [value: unknown, message: string][] = [
    [undefined, "Expected UserExecutionContext, got undefined"],
    [null, "Expected UserExecutionContext, got null"],
    ["ada", 'Expected UserExecutionContext, got "ada"'],
    [() => {}, "Expected UserExecutionContext, got a function"],
    [{ userId: "ada" }, "Expected UserExecutionContext, got an object"],
    [
      Object.create(UserExecutionContext.prototype),
      "Expected UserExecutionContext, got an object",
    ],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => validateUserContext(value), { name: "TypeError", message });
  }
});
