import assert from "node:assert/strict";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { ConditionError } from "../../../orchestration/recovery/condition_error.ts";
import { compileRules, unlistedAction } from "../../../orchestration/recovery/compile_rules.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const policyOf = (...escalation_chain: object[]) => ({ fault: { escalation_chain } });

Deno.test("compileRules has the built-in actions, and what files say of others", async () => {
  const rules = await rulesOf({
    recovery_actions: { alert_ground: { enabled: false, timeout: 5, max_retries: 2 } },
    cooldowns: { alert_ground: 0, constructor: 7 },
    handlers: { restart: { exec: { argv: ["true"] }, scope: "node" } },
  });
  assert.equal(rules.actions.size, 14);
  assert.deepEqual(rules.actions.get("alert_ground"), {
    name: "alert_ground",
    description: "",
    enabled: false,
    timeoutMs: 5_000,
    maxRetries: 2,
    cooldownMs: 0,
    phases: null,
    scope: "cluster",
  });
  assert.deepEqual(rules.actions.get("constructor"), {
    ...unlistedAction("constructor"),
    cooldownMs: 7_000,
  });
  assert.deepEqual(rules.actions.get("safe_mode"), unlistedAction("safe_mode"));
  assert.equal(rules.actions.get("restart")?.scope, "node");
  assert.equal(rules.actions.get("toString"), undefined);
});

Deno.test("compileRules lets an action's own scope go before that of its handler", async () => {
  const { actions } = await rulesOf({
    recovery_actions: { restart: { scope: "cluster" } },
    handlers: { restart: { exec: { argv: ["true"] }, scope: "node" } },
  });
  assert.equal(actions.get("restart")?.scope, "cluster");
});

Deno.test("compileRules multiplies the time of a step once, and else that of its action", async () => {
  const rules = await rulesOf({
    advanced: { action_timeout_multiplier: 2 },
    recovery_actions: { restart_radio: { timeout: 20 } },
    recovery_policies: policyOf(
      { action: "restart_radio" },
      { action: "restart_radio", timeout: 7 },
      { action: "alert_ground" },
      { action: "hasOwnProperty", timeout: null },
      { action: "alert_ground", timeout: 31_536_000 },
    ),
  });
  const times = rules.policies.get("fault")!.steps.map(({ timeoutMs }) => timeoutMs);
  assert.deepEqual(times, [40_000, 14_000, 60_000, 60_000, 63_072_000_000]);
  assert.equal(rules.actions.get("restart_radio")?.timeoutMs, 20_000);
  assert.equal(rules.timeoutMultiplier, 2);
});

Deno.test("compileRules takes all that is declared, in ms", async () => {
  const rules = await rulesOf({
    poll_interval: 0.5,
    dry_run_mode: true,
    recovery_policies: {
      fault: {
        severity_threshold: 0.3,
        description: "d",
        component: "api",
        for: 2,
        degraded: true,
        escalation_chain: [{
          action: "alert_ground",
          condition: "severity > 0.5",
          params: { a: 1 },
        }],
      },
    },
    advanced: {
      max_concurrent_actions: 2,
      max_waiting_actions: 3,
      max_actions_per_hour: 4,
      max_safe_mode_entries_per_day: 6,
      pending_max: 7,
      min_alive_share: 0.1,
      min_healthy_share: 0.2,
      storm_cooldown_seconds: 8,
      unknown_phase: "allow",
      verify_recovery_success: false,
      verification_delay_seconds: 9,
      max_verification_attempts: 10,
      auto_escalate_on_failure: false,
      escalation_failure_threshold: 11,
      futility_threshold: 12,
      futility_freeze_seconds: 13,
      step_delay_seconds: 14,
      episode_gap_seconds: 15,
      max_history_entries: 16,
      history_retention_days: 17,
    },
  });
  assert.deepEqual([rules.pollMs, rules.dryRun, rules.allowUnknownPhase], [500, true, true]);
  assert.deepEqual([rules.stepDelayMs, rules.episodeGapMs], [14_000, 15_000]);
  assert.deepEqual(rules.limits, {
    concurrent: 2,
    waiting: 3,
    perHour: 4,
    safeModePerDay: 6,
    pending: 7,
    minAliveShare: 0.1,
    minHealthyShare: 0.2,
    stormCooldownMs: 8_000,
  });
  assert.deepEqual(rules.verification, { enabled: false, delayMs: 9_000, attempts: 10 });
  assert.deepEqual(rules.escalation, {
    auto: false,
    threshold: 11,
    futilityThreshold: 12,
    freezeMs: 13_000,
  });
  assert.deepEqual(rules.history, { maxEntries: 16, retentionMs: 17 * 86_400_000 });
  const { steps, ...policy } = rules.policies.get("fault")!;
  assert.deepEqual(policy, {
    name: "fault",
    description: "d",
    severityThreshold: 0.3,
    watch: { component: "api", forMs: 2_000, degraded: true },
  });
  const { condition, ...step } = steps[0]!;
  assert.deepEqual(step, { action: "alert_ground", params: { a: 1 }, timeoutMs: 45_000 });
  assert.equal(condition.evaluate({ severity: 0.6 }), true);
});

Deno.test("compileRules keeps the phases of an action, whatever they are called", async () => {
  const phase_restrictions = JSON.parse('{"LAUNCH": false, "constructor": true}');
  const { actions } = await rulesOf({ recovery_actions: { safe_mode: { phase_restrictions } } });
  const { phases } = actions.get("safe_mode")!;
  assert.deepEqual([...phases!], [["LAUNCH", false], ["constructor", true]]);
});

Deno.test("compileRules takes the basic document with its own times and cooldowns", async () => {
  const outcome = await recoverySchema.parse({ enabled: false });
  assert.equal(outcome.kind, "valid");
  const rules = compileRules(outcome.value, "recovery.yaml");
  assert.deepEqual([rules.source, rules.enabled, rules.dryRun], ["recovery.yaml", false, false]);
  assert.equal(rules.policies.size, 0);
  const times = ["circuit_restart", "cache_purge", "safe_mode"].map((name) => {
    const { timeoutMs, cooldownMs, enabled } = rules.actions.get(name)!;
    return [timeoutMs, cooldownMs, enabled];
  });
  assert.deepEqual(times, [[30_000, 300_000, true], [60_000, 600_000, true], [
    10_000,
    300_000,
    true,
  ]]);
});

Deno.test("compileRules throws at a condition that cannot be read", async () => {
  const broken = policyOf({ action: "alert_ground", condition: "severity = 1" });
  await assert.rejects(rulesOf({ recovery_policies: broken }), ConditionError);
});
