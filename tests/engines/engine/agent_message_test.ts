import assert from "node:assert/strict";
import { readAgentMessage, readThrown, writeFault } from "../../../engines/engine/agent_message.ts";
import { UserFacingError } from "../../../engines/user_facing_error.ts";

const NOTHING = { reason: null, userMessage: null };

Deno.test("readAgentMessage reads messages and takes nothing else for one", () => {
  const messages = [
    { kind: "think", reasoning: "x", progressPercentage: null },
    { kind: "think", reasoning: "x", progressPercentage: 5 },
    { kind: "call", id: 1, name: "t", parameters: {} },
    { kind: "result", value: 1 },
    { kind: "error", error: { name: "E", message: "m", reason: null, userMessage: "u" } },
  ];
  for (const message of messages) assert.deepEqual(readAgentMessage(message), message);
  const others = [
    null,
    5,
    "think",
    {},
    { kind: "run" },
    { kind: "think" },
    { kind: "think", reasoning: 5 },
    { kind: "call", id: "1", name: "t" },
    { kind: "call", id: 1 },
  ];
  for (const other of others) assert.equal(readAgentMessage(other), null);
  assert.deepEqual(readAgentMessage({ kind: "error" }), {
    kind: "error",
    error: { name: "Error", message: "the agent did not say why", ...NOTHING },
  });
});

Deno.test("writeFault makes plain text of whatever was thrown", () => {
  const hostile = { toString: () => assert.fail("asked") };
  const cases: [thrown: unknown, fault: object][] = [
    [new RangeError("no"), { name: "RangeError", message: "no", ...NOTHING }],
    [new Error("no", { cause: new UserFacingError("wait") }), {
      name: "Error",
      message: "no",
      reason: null,
      userMessage: "wait",
    }],
    [Object.assign(new Error("no"), { reason: "failed" }), {
      name: "Error",
      message: "no",
      reason: "failed",
      userMessage: null,
    }],
    ["text", { name: "Error", message: "text", ...NOTHING }],
    [hostile, { name: "Error", message: "what was thrown cannot be shown as text", ...NOTHING }],
  ];
  for (const [thrown, fault] of cases) assert.deepEqual(writeFault(thrown), fault);
});

Deno.test("readThrown makes errors of which the user is told the same as on the other side", () => {
  const errors = [
    new UserFacingError("wait"),
    new Error("no", { cause: new UserFacingError("wait") }),
    new RangeError("no"),
  ];
  for (const error of errors) {
    const read = readThrown(writeFault(error));
    assert.deepEqual([read.name, read.message], [error.name, error.message]);
    assert.equal(UserFacingError.messageIn(read), UserFacingError.messageIn(error));
  }
});
