import assert from "node:assert/strict";
import { isOn, type Override, readOverride } from "../../../config/availability/override.ts";
import { ChangingEnv } from "./changing_env.ts";

Deno.test("readOverride tells forced, invalid, denied and none apart", () => {
  const cases: readonly [string | undefined, Override][] = [
    [undefined, { kind: "none" }],
    ["on", { kind: "forced", available: true }],
    ["OFF", { kind: "forced", available: false }],
    ["", { kind: "invalid", value: "" }],
    ["maybe", { kind: "invalid", value: "maybe" }],
  ];
  for (const [value, expected] of cases) {
    const env = new ChangingEnv();
    if (value !== undefined) env.set("V", value);
    const override = readOverride(env, "V");
    assert.deepEqual(override, expected);
    assert.ok(Object.isFrozen(override));
  }
  const env = new ChangingEnv();
  env.set("V", "on");
  env.denied = true;
  assert.deepEqual(readOverride(env, "V"), { kind: "denied" });
});

Deno.test("readOverride takes a reader that throws for an invalid value, never for none", () => {
  const override = readOverride({
    read: () => {
      throw new Error("broken");
    },
  }, "V");
  assert.deepEqual(override, { kind: "invalid", value: "\ufffd" });
});

Deno.test("isOn is true for a variable that says yes alone", () => {
  const env = new ChangingEnv();
  const read = (value: string) => {
    env.set("V", value);
    return isOn(readOverride(env, "V"));
  };
  assert.deepEqual(["yes", "no", "maybe"].map(read), [true, false, false]);
  env.delete("V");
  assert.equal(isOn(readOverride(env, "V")), false);
});
