import assert from "node:assert/strict";
import { RecoveryTrigger } from "../../../enums/recovery_trigger.ts";
import { decideAction, restMs } from "../../../orchestration/recovery/gate.ts";
import type { GateFacts } from "../../../orchestration/recovery/gate_facts.ts";
import type { ActionRules } from "../../../orchestration/recovery/recovery_rules.ts";
import { anAction, NOW_MS, rulesOf, someFacts } from "./recovery_fixtures.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const rules = await rulesOf();

interface Refusal {
  name: string;
  facts?: Partial<GateFacts>;
  action?: Partial<ActionRules>;
  result: string;
  reason: string;
  retryAtMs?: number;
}

/** One refusal for each check, in the order of the checks. */
const REFUSALS: readonly Refusal[] = [
  {
    name: "recovery is off",
    facts: { enabled: false },
    result: "skipped_disabled",
    reason: "recovery is switched off",
  },
  {
    name: "the action is off",
    action: { enabled: false },
    result: "skipped_disabled",
    reason: "safe_mode is switched off",
  },
  {
    name: "nothing does it",
    facts: { has_handler: false },
    result: "skipped_no_handler",
    reason: "nothing does safe_mode: declare it under handlers, or register it",
  },
  {
    name: "another node leads",
    facts: { leading: false },
    action: { scope: "cluster" },
    result: "skipped_not_leader",
    reason: "another node leads",
  },
  {
    name: "it is paused",
    facts: { pause: "upgrade (kim)" },
    result: "skipped_paused",
    reason: "paused: upgrade (kim)",
  },
  {
    name: "too few are alive",
    facts: { alive_share: 0.4 },
    result: "skipped_storm",
    reason: "40 % of the members are alive, fewer than 50 %",
  },
  {
    name: "its phase is not listed",
    facts: { phase: "PAYLOAD" },
    action: { phases: new Map([["LAUNCH", false]]) },
    result: "skipped_phase_restriction",
    reason: "nothing is said of safe_mode in phase PAYLOAD",
  },
  {
    name: "it is frozen",
    facts: { frozen_until_ms: NOW_MS + 1 },
    result: "skipped_frozen",
    reason: "safe_mode did not help; not again for 1 s",
    retryAtMs: NOW_MS + 1,
  },
  {
    name: "it rests",
    facts: { last_ended_ms: NOW_MS - 299_001 },
    result: "skipped_cooldown",
    reason: "safe_mode ran; not again for 1 s",
    retryAtMs: NOW_MS + 999,
  },
  {
    name: "the hour is full",
    facts: { runs_last_hour: 10, first_run_ms: NOW_MS - HOUR_MS + 5_000 },
    result: "skipped_rate_limit",
    reason: "10 actions in the last hour, of at most 10; not again for 5 s",
    retryAtMs: NOW_MS + 5_000,
  },
  {
    name: "the day is full",
    facts: { safe_modes_last_day: 5, first_safe_mode_ms: NOW_MS - DAY_MS + 7_000 },
    result: "skipped_safe_mode_limit",
    reason: "safe mode was entered 5 times in the last day, of at most 5; not again for 7 s",
    retryAtMs: NOW_MS + 7_000,
  },
  {
    name: "too many wait",
    facts: { waiting: 101 },
    result: "skipped_concurrency",
    reason: "100 actions wait for their turn already",
  },
  {
    name: "it is a dry run",
    facts: { dry_run: true },
    result: "skipped_dry_run",
    reason: "safe_mode would have run",
  },
];

const HELD_BACK_FOR_NOBODY_ASKED = [
  "skipped_paused",
  "skipped_storm",
  "skipped_frozen",
  "skipped_cooldown",
];

function decide(
  { facts = {}, action = {} }: Pick<Refusal, "facts" | "action">,
  trigger: RecoveryTrigger = RecoveryTrigger.ANOMALY,
  force = false,
) {
  const request = { action: anAction({ name: "safe_mode", ...action }), trigger, force };
  return decideAction(request, someFacts(facts), rules);
}

Deno.test("decideAction refuses for one reason, and says from when on it would not", () => {
  for (const { name, result, reason, retryAtMs = null, ...given } of REFUSALS) {
    assert.deepEqual(decide(given), { kind: "refuse", result, reason, retryAtMs }, name);
    assert.deepEqual(decide(given, RecoveryTrigger.HEALTH_CHECK), decide(given), name);
  }
});

Deno.test("decideAction gives the reason of the first check that refuses", () => {
  for (const [index, first] of REFUSALS.entries()) {
    const rest = REFUSALS.slice(index);
    const facts = Object.assign({}, ...rest.map(({ facts }) => facts).reverse());
    const action = Object.assign({}, ...rest.map(({ action }) => action).reverse());
    const verdict = decide({ facts, action });
    assert.equal(verdict.kind === "refuse" && verdict.result, first.result, first.name);
  }
});

Deno.test("decideAction lets who asks by hand past pause, storm, freeze and cooldown only", () => {
  for (const { name, result, ...given } of REFUSALS) {
    const verdict = decide(given, RecoveryTrigger.MANUAL_TRIGGER);
    const isLet = HELD_BACK_FOR_NOBODY_ASKED.includes(result);
    assert.equal(verdict.kind, isLet ? "run" : "refuse", name);
    if (verdict.kind === "refuse") assert.equal(verdict.result, result, name);
    const forced = decide(given, RecoveryTrigger.MANUAL_TRIGGER, true);
    const isForced = isLet || result === "skipped_phase_restriction";
    assert.equal(forced.kind, isForced ? "run" : "refuse", `forced: ${name}`);
  }
});

