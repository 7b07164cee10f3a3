import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCondition } from "../../orchestration/recovery/condition.ts";
import type { ConditionContext } from "../../orchestration/recovery/condition_context.ts";
import { ConditionError } from "../../orchestration/recovery/condition_error.ts";
import { checkProperty } from "../support/property.ts";

/** A condition with a meaning of its own, that owes nothing to the code under test. */
interface Meant {
  readonly text: string;
  /** Throws "missing" where the answer needs what is not there. */
  readonly holds: (context: ConditionContext) => boolean;
}

/** The number of a variable or a literal. */
interface Value {
  readonly text: string;
  readonly read: (context: ConditionContext) => number;
}

const VARIABLES = ["severity", "recurrence_count", "confidence", "step", "duration"] as const;
const FLAGS = ["restart_failed", "previous_step_failed"] as const;

const literal: fc.Arbitrary<Value> = fc.integer({ min: 0, max: 6 }).map((halves) => ({
  text: String(halves / 2),
  read: () => halves / 2,
}));

const variable: fc.Arbitrary<Value> = fc.constantFrom(...VARIABLES).map((name) => ({
  text: name,
  read: (context) => {
    const value = context[name];
    if (typeof value !== "number") throw new Error("missing");
    return value;
  },
}));

const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

const space = fc.constantFrom(" ", "  ", "\n", "\t ");
const value = fc.oneof(variable, literal);
const comparison: fc.Arbitrary<Meant> = fc
  .tuple(value, fc.constantFrom(...Object.keys(OPERATORS)), value, fc.constantFrom("", " ", "\n"))
  .map(([a, operator, b, gap]) => ({
    text: `${a.text}${gap}${operator}${gap}${b.text}`,
    holds: (context) => OPERATORS[operator]!(a.read(context), b.read(context)),
  }));
const flag: fc.Arbitrary<Meant> = fc.constantFrom(...FLAGS).map((name) => ({
  text: name,
  holds: (context) => context[name] === true,
}));

/** Conditions that print with no more parentheses than their meaning needs, and a few that do not. */
const { condition } = fc.letrec<{ condition: Meant; all: Meant; one: Meant }>((tie) => ({
  condition: joined(
    tie("all"),
    "or",
    (parts, context) => parts.some((part) => part.holds(context)),
  ),
  all: joined(tie("one"), "and", (parts, context) => parts.every((part) => part.holds(context))),
  one: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    flag,
    tie("condition").map(({ text, holds }) => ({ text: `(${text})`, holds })),
    fc.tuple(space, tie("one")).map(([gap, { text, holds }]) => ({
      text: `not${gap}${text}`,
      holds: (context: ConditionContext) => !holds(context),
    })),
  ),
}));

function joined(
  part: fc.Arbitrary<Meant>,
  word: string,
  holds: (parts: readonly Meant[], context: ConditionContext) => boolean,
): fc.Arbitrary<Meant> {
  return fc.tuple(fc.array(part, { minLength: 1, maxLength: 3 }), space).map(([parts, gap]) => ({
    text: parts.map(({ text }) => text).join(`${gap}${word}${gap}`),
    holds: (context) => holds(parts, context),
  }));
}

const number = fc.integer({ min: -2, max: 8 }).map((halves) => halves / 2);
const missingOr = <T>(present: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: present }, { weight: 1, arbitrary: fc.constant(null) });
const context = fc.record({
  ...Object.fromEntries(VARIABLES.map((name) => [name, missingOr(number)])),
  ...Object.fromEntries(FLAGS.map((name) => [name, missingOr(fc.boolean())])),
}, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<ConditionContext>;

function outcome(run: () => boolean): boolean | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConditionError) return error.kind;
    return (error as Error).message;
  }
}

Deno.test("a condition means what its parts mean, or says that a variable is missing", () => {
  const seen = new Set<boolean | string>();
  checkProperty(
    fc.property(condition, context, ({ text, holds }, values) => {
      const found = outcome(() => parseCondition(text).evaluate(values));
      fc.pre(found !== "limit");
      const meant = outcome(() => holds(values));
      seen.add(meant);
      assert.equal(found, meant === "missing" ? "missing_variable" : meant, text);
    }),
    3_000,
  );
  assert.deepEqual([...seen].map(String).sort(), ["false", "missing", "true"]);
});

Deno.test("evaluate never throws where all that is named is there", () => {
  const full = fc.record({
    ...Object.fromEntries(VARIABLES.map((name) => [name, fc.double()])),
    ...Object.fromEntries(FLAGS.map((name) => [name, fc.boolean()])),
  }) as fc.Arbitrary<ConditionContext>;
  checkProperty(
    fc.property(condition, full, ({ text }, values) => {
      const found = outcome(() => parseCondition(text).evaluate(values));
      fc.pre(found !== "limit");
      assert.equal(typeof found, "boolean", text);
    }),
    1_000,
  );
});

Deno.test("a condition answers the same each time, and leaves its context alone", () => {
  checkProperty(fc.property(condition, condition, context, (one, other, values) => {
    const found = outcome(() => parseCondition(one.text).evaluate(values));
    fc.pre(found !== "limit");
    const kept = parseCondition(one.text);
    const before = structuredClone(values);
    const frozen = Object.freeze(structuredClone(values));
    outcome(() => parseCondition(other.text).evaluate(values));
    assert.deepEqual([1, 2].map(() => outcome(() => kept.evaluate(frozen))), [found, found]);
    assert.deepEqual(values, before);
  }));
});
