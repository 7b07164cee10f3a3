import assert from "node:assert/strict";
import { shorten } from "../../cli/shorten.ts";

Deno.test("shorten keeps what fits and cuts the rest between characters", () => {
  const cases = [
    { text: "", maxLength: 3, short: "" },
    { text: "abc", maxLength: 3, short: "abc" },
    { text: "abcd", maxLength: 3, short: "ab…" },
    { text: "a😀😀😀", maxLength: 3, short: "a😀…" },
    { text: "😀😀😀", maxLength: 3, short: "😀😀😀" },
  ];
  for (const { text, maxLength, short } of cases) assert.equal(shorten(text, maxLength), short);
});
