import assert from "node:assert/strict";
import { enumValues, isEnumValue } from "../../enums/enum_values.ts";
import { LayerType } from "../../enums/layer_type.ts";

Deno.test("enumValues lists the members in the order of their declaration", () => {
  const values: readonly LayerType[] = enumValues(LayerType);
  assert.deepEqual(values, [
    "fast_feedback",
    "core_integration",
    "service_integration",
    "e2e_background",
  ]);
});

Deno.test("enumValues gives a list that nobody can change", () => {
  const values = enumValues(LayerType) as string[];
  assert.throws(() => values.push("more"), TypeError);
  assert.throws(() => values.reverse(), TypeError);
  assert.equal(enumValues(LayerType).length, 4);
});

Deno.test("enumValues reads a user's own set", () => {
  const Colour = { RED: "red", BLUE: "blue" } as const;
  const values: readonly ("red" | "blue")[] = enumValues(Colour);
  assert.deepEqual(values, ["red", "blue"]);
});

Deno.test("isEnumValue is true for the very texts of the set, and for nothing else", () => {
  const cases: { name: string; value: unknown; expected: boolean }[] = [
    { name: "first", value: "fast_feedback", expected: true },
    { name: "last", value: "e2e_background", expected: true },
    { name: "member's name", value: "FAST_FEEDBACK", expected: false },
    { name: "other case", value: "Fast_feedback", expected: false },
    { name: "blank before", value: " fast_feedback", expected: false },
    { name: "blank after", value: "fast_feedback\n", expected: false },
    { name: "empty", value: "", expected: false },
    { name: "__proto__", value: "__proto__", expected: false },
    { name: "constructor", value: "constructor", expected: false },
    { name: "toString", value: "toString", expected: false },
    { name: "undefined", value: undefined, expected: false },
    { name: "null", value: null, expected: false },
    { name: "number", value: 0, expected: false },
    { name: "array that prints as one", value: ["fast_feedback"], expected: false },
    { name: "String object", value: Object("fast_feedback"), expected: false },
  ];
  for (const { name, value, expected } of cases) {
    assert.equal(isEnumValue(LayerType, value), expected, name);
  }
});
