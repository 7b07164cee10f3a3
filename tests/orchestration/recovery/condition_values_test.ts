import assert from "node:assert/strict";
import type { ConditionContext } from "../../../orchestration/recovery/condition_context.ts";
import {
  readFlag,
  readNumber,
  readNumberOrWord,
} from "../../../orchestration/recovery/condition_values.ts";
import { refusal } from "./refusal.ts";

const variable = { kind: "variable", name: "severity", offset: 3 } as const;
const flag = { kind: "flag", name: "a_failed", offset: 3 } as const;

/** Reads one value in each way; an error as its kind. */
function readings(context: unknown): readonly unknown[] {
  const given = context as ConditionContext;
  return [
    () => readNumber(given, variable, "text"),
    () => readNumberOrWord(given, variable, "text"),
    () => readFlag(given, flag, "text"),
  ].map((read) => {
    try {
      return read();
    } catch {
      const { kind, text, offset } = refusal(read);
      assert.deepEqual([text, offset], ["text", 3]);
      return kind;
    }
  });
}

Deno.test("a variable and a flag are read as what they are, never converted", () => {
  const missing = "missing_variable";
  const cases: { name: string; value: unknown; found: readonly unknown[] }[] = [
    { name: "a number", value: 0.5, found: [0.5, 0.5, "type"] },
    { name: "NaN", value: NaN, found: [NaN, NaN, "type"] },
    { name: "a text", value: "0.5", found: ["type", "0.5", "type"] },
    { name: "true", value: true, found: ["type", "type", true] },
    { name: "false", value: false, found: ["type", "type", false] },
    { name: "null", value: null, found: [missing, missing, false] },
    { name: "undefined", value: undefined, found: [missing, missing, false] },
    { name: "a bigint", value: 1n, found: ["type", "type", "type"] },
    { name: "a list", value: [1], found: ["type", "type", "type"] },
    {
      name: "an object that would convert",
      value: { valueOf: () => 1 },
      found: Array(3).fill("type"),
    },
    { name: "a Number object", value: Object(1), found: Array(3).fill("type") },
    { name: "a function", value: () => 1, found: Array(3).fill("type") },
  ];
  for (const { name, value, found } of cases) {
    assert.deepEqual(readings({ severity: value, a_failed: value }), found, name);
  }
});

Deno.test("only what the context has itself is read", () => {
  const nothing = ["missing_variable", "missing_variable", false];
  assert.deepEqual(readings({}), nothing);
  assert.deepEqual(readings(Object.create({ severity: 1, a_failed: true })), nothing);
  const own = Object.assign(Object.create(null), { severity: 1, a_failed: true });
  assert.deepEqual(readings(own), [1, 1, true]);
});

Deno.test("a context that throws, or is none, becomes an error with the cause", () => {
  const cause = new Error("no");
  const throwing = {
    get severity(): number {
      throw cause;
    },
    get a_failed(): boolean {
      throw cause;
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const context of [throwing, proxy, null, undefined]) {
    assert.deepEqual(readings(context), ["type", "type", "type"]);
  }
  const error = refusal(() => readNumber(throwing, variable, "text"));
  assert.equal(error.cause, cause);
  assert.equal(
    error.message,
    "Cannot use condition: severity cannot be read from the context at offset 3 " +
      "(got an error, expected an object of plain values)",
  );
});

Deno.test("a message names the type of a wrong value, not the value", () => {
  const context = { severity: "secret" };
  assert.equal(
    refusal(() => readNumber(context, variable, "text")).message,
    "Cannot use condition: severity is of the wrong type at offset 3 " +
      "(got a value of type string, expected a number)",
  );
});
