import assert from "node:assert/strict";
import { readAgentMessage, writeFault } from "../../../engines/engine/agent_message.ts";

Deno.test("readAgentMessage reads messages and takes nothing else for one", () => {
  const messages = [
    { kind: "think", reasoning: "x", progressPercentage: null },
    { kind: "think", reasoning: "x", progressPercentage: 5 },
    { kind: "call", id: 1, name: "t", parameters: {} },
    { kind: "result", value: 1 },
    { kind: "error", error: { name: "E", message: "m", reason: null } },
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
    error: { name: "Error", message: "the agent did not say why", reason: null },
  });
});

Deno.test("writeFault makes plain text of whatever was thrown", () => {
  const hostile = { toString: () => assert.fail("asked") };
  const cases: [thrown: unknown, fault: object][] = [
    [new RangeError("no"), { name: "RangeError", message: "no", reason: null }],
    [Object.assign(new Error("no"), { reason: "failed" }), {
      name: "Error",
      message: "no",
      reason: "failed",
    }],
    ["text", { name: "Error", message: "text", reason: null }],
    [hostile, { name: "Error", message: "what was thrown cannot be shown as text", reason: null }],
  ];
  for (const [thrown, fault] of cases) assert.deepEqual(writeFault(thrown), fault);
});
