import assert from "node:assert/strict";
import { displayText, displayWidth } from "../../cli/display_text.ts";

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

Deno.test("displayWidth counts columns, not code units", () => {
  const cases = [["", 0], ["abc", 3], ["e\u0301", 1], ["東京", 4], ["🚀", 2]] as const;
  for (const [text, columns] of cases) assert.equal(displayWidth(text), columns, text);
});
