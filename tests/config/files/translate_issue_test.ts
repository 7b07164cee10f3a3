import assert from "node:assert/strict";
import { z } from "zod";
import { translateIssue } from "../../../config/files/translate_issue.ts";

const schema = z.strictObject({
  count: z.int().min(1).max(9).optional(),
  size: z.number().gt(0).lt(5).optional(),
  list: z.array(z.string().min(1).max(3)).min(1).max(2).optional(),
  word: z.enum(["red", "green"]).optional(),
  one: z.literal("x").optional(),
  version: z.string().regex(/^\d$/, "a digit").optional(),
  map: z.record(z.string().regex(/^[a-z]+$/, "small letters"), z.boolean()).optional(),
  must: z.strictObject({ be: z.string() }).optional(),
});

function translate(value: unknown) {
  const { issues = [] } = schema["~standard"].validate(value) as { issues?: z.core.$ZodIssue[] };
  return issues.flatMap((issue) =>
    translateIssue(issue, value, () => z.toJSONSchema(schema, { target: "draft-7", io: "input" }))
  );
}

Deno.test("translateIssue puts each kind of issue into our words", () => {
  const cases = [
    { value: { count: "x" }, message: "wrong type", expected: "a number" },
    { value: { count: 1.5 }, message: "wrong type", expected: "a whole number" },
    { value: { count: 0 }, message: "out of range", expected: "at least 1" },
    { value: { count: 10 }, message: "out of range", expected: "at most 9" },
    { value: { size: 0 }, message: "out of range", expected: "more than 0" },
    { value: { size: 5 }, message: "out of range", expected: "less than 5" },
    { value: { list: [] }, message: "out of range", expected: "not an empty one" },
    { value: { list: ["a", "b", "c"] }, message: "out of range", expected: "at most 2 items" },
    { value: { list: ["abcd"] }, message: "out of range", expected: "at most 3 characters" },
    { value: { list: {} }, message: "wrong type", expected: "a list" },
    {
      value: { word: "gren" },
      message: "not a known value",
      expected: "one of red, green",
    },
    { value: { one: 5 }, message: "not a known value", expected: "x" },
    { value: { version: "a" }, message: "not in the right form", expected: "a digit" },
    { value: { map: { A: true } }, message: "a key in the wrong form", expected: "small letters" },
    { value: { must: {} }, message: "missing", expected: "a text" },
    { value: { must: 1 }, message: "wrong type", expected: "a map" },
    {
      value: { must: { be: "x", bee: 1 } },
      message: "unknown key",
      expected: "one of be",
    },
  ];
  for (const { value, message, expected } of cases) {
    const name = JSON.stringify(value);
    assert.deepEqual(translate(value).map((each) => [each.message, each.expected]), [
      [message, expected],
    ], name);
  }
});

Deno.test("translateIssue names the words that may have been meant", () => {
  assert.deepEqual(translate({ word: "gren" })[0]?.known, ["red", "green"]);
  assert.deepEqual(translate({ must: { be: "x", bee: 1 } })[0]?.known, ["be"]);
});

Deno.test("translateIssue tells unknown keys one by one, at their keys", () => {
  assert.deepEqual(
    translate({ zzz: 1, yyy: 2 }).map(({ path, isAboutKey }) => [path, isAboutKey]),
    [
      [["zzz"], true],
      [["yyy"], true],
    ],
  );
});
