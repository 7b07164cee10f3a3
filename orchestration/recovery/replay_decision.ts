import { RecoveryResult } from "../../enums/recovery_result.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { ReplayChange, ReplayedDecisionDict, ReplayOutcome } from "./replay_report.ts";

/** What is decided, and whether the inputs are those that were recorded for it. */
export interface Replayed {
  /** What is decided. */
  readonly outcome: ReplayOutcome;
  /** Why; null when there is nothing to say. */
  readonly reason: string | null;
  /** Whether by inputs that nobody recorded for it. */
  readonly assumed: boolean;
}

/** @returns What was decided: an action that ran was decided to, whatever became of it. */
export function outcomeOf({ result }: RecoveryActionDict): ReplayOutcome {
  return result === RecoveryResult.SUCCESS || result === RecoveryResult.FAILED ? "run" : result;
}

/** @returns The decision that nothing asks for any more. */
export function goneDecision(entry: RecoveryActionDict, reason: string): ReplayedDecisionDict {
  return {
    ...decisionOf(entry, { outcome: "not_asked", reason, assumed: false }, {
      step: entry.step,
      recorded: outcomeOf(entry),
      replayedStep: null,
    }),
    change: "gone",
  };
}

/** @returns A recorded decision beside the one that is made now. */
export function decisionOf(
  entry: RecoveryActionDict,
  { outcome, reason, assumed }: Replayed,
  { step, recorded, replayedStep }: {
    readonly step: number | null;
    readonly recorded: ReplayOutcome;
    readonly replayedStep: number | null;
  },
): ReplayedDecisionDict {
  return {
    id: entry.id,
    timestamp: entry.timestamp,
    lane: entry.lane,
    chain_id: entry.chain_id,
    anomaly_type: entry.anomaly_type,
    severity_score: entry.severity_score,
    trigger: entry.trigger,
    action_type: entry.action_type,
    step,
    replayed_step: replayedStep,
    recorded,
    replayed: outcome,
    change: changeOf(recorded, outcome),
    recorded_reason: recorded === "run"
      ? entry.error && `${entry.result}: ${entry.error}`
      : entry.error,
    replayed_reason: reason,
    assumed,
    repeats: entry.repeats,
  };
}

function changeOf(recorded: ReplayOutcome, replayed: ReplayOutcome): ReplayChange {
  if (replayed === "unknown") return "unknown";
  return recorded === replayed ? "same" : "changed";
}
