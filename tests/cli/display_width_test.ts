import assert from "node:assert/strict";
import { displayWidth } from "../../cli/display_width.ts";

Deno.test("displayWidth counts columns, not code units", () => {
  const cases = [["", 0], ["abc", 3], ["e\u0301", 1], ["東京", 4], ["🚀", 2]] as const;
  for (const [text, columns] of cases) assert.equal(displayWidth(text), columns, text);
});
