import assert from "node:assert/strict";
import { encodeKey } from "../../testing/kv_key.ts";
import { copySelector, encodeCursor, resumeRange, selectRange } from "../../testing/kv_range.ts";

const A = encodeKey(["a"]);

const RANGES: readonly {
  readonly selector: Deno.KvListSelector;
  readonly start: string;
  readonly end: string;
  readonly common: string;
}[] = [
  { selector: { prefix: ["a"] }, start: `${A}\0`, end: `${A}\xff`, common: A },
  { selector: { prefix: [] }, start: "\0", end: "\xff", common: "" },
  {
    selector: { prefix: ["a"], start: ["a", 0n] },
    start: `${A}\x14`,
    end: `${A}\xff`,
    common: A,
  },
  { selector: { prefix: ["a"], end: ["a", 0n] }, start: `${A}\0`, end: `${A}\x14`, common: A },
  { selector: { start: ["a"], end: ["a", 0n] }, start: A, end: `${A}\x14`, common: A },
];

for (const { selector, ...wanted } of RANGES) {
  Deno.test(`selectRange selects ${JSON.stringify(selector, (_, part) => String(part) === "0" ? "0n" : part)}`, () => {
    assert.deepEqual(selectRange(selector), wanted);
  });
}

Deno.test("a cursor leaves out what was read, from either end", () => {
  const selection = selectRange({ prefix: ["a"] });
  const cursor = encodeCursor(selection, ["a", "k"]);
  const key = encodeKey(["a", "k"]);
  assert.deepEqual(resumeRange(selection, cursor, false), {
    start: `${key}\0`,
    end: selection.end,
  });
  assert.deepEqual(resumeRange(selection, cursor, true), { start: selection.start, end: key });
  assert.equal(resumeRange(selection, undefined, false), selection);
});

Deno.test("resumeRange refuses what is no cursor, or one from outside", () => {
  const selection = selectRange({ prefix: ["a"], start: ["a", 5] });
  for (const cursor of ["a", "zzz", "****", "a==="]) {
    assert.throws(() => resumeRange(selection, cursor, false), {
      name: "TypeError",
      message: "invalid cursor",
    });
  }
  assert.throws(() => resumeRange(selection, "AAAA", false), {
    name: "TypeError",
    message: "cursor out of bounds",
  });
});

Deno.test("copySelector keeps what was given when the caller changes it", () => {
  const prefix = ["a"];
  const copy = copySelector({ prefix });
  prefix.push("b");
  assert.deepEqual(copy, { prefix: ["a"] });
});
