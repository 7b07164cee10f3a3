import assert from "node:assert/strict";
import { TextPositions } from "../../../config/files/text_positions.ts";

Deno.test("TextPositions finds line and column whatever breaks the lines", () => {
  const cases = [
    { name: "the start", text: "ab", offset: 0, position: { line: 1, column: 1 } },
    { name: "within a line", text: "ab\ncd", offset: 4, position: { line: 2, column: 2 } },
    {
      name: "a break belongs to its line",
      text: "ab\ncd",
      offset: 2,
      position: { line: 1, column: 3 },
    },
    { name: "CR LF is one break", text: "a\r\nb", offset: 3, position: { line: 2, column: 1 } },
    { name: "CR alone is one", text: "a\rb", offset: 2, position: { line: 2, column: 1 } },
    { name: "the end", text: "a\n\n", offset: 3, position: { line: 3, column: 1 } },
  ];
  for (const { name, text, offset, position } of cases) {
    assert.deepEqual(new TextPositions(text).of(offset), position, name);
  }
});
