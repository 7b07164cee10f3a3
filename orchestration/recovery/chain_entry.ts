import type { Clock } from "../../clock.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { ActionContext } from "./action_handler.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import {
  currentStep,
  durationSeconds,
  type Execution,
  type RecoveryChain,
  stepIndex,
} from "./recovery_chain.ts";
import type { RecoveryLane } from "./recovery_lane.ts";

/** How an action that ran came to its end. */
export interface ActionEnding {
  /** When it ended, in ms since 1970. */
  readonly endedMs: number;
  /** Why it failed; null when it succeeded. */
  readonly error: string | null;
  /** What it reported; null for nothing. */
  readonly report: string | null;
  /** Whether it was seen to help; null when nobody looked. */
  readonly verified: boolean | null;
  /** How often it was looked. */
  readonly checks: number;
}

/** What became of a step. */
export interface StepEnding {
  /** What became of it. */
  readonly result: RecoveryResult;
  /** Why it failed or was not taken; null when it succeeded. */
  readonly error: string | null;
  /** When it was decided, in ms since 1970. */
  readonly decidedMs: number;
  /** How its action ended; absent when it did not run. */
  readonly ending?: ActionEnding;
  /** How many attempts were made. */
  readonly attempts: number;
}

/** Who writes the entry. */
type Writer = Pick<RecoveryLane, "name" | "node">;

/** @returns Why the current step of a chain is asked for, for people. */
export function reasonOf(chain: RecoveryChain): string {
  const { cause, steps } = chain;
  if (cause.trigger !== RecoveryTrigger.ANOMALY) return cause.reason;
  const severity = cause.severity.toFixed(2);
  return `${cause.type} (severity=${severity}, step=${stepIndex(chain) + 1}/${steps.length})`;
}

/** @returns The entry of the history for the current step of a chain, without its number. */
export function entryOf(
  chain: RecoveryChain,
  { id, escalated, inputs, term }: Pick<Execution, "id" | "escalated" | "inputs" | "term">,
  { result, error, decidedMs, ending, attempts }: StepEnding,
  writer: Writer,
): Omit<RecoveryActionDict, "seq"> {
  const { cause } = chain;
  const step = currentStep(chain);
  return {
    id,
    timestamp: new Date(decidedMs).toISOString(),
    ended_at: ending ? new Date(ending.endedMs).toISOString() : null,
    action_type: step.action,
    anomaly_type: cause.type,
    severity_score: cause.severity,
    confidence: cause.confidence,
    recurrence_count: cause.recurrenceCount,
    reason: reasonOf(chain),
    result,
    success: result === RecoveryResult.SUCCESS,
    error,
    duration_seconds: ending ? Math.max(0, ending.endedMs - decidedMs) / 1_000 : 0,
    dry_run: inputs.facts.dry_run,
    params: step.params,
    trigger: cause.trigger,
    chain_id: chain.id,
    step: stepIndex(chain) + 1,
    steps: chain.steps.length,
    escalated,
    condition: step.condition,
    attempts,
    verified: ending?.verified ?? null,
    verification_attempts: ending?.checks ?? 0,
    report: ending?.report ?? null,
    lane: writer.name,
    node: writer.node,
    term,
    actor: cause.actor,
    request_id: cause.requestId,
    repeats: 0,
    last_repeated_at: null,
    inputs,
  };
}

/** @returns What the action of the current step is told. */
export function actionContextOf(
  chain: RecoveryChain,
  { id, attempt }: Execution,
  { fence, signal, clock, nowMs }: {
    readonly fence: string | null;
    readonly signal: AbortSignal;
    readonly clock: Clock;
    readonly nowMs: number;
  },
): ActionContext {
  const { cause } = chain;
  const { action, params } = currentStep(chain);
  return {
    action,
    params,
    signal,
    fence,
    executionId: id,
    attempt,
    dryRun: false,
    clock,
    reason: reasonOf(chain),
    cause: {
      trigger: cause.trigger,
      type: cause.type,
      severity: cause.severity,
      confidence: cause.confidence,
      recurrenceCount: cause.recurrenceCount,
      durationSeconds: durationSeconds(cause, nowMs),
      metadata: cause.metadata,
    },
  };
}
