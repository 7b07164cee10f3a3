import assert from "node:assert/strict";
import {
  isCount,
  isKeyText,
  isMoment,
  isShare,
  isTextOrNull,
} from "../../../orchestration/recovery/stored_values.ts";

const STRANGE = [undefined, NaN, Infinity, -Infinity, "1", true, [], {}, 1n];

Deno.test("isKeyText takes what can be a part of a storage key", () => {
  for (const text of ["a", "abc", "📡", "é"]) assert.equal(isKeyText(text, 3), true, text);
  assert.equal(isKeyText("__proto__", 100), true);
  const wrong = ["", "abcd", "\0", "\ud800", null, ...STRANGE.filter((each) => each !== "1")];
  for (const text of wrong) assert.equal(isKeyText(text, 3), false, JSON.stringify(String(text)));
});

Deno.test("isShare, isCount and isMoment take numbers inside their bounds only", () => {
  const checks = [
    { is: isShare, right: [0, -0, 0.5, 1], wrong: [-0.1, 1.1] },
    { is: isCount, right: [0, 7, Number.MAX_SAFE_INTEGER], wrong: [-1, 0.5, 2 ** 53] },
    { is: isMoment, right: [0, -1, 1.5, 8.64e15], wrong: [8.65e15, -8.65e15] },
  ];
  for (const { is, right, wrong } of checks) {
    for (const value of right) assert.equal(is(value), true, `${is.name} ${value}`);
    for (const value of [...wrong, null, ...STRANGE]) {
      assert.equal(is(value), false, `${is.name} ${String(value)}`);
    }
  }
});

Deno.test("isMoment takes what a date can name", () => {
  assert.equal(new Date(8.64e15).toISOString(), "+275760-09-13T00:00:00.000Z");
});

Deno.test("isTextOrNull takes a text and null", () => {
  for (const value of ["", "x", null]) assert.equal(isTextOrNull(value), true);
  for (const value of [undefined, 5, {}, []]) assert.equal(isTextOrNull(value), false);
});
