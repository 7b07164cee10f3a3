import assert from "node:assert/strict";
import { ToolError } from "../../engines/engine/tool_error.ts";
import { UserFacingError } from "../../engines/user_facing_error.ts";

Deno.test("UserFacingError.messageIn finds what is meant for the user, and nothing else", () => {
  const facing = new UserFacingError("Please wait", { cause: new Error("secret") });
  const cases: [name: string, error: unknown, message: string | null][] = [
    ["the error", facing, "Please wait"],
    ["what a tool threw", new ToolError("sum", "failed", "Please wait", facing), "Please wait"],
    ["another error", new Error("secret"), null],
    ["one of its name", Object.assign(new Error("secret"), { name: "UserFacingError" }), null],
    ["a text", "secret", null],
    ["nothing", undefined, null],
  ];
  for (const [name, error, message] of cases) {
    assert.equal(UserFacingError.messageIn(error), message, name);
  }
});
