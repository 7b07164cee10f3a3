import assert from "node:assert/strict";
import { RecoveryTrigger } from "../../../enums/recovery_trigger.ts";
import { actionContextOf, entryOf, reasonOf } from "../../../orchestration/recovery/chain_entry.ts";
import { singleStart } from "../../../orchestration/recovery/chain_starts.ts";
import type { Execution, RecoveryChain } from "../../../orchestration/recovery/recovery_chain.ts";
import type { StepInputs } from "../../../orchestration/recovery/step_inputs.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const inputs = { facts: { dry_run: false } } as StepInputs;
const execution: Execution = {
  id: "e",
  decidedMs: 1_000,
  term: 4,
  escalated: true,
  inputs,
  attempt: 3,
  interruptions: 0,
};

function chainOf(trigger: RecoveryTrigger): RecoveryChain {
  const cause = { trigger, type: "crash", reason: "why", node: "n", severity: 0.8, detectedMs: 0 };
  const start = singleStart({ action: "a", params: { x: 1 }, timeoutMs: 1, cause }, 0);
  const [step] = start.steps;
  return {
    id: "c",
    ...start,
    steps: [step!, { ...step!, action: "b" }, { ...step!, action: "c" }],
    outcomes: [{ action: "a", result: "failed", verified: null }],
    at: { kind: "deciding", notBeforeMs: 0 },
  };
}

Deno.test("reasonOf says the severity with two decimals and the step, for anomalies", () => {
  const anomaly = chainOf(RecoveryTrigger.ANOMALY);
  assert.equal(reasonOf(anomaly), "crash (severity=0.80, step=2/3)");
  assert.equal(reasonOf(chainOf(RecoveryTrigger.HEALTH_CHECK)), "why");
  assert.equal(reasonOf(chainOf(RecoveryTrigger.MANUAL_TRIGGER)), "why");
});

Deno.test("entryOf says what ran, in which term it was decided, and how it ended", () => {
  const ending = { endedMs: 3_500, error: null, report: "r", verified: true, checks: 2 };
  const chain = chainOf(RecoveryTrigger.ANOMALY);
  const outcome = {
    result: "success",
    error: null,
    decidedMs: 1_000,
    ending,
    attempts: 3,
  } as const;
  const entry = entryOf(chain, execution, outcome, { name: "cluster", node: "n2" });
  const { id, term, node, step, steps, attempts, escalated, success, action_type, params } = entry;
  assert.deepEqual(
    { id, term, node, step, steps, attempts, escalated, success, action_type, params },
    {
      id: "e",
      term: 4,
      node: "n2",
      step: 2,
      steps: 3,
      attempts: 3,
      escalated: true,
      success: true,
      action_type: "b",
      params: { x: 1 },
    },
  );
  assert.equal(entry.duration_seconds, 2.5);
  assert.equal(entry.ended_at, new Date(3_500).toISOString());
  assert.deepEqual([entry.verified, entry.verification_attempts, entry.report], [true, 2, "r"]);
});

Deno.test("entryOf says of an action that did not run that it took no time", () => {
  const outcome = { result: "skipped_paused", error: "p", decidedMs: 1_000, attempts: 0 } as const;
  const chain = chainOf(RecoveryTrigger.ANOMALY);
  const entry = entryOf(chain, execution, outcome, { name: "cluster", node: "n" });
  const { ended_at, duration_seconds, success, verified, verification_attempts, report } = entry;
  assert.deepEqual(
    { ended_at, duration_seconds, success, verified, verification_attempts, report },
    {
      ended_at: null,
      duration_seconds: 0,
      success: false,
      verified: null,
      verification_attempts: 0,
      report: null,
    },
  );
});

Deno.test("entryOf says no negative time when a clock was set back", () => {
  const ending = { endedMs: 500, error: null, report: null, verified: null, checks: 0 };
  const outcome = {
    result: "success",
    error: null,
    decidedMs: 1_000,
    ending,
    attempts: 1,
  } as const;
  const chain = chainOf(RecoveryTrigger.ANOMALY);
  const entry = entryOf(chain, execution, outcome, { name: "cluster", node: "n" });
  assert.equal(entry.duration_seconds, 0);
});

Deno.test("actionContextOf tells an action what it needs, and the fence of who runs it now", () => {
  const { signal } = new AbortController();
  const context = actionContextOf(chainOf(RecoveryTrigger.ANOMALY), execution, {
    fence: "f-5",
    signal,
    clock: new FakeClock(),
    nowMs: 9_000,
  });
  const { action, params, fence, executionId, attempt, dryRun, cause } = context;
  assert.deepEqual(
    { action, params, fence, executionId, attempt, dryRun, seconds: cause.durationSeconds },
    {
      action: "b",
      params: { x: 1 },
      fence: "f-5",
      executionId: "e",
      attempt: 3,
      dryRun: false,
      seconds: 9,
    },
  );
  assert.equal(context.signal, signal);
});
