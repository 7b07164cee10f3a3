import assert from "node:assert/strict";
import { displayText } from "../../config/display_text.ts";

Deno.test("displayText replaces whatever could command a terminal", () => {
  const cases = [
    ["plain-1", "plain-1"],
    ["zürich 東京 🚀", "zürich 東京 🚀"],
    ["\u001b[2Jx", "\ufffd[2Jx"],
    ["a\nb\tc\r", "a\ufffdb\ufffdc\ufffd"],
    ["\u009b31m", "\ufffd31m"],
    ["\u202eevil", "\ufffdevil"],
    ["\u2028", "\ufffd"],
    ["\ud800", "\ufffd"],
  ] as const;
  for (const [text, shown] of cases) assert.equal(displayText(text), shown);
});
