import assert from "node:assert/strict";
import {
  assessDataCompleteness,
  type DataCompletenessInput,
} from "../../../engines/workflow/data_completeness.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);

Deno.test("assessDataCompleteness takes what is given, and else estimates", () => {
  const cases: { name: string; input: DataCompletenessInput; completeness: number; is: string }[] =
    [
      { name: "nothing", input: {}, completeness: 0, is: "insufficient" },
      { name: "all", input: { completeness: 1 }, completeness: 1, is: "sufficient" },
      {
        name: "the upper limit",
        input: { completeness: 0.8 },
        completeness: 0.8,
        is: "sufficient",
      },
      { name: "below it", input: { completeness: 0.7999 }, completeness: 0.7999, is: "partial" },
      { name: "the lower limit", input: { completeness: 0.4 }, completeness: 0.4, is: "partial" },
      {
        name: "below that",
        input: { completeness: 0.3999 },
        completeness: 0.3999,
        is: "insufficient",
      },
      {
        name: "0 is an answer",
        input: { completeness: 0, available: names(9), missing: ["x"] },
        completeness: 0,
        is: "insufficient",
      },
      {
        name: "null is none",
        input: { completeness: null, available: names(9), missing: ["x"] },
        completeness: 0.9,
        is: "sufficient",
      },
      {
        name: "only what is there",
        input: { available: names(5) },
        completeness: 0.5,
        is: "partial",
      },
      {
        name: "much of it",
        input: { available: names(50), missing: [] },
        completeness: 0.7,
        is: "partial",
      },
      {
        name: "only what is missing",
        input: { missing: names(3) },
        completeness: 0,
        is: "insufficient",
      },
      {
        name: "a name twice counts once",
        input: { available: ["a", "a"], missing: ["b", "b", "b"] },
        completeness: 0.5,
        is: "partial",
      },
      {
        name: "a name in both lists is missing",
        input: { available: ["a", "b"], missing: ["b"] },
        completeness: 0.5,
        is: "partial",
      },
    ];
  for (const { name, input, completeness, is } of cases) {
    assert.deepEqual(assessDataCompleteness(input), { completeness, sufficiency: is }, name);
  }
});

Deno.test("assessDataCompleteness refuses what cannot be", () => {
  const cases: { name: string; input: unknown; path: string }[] = [
    ...[1.7, -1, -Number.MIN_VALUE, NaN, Infinity, "0.5", true].map((completeness) => ({
      name: String(completeness),
      input: { completeness },
      path: "completeness",
    })),
    { name: "a number of names", input: { available: 3 }, path: "available" },
    { name: "a name that is none", input: { missing: ["a", 1] }, path: "missing[1]" },
    { name: "no object", input: null, path: "" },
    { name: "an unknown option", input: { availabel: [] }, path: "availabel" },
  ];
  for (const { name, input, path } of cases) {
    assert.throws(() => assessDataCompleteness(input as never), (error: InvalidRecordError) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.deepEqual(error.faults.map((fault) => fault.path), [path], name);
      return true;
    });
  }
});
