import assert from "node:assert/strict";
import { type Override, readOverride } from "../../../config/availability/override.ts";
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
