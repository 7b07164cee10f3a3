import assert from "node:assert/strict";
import { encodeLine, LineBuffer } from "../../../engines/engine/line_buffer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("LineBuffer finds the same lines however the bytes are cut", () => {
  const all = bytes("one\n\ntwö\nrest");
  for (const size of [1, 2, 3, 5, 100]) {
    const lines = new LineBuffer();
    const found: string[] = [];
    for (let from = 0; from < all.length; from += size) {
      found.push(...lines.push(all.slice(from, from + size)));
    }
    found.push(...lines.push(bytes(" of it\n")));
    assert.deepEqual(found, ["one", "", "twö", "rest of it"], `${size}`);
  }
});

Deno.test("LineBuffer takes no line that is too long, whole or in parts", () => {
  assert.deepEqual(new LineBuffer(3).push(bytes("abc\nabc\n")), ["abc", "abc"]);
  assert.throws(() => new LineBuffer(3).push(bytes("abcd\n")), { name: "RangeError" });
  const lines = new LineBuffer(3);
  lines.push(bytes("ab"));
  assert.throws(() => lines.push(bytes("cd")), { message: "A line is longer than 3 bytes" });
});

Deno.test("encodeLine makes one line of a message, or says that it is too long", () => {
  const line = encodeLine({ text: "a\nb" });
  assert.deepEqual(new LineBuffer().push(line), ['{"text":"a\\nb"}']);
  assert.equal(encodeLine("abcd", 6).length, 7);
  assert.throws(() => encodeLine("abcde", 6), {
    name: "RangeError",
    message: "A message takes 7 bytes, but at most 6 are sent",
  });
});
