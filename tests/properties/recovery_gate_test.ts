import assert from "node:assert/strict";
import fc from "fast-check";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { parseCondition } from "../../orchestration/recovery/condition.ts";
import { decideStep } from "../../orchestration/recovery/decide_step.ts";
import { decideAction } from "../../orchestration/recovery/gate.ts";
import type { GateFacts } from "../../orchestration/recovery/gate_facts.ts";
import { emptyLedger, ledgerFacts } from "../../orchestration/recovery/ledger.ts";
import { noteEnd, noteRun } from "../../orchestration/recovery/ledger_notes.ts";
import { decodeLedger, encodeLedger } from "../../orchestration/recovery/ledger_record.ts";
import { anAction, rulesOf, someFacts } from "../orchestration/recovery/recovery_fixtures.ts";
import { checkProperty } from "../support/property.ts";

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LIMITS = { max_actions_per_hour: 4, max_safe_mode_entries_per_day: 3 };
const rules = await rulesOf({ advanced: LIMITS });

const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "safe_mode", "enter_safe_mode", "📡"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
  fc.string({ minLength: 90, maxLength: 100 }),
);
const trigger = fc.constantFrom(...Object.values(RecoveryTrigger));
const result = fc.constantFrom(...Object.values(RecoveryResult));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const nearby = fc.integer({ min: START_MS - 2 * DAY_MS, max: START_MS + 2 * DAY_MS });
const facts: fc.Arbitrary<GateFacts> = fc.record({
  at_ms: nearby,
  enabled: fc.boolean(),
  dry_run: fc.boolean(),
  has_handler: fc.boolean(),
  leading: maybe(fc.boolean()),
  phase: maybe(name),
  phase_fault: maybe(fc.string()),
  alive_share: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  healthy_share: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  storm_seen_ms: maybe(nearby),
  pause: maybe(fc.string()),
  last_ended_ms: maybe(nearby),
  failures_in_row: fc.nat(),
  frozen_until_ms: maybe(nearby),
  runs_last_hour: fc.nat(2_000),
  first_run_ms: maybe(nearby),
  safe_modes_last_day: fc.nat(2_000),
  first_safe_mode_ms: maybe(nearby),
  waiting: fc.nat(200),
});
const action = fc.record({
  name,
  enabled: fc.boolean(),
  cooldownMs: fc.constantFrom(0, 1_000, DAY_MS),
  phases: maybe(fc.array(fc.tuple(name, fc.boolean())).map((pairs) => new Map(pairs))),
  scope: fc.constantFrom("node" as const, "cluster" as const),
}).map(anAction);

/** Asks the gate again and again as a lane does, and notes what it lets through. */
function drive(
  asks: readonly { afterMs: number; name: string; trigger: RecoveryTrigger; isStored: boolean }[],
): { readonly name: string; readonly atMs: number }[] {
  let ledger = emptyLedger();
  let atMs = START_MS;
  const runs: { name: string; atMs: number }[] = [];
  for (const ask of asks) {
    atMs += ask.afterMs;
    const facts = someFacts(ledgerFacts(ledger, ask.name, atMs));
    const action = anAction({ name: ask.name, cooldownMs: 0 });
    if (decideAction({ action, trigger: ask.trigger, force: true }, facts, rules).kind === "run") {
      noteRun(ledger, ask.name, atMs);
      runs.push({ name: ask.name, atMs });
    }
    if (ask.isStored) ledger = decodeLedger(JSON.parse(JSON.stringify(encodeLedger(ledger))));
  }
  return runs;
}

function mostWithin(times: readonly number[], windowMs: number): number {
  const counts = times.map((from) =>
    times.filter((ms) => ms >= from && ms < from + windowMs).length
  );
  return Math.max(0, ...counts);
}

