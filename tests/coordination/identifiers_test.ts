import assert from "node:assert/strict";
import { checkClusterName, checkIdentifier, checkPrefix } from "../../coordination/identifiers.ts";

Deno.test("checkIdentifier takes any text without control characters, separators included (F10)", () => {
  for (
    const id of ["a", "host:8080", "a/b\\c|d", "__proto__", "ünïcode 🦕", " ", "x".repeat(256)]
  ) {
    assert.equal(checkIdentifier("instanceId", id), id);
  }
});

Deno.test("checkIdentifier refuses what cannot be part of a key, with the value", () => {
  const cases: { name: string; value: unknown; error: string; message: string }[] = [
    { name: "empty", value: "", error: "TypeError", message: text('""') },
    { name: "a line break", value: "a\nb", error: "TypeError", message: text('"a\\nb"') },
    { name: "NUL", value: "\0", error: "TypeError", message: text('"\\u0000"') },
    { name: "DEL", value: "\x7f", error: "TypeError", message: text('"\x7f"') },
    {
      name: "half a character",
      value: "a\ud800",
      error: "TypeError",
      message: unicode('"a\\ud800"'),
    },
    { name: "the other half", value: "\udfff", error: "TypeError", message: unicode('"\\udfff"') },
    { name: "a number", value: 7, error: "TypeError", message: text("7") },
    { name: "null", value: null, error: "TypeError", message: text("null") },
    {
      name: "too long",
      value: "x".repeat(257),
      error: "RangeError",
      message: "instanceId must have at most 256 characters, got 257",
    },
  ];
  for (const { name, value, error, message } of cases) {
    assert.throws(
      () => checkIdentifier("instanceId", value as string),
      { name: error, message },
      name,
    );
  }
});

function text(shown: string): string {
  return `instanceId must be a text without control characters, got ${shown}`;
}

function unicode(shown: string): string {
  return `instanceId must be well-formed Unicode, got ${shown}`;
}

Deno.test("checkPrefix takes every list of key parts with room for names behind it, and copies it", () => {
  const cases: { name: string; prefix: Deno.KvKey }[] = [
    { name: "none", prefix: [] },
    { name: "every kind of part", prefix: ["app", 7, -0.5, 7n, true, new Uint8Array([0, 255])] },
    { name: "the longest", prefix: ["x".repeat(256), "x".repeat(248), 1] },
    { name: "the longest in bytes", prefix: ["ü".repeat(256)] },
  ];
  for (const { name, prefix } of cases) {
    const copy = checkPrefix(prefix);
    assert.deepEqual(copy, prefix, name);
    assert.notEqual(copy, prefix, name);
  }
});

Deno.test("checkPrefix refuses what no store takes, or what leaves no room for names", () => {
  const cases: { name: string; prefix: unknown[]; error: string; message: RegExp }[] = [
    {
      name: "nothing",
      prefix: ["app", undefined],
      error: "TypeError",
      message: /^prefix must be a list of key parts, got undefined in it$/,
    },
    {
      name: "a list",
      prefix: [["app"]],
      error: "TypeError",
      message: /^prefix must be a list of key parts, got object in it$/,
    },
    {
      name: "no name",
      prefix: [""],
      error: "TypeError",
      message: /^a part of prefix must be a text without control characters, got ""$/,
    },
    {
      name: "half a character",
      prefix: ["\ud800"],
      error: "TypeError",
      message: /^a part of prefix must be well-formed Unicode/,
    },
    {
      name: "one part too long",
      prefix: ["p".repeat(3_000)],
      error: "RangeError",
      message: /^a part of prefix must have at most 256 characters, got 3000$/,
    },
    {
      name: "too long together",
      prefix: ["x".repeat(256), "x".repeat(249), 1],
      error: "RangeError",
      message: /^prefix must have at most 512 bytes, got 513$/,
    },
    {
      name: "too long in bytes",
      prefix: ["ü".repeat(256), new Uint8Array(1)],
      error: "RangeError",
      message: /^prefix must have at most 512 bytes, got 513$/,
    },
  ];
  for (const { name, prefix, error, message } of cases) {
    assert.throws(() => checkPrefix(prefix as Deno.KvKey), { name: error, message }, name);
  }
});

Deno.test("checkIdentifier describes whatever it is given", () => {
  const cases: { value: unknown; shown: string }[] = [
    { value: 1n, shown: "1" },
    { value: NaN, shown: "NaN" },
    { value: undefined, shown: "undefined" },
    { value: Symbol("s"), shown: "Symbol(s)" },
    { value: Object.create(null), shown: "an object" },
  ];
  for (const { value, shown } of cases) {
    assert.throws(() => checkIdentifier("instanceId", value as string), {
      name: "TypeError",
      message: text(shown),
    });
  }
});

Deno.test("checkClusterName refuses a name that an election of the cluster could not have in its keys", () => {
  for (const name of ["c", "x".repeat(256), "漢".repeat(166)]) {
    assert.equal(checkClusterName(name), name);
    checkPrefix(["baton", "cluster", name]);
  }
  assert.throws(() => checkClusterName("漢".repeat(167)), {
    name: "RangeError",
    message: "cluster must have at most 500 bytes, got 501",
  });
  assert.throws(() => checkClusterName("x".repeat(257)), { name: "RangeError" });
  assert.throws(() => checkClusterName(""), { name: "TypeError", message: /^cluster must be/ });
});
