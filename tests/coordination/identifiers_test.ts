import assert from "node:assert/strict";
import { checkIdentifier } from "../../coordination/identifiers.ts";

Deno.test("checkIdentifier takes any text without control characters, separators included (F10)", () => {
  for (
    const id of ["a", "host:8080", "a/b\\c|d", "__proto__", "ünïcode 🦕", " ", "x".repeat(256)]
  ) {
    assert.equal(checkIdentifier("instanceId", id), id);
  }
});

Deno.test("checkIdentifier refuses what cannot be part of a key, with the value", () => {
  const cases: { name: string; value: unknown; error: string; message: string }[] = [
    { name: "empty", value: "", error: "TypeError", message: text('""') },
    { name: "a line break", value: "a\nb", error: "TypeError", message: text('"a\\nb"') },
    { name: "NUL", value: "\0", error: "TypeError", message: text('"\\u0000"') },
    { name: "DEL", value: "\x7f", error: "TypeError", message: text('"\x7f"') },
    { name: "a number", value: 7, error: "TypeError", message: text("7") },
    { name: "null", value: null, error: "TypeError", message: text("null") },
    {
      name: "too long",
      value: "x".repeat(257),
      error: "RangeError",
      message: "instanceId must have at most 256 characters, got 257",
    },
  ];
  for (const { name, value, error, message } of cases) {
    assert.throws(
      () => checkIdentifier("instanceId", value as string),
      { name: error, message },
      name,
    );
  }
});

function text(shown: string): string {
  return `instanceId must be a text without control characters, got ${shown}`;
}
