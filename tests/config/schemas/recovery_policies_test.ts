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
    futility_threshold: 3,
    futility_freeze_seconds: 3_600,
    min_alive_share: 0.5,
    min_healthy_share: 0,
    storm_cooldown_seconds: 60,
    pending_max: 1_000,
    episode_gap_seconds: 3_600,
    max_waiting_actions: 100,
    step_delay_seconds: 0,
    unknown_phase: "deny",
  });
});

Deno.test("recoveryPoliciesSchema fills in policies, steps and actions", async () => {
  const text =
    "recovery_policies: { p: { escalation_chain: [{ action: a }] } }\nrecovery_actions: { a: {} }";
  const { config } = await parseConfig(text, recoveryPoliciesSchema);
  assert.deepEqual(config.recovery_policies["p"], {
    severity_threshold: 0.8,
    description: "",
    component: null,
    for: 0,
    degraded: false,
    escalation_chain: [{ action: "a", condition: "always", params: {}, timeout: null }],
  });
  assert.deepEqual(config.recovery_actions["a"], {
    enabled: true,
    timeout: 30,
    max_retries: 0,
    description: "",
    phase_restrictions: null,
    scope: null,
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
    { text: "recovery_actions: { a: { scope: world } }", path: "recovery_actions.a.scope" },
    {
      text: "recovery_policies: { p: { for: -1, escalation_chain: [{ action: a }] } }",
      path: "recovery_policies.p.for",
    },
    {
      text: "recovery_actions: { a: { phase_restrictions: { LAUNCH: never } } }",
      path: "recovery_actions.a.phase_restrictions.LAUNCH",
    },
  ];
  for (const { text, path } of cases) {
    assert.deepEqual(await refusedPaths(text, recoveryPoliciesSchema), [path]);
  }
});

Deno.test("recoveryPoliciesSchema refuses a chain that is too large to be stored", async () => {
  const at = "recovery_policies.p.escalation_chain";
  const step = (action: string, text = "") => `{ action: ${action}, params: { text: "${text}" } }`;
  const chain = (...steps: readonly string[]) =>
    `recovery_policies: { p: { escalation_chain: [${steps.join()}] } }`;
  const cases = [
    { name: "one byte a character", text: chain(step("alert_ground", "\u00fc".repeat(23_700))) },
    {
      name: "escaped",
      text: chain(step("alert_ground", "\u65e5".repeat(10) + "y".repeat(23_600))),
    },
    { name: "two bytes a character", text: chain(step("alert_ground", "\u65e5".repeat(11_700))) },
  ];
  for (const { name, text } of cases) {
    assert.deepEqual(await refusedPaths(text, recoveryPoliciesSchema), [], name);
    const longer = text.replace('text: "', `text: "${"x".repeat(400)}`);
    assert.deepEqual(await refusedPaths(longer, recoveryPoliciesSchema), [at], name);
  }
  const steps = (chars: number) =>
    Array.from({ length: 100 }, (_, i) => step(String(i).padStart(3, "0") + "n".repeat(chars - 3)));
  const refused = async (chars: number) =>
    (await refusedPaths(chain(...steps(chars)), recoveryPoliciesSchema)).includes(at);
  assert.equal(await refused(4), false, "a hundred steps of short names");
  assert.equal(await refused(100), true, "a hundred of names that each run would keep three times");
});
