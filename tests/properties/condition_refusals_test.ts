import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCondition } from "../../orchestration/recovery/condition.ts";
import type { ConditionContext } from "../../orchestration/recovery/condition_context.ts";
import { ConditionError } from "../../orchestration/recovery/condition_error.ts";
import { checkProperty } from "../support/property.ts";

const KINDS = ["lexical", "syntax", "type", "unknown_variable", "limit"];

/** Texts that come near to conditions, or are made of their pieces in any order. */
const pieces = fc.array(
  fc.constantFrom(
    ..."severity step always ALWAYS restart_failed foo __proto__ constructor and or not AND".split(
      " ",
    ),
    ...">= <= > < == != = ! ( ) ' \" 0.8 .5 5. 1e3 007 -1 \\ \0 é \u00a0".split(" "),
    " ",
    "\n",
    "'high'",
    "severity >= 0.8",
  ),
  { maxLength: 30 },
).chain((list) => fc.constantFrom("", " ").map((gap) => list.join(gap)));

const anyText = fc.oneof(
  pieces,
  fc.string({ maxLength: 1_100 }),
  fc.string({ unit: "binary", maxLength: 1_100 }),
);

/** Checks that an error is one of ours, complete, on one line, short, and inside the text. */
function checkError(error: unknown, kinds: readonly string[]): void {
  assert.ok(error instanceof ConditionError, `${error}`);
  assert.ok(kinds.includes(error.kind), error.kind);
  assert.ok(Number.isInteger(error.offset) && error.offset >= 0, `${error.offset}`);
  assert.ok(error.offset <= error.text.length, `${error.offset} of ${error.text.length}`);
  assert.ok(/^[ -~…]{1,300}$/.test(error.message), error.message);
}

Deno.test("parseCondition never throws anything but a ConditionError that says where", () => {
  let refused = 0;
  let read = 0;
  checkProperty(
    fc.property(anyText, (text) => {
      try {
        assert.equal(parseCondition(text).text, text);
        read++;
      } catch (error) {
        checkError(error, KINDS);
        refused++;
      }
    }),
    3_000,
  );
  assert.ok(refused > 0 && read > 0, `${refused} refused, ${read} read`);
});

Deno.test("parseCondition refuses whatever is no text", () => {
  const notText = fc.anything().filter((value) => typeof value !== "string");
  checkProperty(fc.property(notText, (value) => {
    assert.throws(() => parseCondition(value as string), (error) => {
      checkError(error, ["type"]);
      return true;
    });
  }));
});

const TEXTS = [
  "severity >= 0.8 or recurrence_count >= 2",
  "not (duration < 3 and restart_failed)",
  "step == 'high' or confidence != severity",
  "restart_failed == previous_step_failed",
  "always",
];
const names = [...new Set(TEXTS.flatMap((text) => parseCondition(text).names))];
const anyValues = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.anything()])),
  { requiredKeys: [], noNullPrototype: false },
);

Deno.test("evaluate gives a boolean or throws a ConditionError, whatever the context is", () => {
  const anyContext = fc.oneof(anyValues, fc.anything({ withNullPrototype: true }));
  checkProperty(
    fc.property(fc.constantFrom(...TEXTS), anyContext, (text, context) => {
      const condition = parseCondition(text);
      try {
        assert.equal(typeof condition.evaluate(context as ConditionContext), "boolean");
      } catch (error) {
        checkError(error, ["type", "missing_variable"]);
      }
    }),
    3_000,
  );
});

Deno.test("evaluate finds nothing on a prototype", () => {
  checkProperty(fc.property(fc.constantFrom(...TEXTS), anyValues, (text, inherited) => {
    const condition = parseCondition(text);
    const outcomes = [{}, Object.create(inherited)].map((context) => {
      try {
        return condition.evaluate(context);
      } catch (error) {
        checkError(error, ["missing_variable"]);
        return "missing";
      }
    });
    assert.equal(outcomes[0], outcomes[1]);
  }));
});
