import type { RecoveryResult } from "../../enums/recovery_result.ts";
import type { RecoveryTrigger } from "../../enums/recovery_trigger.ts";

/**
 * What is decided about an action, or about an anomaly as a whole: `run`, a refusal, `asked` when a
 * policy is asked that was not, `not_asked` when nothing asks for the action, `unknown` when it
 * depends on what became of actions that never ran.
 */
export type ReplayOutcome = RecoveryResult | "run" | "asked" | "not_asked" | "unknown";

/** How a decision compares with the recorded one. */
export type ReplayChange =
  /** It is the same. */
  | "same"
  /** It is another one. */
  | "changed"
  /** There was none: the step is new. */
  | "added"
  /** There is none: nothing asks for the action any more. */
  | "gone"
  /** It cannot be told. */
  | "unknown";

/** One decision, as it was recorded and as other rules make it. Keys are wire keys. */
export interface ReplayedDecisionDict {
  /** The entry of the history; null for a step that is new. */
  readonly id: string | null;
  /** When it was decided, or when what it is derived from was, UTC ISO. */
  readonly timestamp: string;
  /** The lane. */
  readonly lane: string;
  /** The chain; "" for an anomaly that began none. */
  readonly chain_id: string;
  /** What it was about. */
  readonly anomaly_type: string;
  /** How severe that was, from 0 to 1. */
  readonly severity_score: number;
  /** What began it. */
  readonly trigger: RecoveryTrigger;
  /** The action; "" for an anomaly that gave no reason to ask for one. */
  readonly action_type: string;
  /** Which step of the recorded chain it was, from 1; null when it was none. */
  readonly step: number | null;
  /** Which step it is now, from 1; null when it is none. */
  readonly replayed_step: number | null;
  /** What was decided. */
  readonly recorded: ReplayOutcome;
  /** What is decided now. */
  readonly replayed: ReplayOutcome;
  /** How the two compare. */
  readonly change: ReplayChange;
  /** Why it was so; null when it ran, or was not asked. */
  readonly recorded_reason: string | null;
  /** Why it is so now; null when it runs and there is nothing more to say. */
  readonly replayed_reason: string | null;
  /** Whether it was decided by inputs that nobody recorded for it. */
  readonly assumed: boolean;
  /** How often the recorded one was repeated; these are not replayed. */
  readonly repeats: number;
}

/** What other rules would have decided. Plain data with wire keys. */
export interface ReplayReport {
  /** Whether any decision differs. */
  readonly differs: boolean;
  /** How many decisions there are of each kind. */
  readonly counts: {
    /** Recorded decisions that were made again. */
    readonly replayed: number;
    /** Those that are the same. */
    readonly same: number;
    /** Those that are others. */
    readonly changed: number;
    /** Steps that are new. */
    readonly added: number;
    /** Decisions that nothing asks for any more. */
    readonly gone: number;
    /** Decisions that cannot be told. */
    readonly unknown: number;
    /** Those among all of these that were decided by inputs that nobody recorded for them. */
    readonly assumed: number;
  };
  /** The decisions, chain by chain in the order in which these began. */
  readonly decisions: readonly ReplayedDecisionDict[];
  /** What a replay cannot know, for people; what does not concern this history is left out. */
  readonly limits: readonly string[];
}