Deno.test("decideAction lets an action run at each bound", () => {
  const cases: (Pick<Refusal, "facts" | "action"> & { name: string })[] = [
    { name: "nothing speaks against it" },
    { name: "this node leads", facts: { leading: true }, action: { scope: "cluster" } },
    { name: "outside a cluster", facts: { leading: null }, action: { scope: "cluster" } },
    { name: "for each node, wherever it is", facts: { leading: false }, action: { scope: "node" } },
    { name: "just enough are alive", facts: { alive_share: 0.5 } },
    { name: "none is well, and nobody asks for it", facts: { healthy_share: 0 } },
    { name: "the storm is over", facts: { storm_seen_ms: NOW_MS - 60_000 } },
    { name: "the freeze is over", facts: { frozen_until_ms: NOW_MS } },
    { name: "it has rested", facts: { last_ended_ms: NOW_MS - 300_000 } },
    { name: "one more in the hour", facts: { runs_last_hour: 9 } },
    { name: "one more in the day", facts: { safe_modes_last_day: 4 } },
    { name: "the last place in the queue", facts: { waiting: 100 } },
    {
      name: "no safe mode, whatever the day was",
      facts: { safe_modes_last_day: 99 },
      action: { name: "constructor" },
    },
    {
      name: "no cooldown",
      facts: { last_ended_ms: NOW_MS },
      action: { cooldownMs: 0 },
    },
    { name: "no state machine", action: { phases: new Map([["LAUNCH", false]]) } },
    {
      name: "in its phase",
      facts: { phase: "__proto__" },
      action: { phases: new Map([["__proto__", true]]) },
    },
    { name: "no restriction", facts: { phase_fault: "Error: no answer" } },
  ];
  for (const { name, ...given } of cases) assert.deepEqual(decide(given), { kind: "run" }, name);
});

Deno.test("decideAction denies a phase that is not known unless the file allows it", async () => {
  const allowing = await rulesOf({ advanced: { unknown_phase: "allow" } });
  const phases = new Map([["LAUNCH", false], ["CRUISE", true]]);
  const cases = [
    { name: "listed and allowed", facts: { phase: "CRUISE" }, deny: "run", allow: "run" },
    { name: "listed and denied", facts: { phase: "LAUNCH" }, deny: "refuse", allow: "refuse" },
    { name: "not listed", facts: { phase: "ORBIT" }, deny: "refuse", allow: "run" },
    { name: "of every object", facts: { phase: "toString" }, deny: "refuse", allow: "run" },
    { name: "no answer", facts: { phase_fault: "Error: stuck" }, deny: "refuse", allow: "run" },
  ];
  for (const { name, facts, deny, allow } of cases) {
    const request = { action: anAction({ phases }), trigger: "anomaly", force: false } as const;
    assert.equal(decideAction(request, someFacts(facts), rules).kind, deny, name);
    assert.equal(decideAction(request, someFacts(facts), allowing).kind, allow, `allow: ${name}`);
  }
});

Deno.test("decideAction refuses for a while after a storm, and for too few well members", async () => {
  const strict = await rulesOf({ advanced: { min_healthy_share: 0.75 } });
  const request = { action: anAction(), trigger: "anomaly", force: false } as const;
  const cases = [
    {
      name: "too few are well",
      facts: { alive_share: 1, healthy_share: 0.5 },
      reason: "50 % of the members are well, fewer than 75 %",
    },
    {
      name: "more precisely",
      facts: { alive_share: 1, healthy_share: 0.745 },
      reason: "74.5 % of the members are well, fewer than 75 %",
    },
    {
      name: "it was seen just now",
      facts: { alive_share: 1, healthy_share: 1, storm_seen_ms: NOW_MS - 59_000 },
      reason: "too few members were well a moment ago; not again for 1 s",
    },
    {
      name: "it was seen, and nobody knows any more",
      facts: { storm_seen_ms: NOW_MS },
      reason: "too few members were well a moment ago; not again for 60 s",
    },
  ];
  for (const { name, facts, reason } of cases) {
    const verdict = decideAction(request, someFacts(facts), strict);
    assert.equal(verdict.kind === "refuse" && verdict.reason, reason, name);
  }
});

Deno.test("decideAction rests for a failed action although it has no cooldown", () => {
  const cases: [failures: number, why: string, seconds: number][] = [
    [1, "failed", 1],
    [2, "failed 2 times in a row", 2],
    [3, "failed 3 times in a row", 4],
  ];
  for (const [failures_in_row, why, seconds] of cases) {
    const facts = { last_ended_ms: NOW_MS, failures_in_row };
    assert.deepEqual(decide({ facts, action: { cooldownMs: 0 } }), {
      kind: "refuse",
      result: "skipped_cooldown",
      reason: `safe_mode ${why}; not again for ${seconds} s`,
      retryAtMs: NOW_MS + seconds * 1_000,
    });
  }
});

Deno.test("restMs is the cooldown, doubled with each failure up to an hour", () => {
  const cases: [cooldownMs: number, failures: number, wanted: number][] = [
    [0, 0, 0],
    [0, 1, 1_000],
    [0, 2, 2_000],
    [500, 1, 1_000],
    [300_000, 0, 300_000],
    [300_000, 1, 300_000],
    [300_000, 2, 600_000],
    [300_000, 4, 2_400_000],
    [300_000, 5, HOUR_MS],
    [0, 5_000, HOUR_MS],
    [2 * HOUR_MS, 1, 2 * HOUR_MS],
    [2 * HOUR_MS, 9, 2 * HOUR_MS],
  ];
  for (const [cooldownMs, failures, wanted] of cases) {
    assert.equal(restMs(cooldownMs, failures), wanted, `${cooldownMs}, ${failures} failures`);
  }
});
