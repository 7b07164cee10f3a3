import assert from "node:assert/strict";
import { ToolError } from "../../../engines/engine/tool_error.ts";

Deno.test("ToolError says which tool gave no answer, and why", () => {
  const cause = new Error("down");
  const { name, code, toolName, reason, message, ...rest } = new ToolError(
    "search",
    "failed",
    "down",
    cause,
  );
  assert.deepEqual({ name, code, toolName, reason, message, ...rest }, {
    name: "ToolError",
    code: "TOOL",
    toolName: "search",
    reason: "failed",
    message: 'Cannot use the tool "search": down',
  });
  assert.equal(new ToolError("search", "failed", "down", cause).cause, cause);
});

Deno.test("ToolError shows a name that is hard to read as a text", () => {
  assert.match(
    new ToolError('a"\nb', "unknown_tool", "none").message,
    /the tool "a\\"\\nb": none$/,
  );
});
