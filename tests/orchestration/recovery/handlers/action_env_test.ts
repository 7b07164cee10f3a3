import assert from "node:assert/strict";
import { fixedEnv } from "../../../../config/env_reader.ts";
import { actionEnv } from "../../../../orchestration/recovery/handlers/action_env.ts";
import { contextOf } from "./action_fixtures.ts";

const env = fixedEnv({ PATH: "/bin", SECRET: "s", BATON_REASON: "old" });

Deno.test("actionEnv passes on what is named, sets the rest, and says what it is about", () => {
  const params = { unit: "api", dutyCycle: 80, "target list": ["A", "B"], none: null };
  const variables = actionEnv(contextOf({ params, reason: "it is\ndown" }), {
    pass: ["PATH", "BATON_REASON", "ABSENT"],
    set: { MODE: "x" },
    env,
  });
  assert.deepEqual(variables, {
    PATH: "/bin",
    MODE: "x",
    BATON_PARAM_UNIT: "api",
    BATON_PARAM_DUTY_CYCLE: "80",
    BATON_PARAM_TARGET_LIST: '["A","B"]',
    BATON_PARAM_NONE: "null",
    BATON_ACTION: "restart_api",
    BATON_ATTEMPT: "2",
    BATON_EXECUTION_ID: "run-1",
    BATON_REASON: "it is down",
    BATON_CAUSE: "api_fault",
    BATON_FENCE: "7",
  });
});

Deno.test("actionEnv leaves the fence out where there is none", () => {
  const variables = actionEnv(contextOf({ fence: null }), { pass: [], set: {}, env });
  assert.ok(!("BATON_FENCE" in variables));
});

Deno.test("actionEnv refuses params that do not fit", () => {
  const cases = [
    [Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`p${at}`, 1])), /more than 100/],
    [{ a: "x".repeat(32_001) }, /longer than 32000/],
    [{ dutyCycle: 1, duty_cycle: 2 }, /two params are BATON_PARAM_DUTY_CYCLE/],
    [{ a: "x\0y" }, /holds a NUL/],
  ] as const;
  for (const [params, message] of cases) {
    assert.throws(() => actionEnv(contextOf({ params }), { pass: [], set: {}, env }), {
      code: "ACTION_FAILED",
      message,
    });
  }
});
