import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import type { ActionContext } from "../../../orchestration/recovery/action_handler.ts";
import { compileRules, unlistedAction } from "../../../orchestration/recovery/compile_rules.ts";
import type { GateFacts } from "../../../orchestration/recovery/gate_facts.ts";
import type {
  ChainCause,
  ChainStep,
  Execution,
  RecoveryChain,
} from "../../../orchestration/recovery/recovery_chain.ts";
import type { ActionRules, RecoveryRules } from "../../../orchestration/recovery/recovery_rules.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** When everything here happens: 2026-11-21T13:00:00Z. */
export const NOW_MS = Date.UTC(2026, 10, 21, 13);

/** @returns The rules of a policies document; what is not given is as the schema has it. */
export async function rulesOf(document: object = {}): Promise<RecoveryRules> {
  const outcome = await recoveryPoliciesSchema.parse(document);
  if (outcome.kind === "invalid") throw new Error(JSON.stringify(outcome.faults));
  return compileRules(outcome.value, null);
}

/** @returns An action's rules; what is not given is as for one that no file lists. */
export function anAction(fields: Partial<ActionRules> = {}): ActionRules {
  return { ...unlistedAction(fields.name ?? "restart_radio"), ...fields };
}

/** @returns Facts by which any action may run. */
export function someFacts(fields: Partial<GateFacts> = {}): GateFacts {
  return {
    at_ms: NOW_MS,
    enabled: true,
    dry_run: false,
    has_handler: true,
    leading: null,
    phase: null,
    phase_fault: null,
    alive_share: null,
    healthy_share: null,
    storm_seen_ms: null,
    pause: null,
    last_ended_ms: null,
    failures_in_row: 0,
    frozen_until_ms: null,
    runs_last_hour: 0,
    first_run_ms: null,
    safe_modes_last_day: 0,
    first_safe_mode_ms: null,
    waiting: 0,
    ...fields,
  };
}

/** @returns What a chain is about. */
export function aCause(fields: Partial<ChainCause> = {}): ChainCause {
  return {
    trigger: "anomaly",
    type: "comm_fault",
    reason: "comm_fault",
    severity: 0.9,
    confidence: 0.7,
    recurrenceCount: 2,
    detectedMs: NOW_MS - 5_000,
    metadata: {},
    node: "node-1",
    component: null,
    actor: null,
    requestId: null,
    force: false,
    ...fields,
  };
}

/** @returns A step of a chain. */
export function aStep(action: string): ChainStep {
  return { action, condition: "always", params: {}, timeoutMs: 45_000 };
}

/** @returns A chain of two steps, before the first. */
export function aChain(fields: Partial<RecoveryChain> = {}): RecoveryChain {
  return {
    id: "c1",
    cause: aCause(),
    steps: [aStep("restart_radio"), aStep("alert_ground")],
    outcomes: [],
    at: { kind: "deciding", notBeforeMs: NOW_MS },
    ...fields,
  };
}

/** @returns An action that was decided to run. */
export function anExecution(fields: Partial<Execution> = {}): Execution {
  return {
    id: "e1",
    decidedMs: NOW_MS,
    term: 3,
    escalated: false,
    inputs: {
      context: { severity: 0.9 },
      previous_result: null,
      previous_failures: 0,
      force: false,
      facts: someFacts(),
    },
    attempt: 1,
    interruptions: 0,
    ...fields,
  };
}

/** @returns What an action is told. */
export function aContext(fields: Partial<ActionContext> = {}): ActionContext {
  return {
    action: "alert_ground",
    params: {},
    signal: new AbortController().signal,
    fence: null,
    executionId: "e1",
    attempt: 1,
    dryRun: false,
    clock: new FakeClock(),
    reason: "comm_fault (severity=0.90, step=1/2)",
    cause: {
      trigger: "anomaly",
      type: "comm_fault",
      severity: 0.9,
      confidence: 0.7,
      recurrenceCount: 2,
      durationSeconds: 5,
      metadata: {},
    },
    ...fields,
  };
}
