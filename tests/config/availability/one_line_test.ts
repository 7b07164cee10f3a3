import assert from "node:assert/strict";
import { oneLine } from "../../../config/availability/one_line.ts";

Deno.test("oneLine leaves nothing that moves the cursor, colours or turns the text", () => {
  const cases: readonly [string, string][] = [
    ["plain, with ä and 漢 and 👍", "plain, with ä and 漢 and 👍"],
    ["a\nb\r\nc\u2028\u2029d", "a b c d"],
    ["\x1b[2J\x07", "\ufffd[2J\ufffd"],
    ["\x9b31m", "\ufffd31m"],
    ["a\tb\0", "a b\ufffd"],
    ["\u202eright", "\ufffdright"],
    ["half \ud800", "half \ufffd"],
  ];
  for (const [text, expected] of cases) assert.equal(oneLine(text), expected);
});
