import assert from "node:assert/strict";
import { UserFacingError } from "../../../engines/user_facing_error.ts";
import { normaliseError } from "../../../engines/workflow/normalise_error.ts";
import { AT } from "../../support/step_results.ts";

const step = { agentName: "data", stepName: "costs", startedAt: AT, executionTimeMs: 3 };

const unreadable = new Proxy(new Error("hidden"), {
  get: () => {
    throw new Error("no");
  },
});

Deno.test("normaliseError makes a failed result of whatever was thrown", () => {
  const cases: { name: string; thrown: unknown; type: string; message: string }[] = [
    {
      name: "an error",
      thrown: new RangeError("too much"),
      type: "RangeError",
      message: "too much",
    },
    { name: "a text", thrown: "broken", type: "string", message: "broken" },
    { name: "null", thrown: null, type: "null", message: "null" },
    { name: "undefined", thrown: undefined, type: "undefined", message: "undefined" },
    {
      name: "no text at all",
      thrown: Object.create(null),
      type: "object",
      message: "what was thrown cannot be shown as text",
    },
    {
      name: "an error that throws when it is read",
      thrown: unreadable,
      type: "object",
      message: "what was thrown cannot be shown as text",
    },
    {
      name: "an error whose message is no text",
      thrown: Object.assign(new Error(), { message: 7 }),
      type: "Error",
      message: "7",
    },
    {
      name: "a long text",
      thrown: "x".repeat(1_001),
      type: "string",
      message: `${"x".repeat(1_000)}…`,
    },
  ];
  for (const { name, thrown, type, message } of cases) {
    const result = normaliseError(thrown, { ...step, metadata: { order: 2 } });
    assert.equal(result.status, "failed", name);
    assert.equal(result.error, `Agent execution failed: ${message}`, name);
    assert.deepEqual(
      result.metadata,
      { order: 2, error_type: type, original_error: message },
      name,
    );
    assert.deepEqual([result.stepName, result.agentName, result.startedAt], ["costs", "data", AT]);
    assert.equal(result.executionTimeMs, 3);
  }
});

Deno.test("normaliseError takes another status than failed", () => {
  const result = normaliseError(new Error("late"), { ...step, status: "timed_out" });
  assert.equal(result.status, "timed_out");
});

Deno.test("normaliseError keeps apart what is meant for the user", () => {
  const facing = new UserFacingError("Please wait");
  const { metadata } = normaliseError(new Error("secret", { cause: facing }), step);
  assert.equal(metadata["user_message"], "Please wait");
  assert.equal(metadata["original_error"], "secret");
  assert.ok(!("user_message" in normaliseError(new Error("secret"), step).metadata));
});
