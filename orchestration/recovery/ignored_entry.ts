import type { RecoveryResult } from "../../enums/recovery_result.ts";
import type { GateFacts } from "./gate_facts.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { ChainCause } from "./recovery_chain.ts";
import type { RecoveryLane } from "./recovery_lane.ts";

/** Options of {@link ignoredEntry}. */
export interface IgnoredEntryOptions {
  /** Why nothing was asked for. */
  readonly result: RecoveryResult;
  /** From which severity on something would have been; null when there is no policy. */
  readonly threshold: number | null;
  /** The moment, in ms since 1970. */
  readonly nowMs: number;
  /** The lane. */
  readonly lane: Pick<RecoveryLane, "name" | "node" | "term">;
}

/** What the gate would have gone by: nothing was asked of it. */
const NO_FACTS: Omit<GateFacts, "at_ms"> = {
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
};

/** @returns The entry of an anomaly that gave no reason to ask for an action. */
export function ignoredEntry(
  cause: ChainCause,
  { result, threshold, nowMs, lane }: IgnoredEntryOptions,
): Omit<RecoveryActionDict, "seq"> {
  const severity = cause.severity.toFixed(2);
  return {
    id: crypto.randomUUID(),
    timestamp: new Date(nowMs).toISOString(),
    ended_at: null,
    action_type: "",
    anomaly_type: cause.type,
    severity_score: cause.severity,
    confidence: cause.confidence,
    recurrence_count: cause.recurrenceCount,
    reason: `${cause.reason} (severity=${severity})`,
    result,
    success: false,
    error: threshold === null
      ? "no policy is about it"
      : `severity ${severity} is below the threshold ${threshold}`,
    duration_seconds: 0,
    dry_run: false,
    params: {},
    trigger: cause.trigger,
    chain_id: "",
    step: 0,
    steps: 0,
    escalated: false,
    condition: "",
    attempts: 0,
    verified: null,
    verification_attempts: 0,
    report: null,
    lane: lane.name,
    node: lane.node,
    term: lane.term?.term ?? null,
    actor: cause.actor,
    request_id: cause.requestId,
    repeats: 0,
    last_repeated_at: null,
    inputs: {
      context: {
        severity: cause.severity,
        recurrence_count: cause.recurrenceCount,
        confidence: cause.confidence,
        duration: Math.max(0, nowMs - cause.detectedMs) / 1_000,
      },
      previous_result: null,
      previous_failures: 0,
      force: false,
      facts: { at_ms: nowMs, ...NO_FACTS },
    },
  };
}
