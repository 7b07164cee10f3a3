import assert from "node:assert/strict";
import { wrapText } from "../../cli/wrap_text.ts";

Deno.test("wrapText breaks between words, by what a terminal shows of them", () => {
  assert.deepEqual(wrapText("", 5), [""]);
  assert.deepEqual(wrapText("one two three", Infinity), ["one two three"]);
  assert.deepEqual(wrapText("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrapText("a verylongword b", 6), ["a", "verylongword", "b"]);
  assert.deepEqual(wrapText("日本 日本", 8), ["日本", "日本"]);
});
