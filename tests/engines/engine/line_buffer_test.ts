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

const MAX = 4 * 1024 * 1024;
const longest = "x".repeat(MAX);

Deno.test("LineBuffer takes no line that is too long, whole or in parts", () => {
  assert.deepEqual(new LineBuffer().push(bytes(`${longest}\nabc\n`)), [longest, "abc"]);
  assert.throws(() => new LineBuffer().push(bytes(`${longest}x\n`)), { name: "RangeError" });
  const lines = new LineBuffer();
  lines.push(bytes(longest));
  assert.throws(() => lines.push(bytes("x")), { message: `A line is longer than ${MAX} bytes` });
});

Deno.test("encodeLine makes one line of a message, or says that it is too long", () => {
  const line = encodeLine({ text: "a\nb" });
  assert.deepEqual(new LineBuffer().push(line), ['{"text":"a\\nb"}']);
  assert.equal(encodeLine(longest.slice(2)).length, MAX + 1);
  assert.throws(() => encodeLine(longest.slice(1)), {
    name: "RangeError",
    message: `A message takes ${MAX + 1} bytes, but at most ${MAX} are sent`,
  });
});
