import assert from "node:assert/strict";
import { describeThrown } from "../../../engines/engine/describe_thrown.ts";

Deno.test("describeThrown shows whatever was thrown", () => {
  const hostile = new Error();
  Object.defineProperty(hostile, "message", {
    get: () => {
      throw new Error("never read me");
    },
  });
  const unreadable = "what was thrown cannot be shown as text";
  const cases: [name: string, thrown: unknown, text: string][] = [
    ["an error", new RangeError("too much"), "too much"],
    ["an abort", new DOMException("stopped", "AbortError"), "stopped"],
    ["a text", "no", "no"],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["500 characters", "x".repeat(500), "x".repeat(500)],
    ["501 characters", "x".repeat(501), `${"x".repeat(499)}…`],
    ["what has no text", Object.create(null), unreadable],
    ["an error that throws", hostile, unreadable],
  ];
  for (const [name, thrown, text] of cases) assert.equal(describeThrown(thrown), text, name);
});
