import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import { refusedPaths } from "./refused_paths.ts";

Deno.test("recoveryPoliciesSchema has no policies, actions and cooldowns by default", async () => {
  const defaults = await recoveryPoliciesSchema.defaults();
  assert.deepEqual(
    [defaults?.recovery_policies, defaults?.recovery_actions, defaults?.cooldowns],
    [{}, {}, {}],
  );
  assert.deepEqual(defaults?.advanced, {
    max_concurrent_actions: 1,
    action_timeout_multiplier: 1.5,
    history_retention_days: 30,
    max_history_entries: 1_000,
    verify_recovery_success: true,
    verification_delay_seconds: 30,
    max_verification_attempts: 3,
    auto_escalate_on_failure: true,
    escalation_failure_threshold: 2,
    max_actions_per_hour: 10,
    max_safe_mode_entries_per_day: 5,
  });
});

Deno.test("recoveryPoliciesSchema fills in policies, steps and actions", async () => {
  const text =
    "recovery_policies: { p: { escalation_chain: [{ action: a }] } }\nrecovery_actions: { a: {} }";
  const { config } = await parseConfig(text, recoveryPoliciesSchema);
  assert.deepEqual(config.recovery_policies["p"], {
    severity_threshold: 0.8,
    description: "",
    escalation_chain: [{ action: "a", condition: "always", params: {}, timeout: 30 }],
  });
  assert.deepEqual(config.recovery_actions["a"], {
    enabled: true,
    timeout: 30,
    max_retries: 0,
    description: "",
    phase_restrictions: null,
  });
});

Deno.test("recoveryPoliciesSchema refuses steps that cannot be", async () => {
  const step = (fields: string) =>
    `recovery_policies: { p: { escalation_chain: [{ ${fields} }] } }`;
  const at = "recovery_policies.p.escalation_chain";
  const cases = [
    { text: "recovery_policies: { p: { escalation_chain: [] } }", path: at },
    { text: "recovery_policies: { p: {} }", path: at },
    { text: step("condition: always"), path: `${at}[0].action` },
    { text: step("action: a, condition: ' '"), path: `${at}[0].condition` },
    { text: step(`action: a, condition: "${"x".repeat(1_001)}"`), path: `${at}[0].condition` },
    { text: step("action: a, params: 5"), path: `${at}[0].params` },
    { text: step("action: a, timeout: 0"), path: `${at}[0].timeout` },
    {
      text: "recovery_actions: { a: { phase_restrictions: { LAUNCH: never } } }",
      path: "recovery_actions.a.phase_restrictions.LAUNCH",
    },
  ];
  for (const { text, path } of cases) {
    assert.deepEqual(await refusedPaths(text, recoveryPoliciesSchema), [path]);
  }
});
