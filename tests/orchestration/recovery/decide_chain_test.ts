import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import { ActionRegistry } from "../../../orchestration/recovery/action_registry.ts";
import { singleStart } from "../../../orchestration/recovery/chain_starts.ts";
import { unlistedAction } from "../../../orchestration/recovery/compile_rules.ts";
import { decideChain } from "../../../orchestration/recovery/decide_chain.ts";
import type { OutsideFacts } from "../../../orchestration/recovery/gather_facts.ts";
import { emptyLedger } from "../../../orchestration/recovery/ledger.ts";
import { noteStep } from "../../../orchestration/recovery/ledger_notes.ts";
import type { RecoveryChain } from "../../../orchestration/recovery/recovery_chain.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const OUTSIDE: OutsideFacts = {
  leading: null,
  phase: null,
  phase_fault: null,
  alive_share: null,
  healthy_share: null,
  pause: null,
};
const rules = await rulesOf({ advanced: { escalation_failure_threshold: 2 } });

function chainWith(condition: string, outcomes: RecoveryChain["outcomes"] = []): RecoveryChain {
  const cause = {
    trigger: "anomaly",
    type: "crash",
    reason: "r",
    node: "n",
    detectedMs: 0,
  } as const;
  const start = singleStart({ action: "a", params: {}, timeoutMs: 1, cause }, 0);
  const step = { ...start.steps[0]!, condition };
  const at = { kind: "deciding", notBeforeMs: 0 } as const;
  return { id: "c", ...start, steps: [step, step], outcomes, at };
}

function decide(
  chain: RecoveryChain,
  { handler = true, enabled = true, dryRun = false, failures = 0, outside = {}, place = 0 } = {},
): ReturnType<typeof decideChain> {
  const registry = new ActionRegistry(new Map());
  if (handler) registry.register("a", () => {}, {});
  const ledger = emptyLedger();
  for (let i = 0; i < failures; i++) noteStep(ledger, "crash", 0, true);
  return decideChain(chain, {
    ledger,
    outside: { ...OUTSIDE, ...outside },
    place,
    nowMs: 90_000,
    action: unlistedAction("a"),
  }, { rules: () => ({ ...rules, enabled }), registry, isDryRun: () => dryRun });
}

const FAILED = [{ action: "a", result: RecoveryResult.FAILED, verified: null }];

Deno.test("decideChain decides by the chain, the ledger and what was asked for outside", () => {
  const cases = [
    { name: "nothing against it", decision: decide(chainWith("always")), result: "run" },
    { name: "a flag", decision: decide(chainWith("a_failed", FAILED)), result: "run" },
    { name: "the duration", decision: decide(chainWith("duration >= 90")), result: "run" },
    {
      name: "not so",
      decision: decide(chainWith("a_failed")),
      result: RecoveryResult.CONDITION_NOT_MET,
    },
    {
      name: "a stored condition that can no longer be read",
      decision: decide(chainWith("severity >")),
      result: RecoveryResult.CONDITION_ERROR,
    },
    {
      name: "no handler",
      decision: decide(chainWith("always"), { handler: false }),
      result: RecoveryResult.SKIPPED_NO_HANDLER,
    },
    {
      name: "switched off",
      decision: decide(chainWith("always"), { enabled: false }),
      result: RecoveryResult.SKIPPED_DISABLED,
    },
    {
      name: "dry run",
      decision: decide(chainWith("always"), { dryRun: true }),
      result: RecoveryResult.SKIPPED_DRY_RUN,
    },
    {
      name: "paused",
      decision: decide(chainWith("always"), { outside: { pause: "p" } }),
      result: RecoveryResult.SKIPPED_PAUSED,
    },
    {
      name: "too many wait",
      decision: decide(chainWith("always"), { place: 101 }),
      result: RecoveryResult.SKIPPED_CONCURRENCY,
    },
  ];
  for (const { name, decision: { decision }, result } of cases) {
    assert.equal(decision.kind === "run" ? "run" : decision.result, result, name);
    assert.equal(decision.escalated, false, name);
  }
});

Deno.test("decideChain takes a step for the failures of the one before, whatever its condition", () => {
  const unmet = chainWith("severity > 1", FAILED);
  assert.equal(decide(unmet, { failures: 1 }).decision.kind, "refuse");
  const { decision, inputs } = decide(unmet, { failures: 2 });
  assert.deepEqual(decision, { kind: "run", escalated: true });
  assert.deepEqual([inputs.previous_result, inputs.previous_failures], ["failed", 2]);
  const unreadable = decide(chainWith("severity >", FAILED), { failures: 2 });
  assert.equal(unreadable.decision.kind, "run");
});