Deno.test("the gate never lets more through than a sliding hour and a sliding day allow", () => {
  const ask = fc.record({
    afterMs: fc.oneof(
      fc.constantFrom(0, 1, HOUR_MS - 1, HOUR_MS, DAY_MS - HOUR_MS),
      fc.integer({ min: 0, max: 2 * HOUR_MS }),
    ),
    name: fc.constantFrom("safe_mode", "enter_safe_mode", "restart", "__proto__"),
    trigger,
    isStored: fc.boolean(),
  });
  checkProperty(fc.property(fc.array(ask, { minLength: 5, maxLength: 80 }), (asks) => {
    const runs = drive(asks);
    const times = runs.map(({ atMs }) => atMs);
    const safeModes = runs.filter(({ name }) => name.endsWith("safe_mode"));
    assert.ok(mostWithin(times, HOUR_MS) <= LIMITS.max_actions_per_hour);
    const inDay = mostWithin(safeModes.map(({ atMs }) => atMs), DAY_MS);
    assert.ok(inDay <= LIMITS.max_safe_mode_entries_per_day);
    assert.ok(runs.length > 0, "the first one always runs");
  }));
});

Deno.test("the gate gives a reason with every refusal, and one that holds until it says", () => {
  checkProperty(
    fc.property(action, trigger, fc.boolean(), facts, (action, trigger, force, facts) => {
      const verdict = decideAction({ action, trigger, force }, facts, rules);
      if (verdict.kind === "run") {
        assert.ok(facts.enabled && action.enabled && facts.has_handler && !facts.dry_run);
        assert.ok(facts.runs_last_hour < LIMITS.max_actions_per_hour);
        return;
      }
      assert.notEqual(verdict.reason, "");
      assert.ok(Object.values(RecoveryResult).includes(verdict.result));
      if (verdict.retryAtMs !== null) assert.ok(Number.isFinite(verdict.retryAtMs));
      const isCooldown = verdict.result === RecoveryResult.SKIPPED_COOLDOWN;
      if (isCooldown) assert.ok(verdict.retryAtMs! > facts.at_ms);
    }),
  );
});

Deno.test("decideStep decides the same by the same, and changes nothing", () => {
  const conditions = ["always", "severity > 0.5", "duration > 5", "not x_failed", "step == 1"]
    .map(parseCondition);
  const inputs = fc.record({
    context: fc.record({
      severity: maybe(fc.double()),
      duration: maybe(fc.double()),
      x_failed: maybe(fc.boolean()),
    }, { requiredKeys: [] }),
    previous_result: maybe(result),
    previous_failures: fc.nat(5),
    force: fc.boolean(),
    facts,
  });
  const condition = fc.constantFrom(...conditions);
  checkProperty(
    fc.property(action, trigger, condition, inputs, (action, trigger, condition, inputs) => {
      const before = structuredClone(inputs);
      const frozen = Object.freeze({
        ...inputs,
        context: Object.freeze(inputs.context),
        facts: Object.freeze(inputs.facts),
      });
      const question = Object.freeze({ action: Object.freeze(action), trigger, condition });
      const decision = decideStep(question, frozen, rules);
      assert.deepEqual(decideStep(question, structuredClone(inputs), rules), decision);
      assert.deepEqual(structuredClone(frozen), before);
      if (decision.kind === "refuse") assert.notEqual(decision.reason, "");
    }),
  );
});

Deno.test("a freeze outlives a failure of who asked by hand, and ends with a success", () => {
  const ledger = emptyLedger();
  const freeze = { action: "restart", nowMs: START_MS, isSuccess: false, isFutile: true };
  const by = { ...rules, escalation: { ...rules.escalation, futilityThreshold: 1 } };
  const isFrozenAt = (atMs: number) => {
    const facts = someFacts(ledgerFacts(ledger, "restart", atMs));
    const asked = {
      action: anAction({ name: "restart" }),
      trigger: "anomaly",
      force: false,
    } as const;
    const verdict = decideAction(asked, facts, by);
    return verdict.kind === "refuse" && verdict.result === RecoveryResult.SKIPPED_FROZEN;
  };
  assert.equal(noteEnd(ledger, freeze, by), true);
  assert.equal(isFrozenAt(START_MS + 1), true);
  noteEnd(ledger, { ...freeze, nowMs: START_MS + 2, isFutile: false }, by);
  assert.equal(isFrozenAt(START_MS + 3), true);
  noteEnd(ledger, { ...freeze, nowMs: START_MS + 4, isSuccess: true, isFutile: false }, by);
  assert.equal(isFrozenAt(START_MS + 5), false);
});
