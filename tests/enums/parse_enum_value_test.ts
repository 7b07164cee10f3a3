import assert from "node:assert/strict";
import { BackgroundTaskStatus } from "../../enums/background_task_status.ts";
import { enumValues } from "../../enums/enum_values.ts";
import { parseEnumValue, UnknownEnumValueError } from "../../enums/parse_enum_value.ts";
import { ENUMS } from "../../enums/registry.ts";

function refusal(run: () => unknown): UnknownEnumValueError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof UnknownEnumValueError, String(error));
    assert.equal(error.name, "UnknownEnumValueError");
    assert.equal(error.code, "UNKNOWN_ENUM_VALUE");
    return error;
  }
  assert.fail("nothing was thrown");
}

Deno.test("parseEnumValue gives back every member of every set", () => {
  for (const [name, set] of Object.entries(ENUMS)) {
    for (const value of enumValues(set)) assert.equal(parseEnumValue(set, value), value, name);
  }
});

Deno.test("parseEnumValue refuses what is no member, with the set's name, the value and the members", () => {
  const values = [
    "queud",
    "Queued",
    "QUEUED",
    " queued",
    "queued ",
    "",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    undefined,
    null,
    0,
    NaN,
    true,
    7n,
    Symbol("queued"),
    ["queued"],
    { toString: () => "queued" },
    () => "queued",
  ];
  for (const value of values) {
    const error = refusal(() => parseEnumValue(BackgroundTaskStatus, value));
    assert.equal(error.enumName, "BackgroundTaskStatus");
    assert.equal(error.value, value);
    assert.deepEqual(error.allowed, Object.values(BackgroundTaskStatus));
    assert.ok(Object.isFrozen(error.allowed));
  }
});

Deno.test("parseEnumValue says in its message what it read and what it wanted", () => {
  assert.equal(
    refusal(() => parseEnumValue(BackgroundTaskStatus, "queud")).message,
    'Cannot read "queud" as BackgroundTaskStatus: allowed are queued, starting, running, completed, failed, cancelled, timeout',
  );
});

Deno.test("parseEnumValue knows each registered set by its name", () => {
  for (const [name, set] of Object.entries(ENUMS)) {
    assert.equal(refusal(() => parseEnumValue(set, "no member")).enumName, name);
  }
});

Deno.test("parseEnumValue takes the name of a user's own set, and says enum without one", () => {
  const Colour = { RED: "red" } as const;
  assert.equal(parseEnumValue(Colour, "red"), "red");
  assert.equal(refusal(() => parseEnumValue(Colour, "blue", "Colour")).enumName, "Colour");
  assert.equal(refusal(() => parseEnumValue(Colour, "blue")).enumName, "enum");
});
