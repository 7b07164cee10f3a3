import type { RecoveryResult } from "../../enums/recovery_result.ts";
import type { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { StepInputs } from "./step_inputs.ts";

/**
 * One entry of the history: an action that was asked for, what was decided about it, by what, and
 * what became of it. Plain data with wire keys; one JSON line of the audit.
 */
export interface RecoveryActionDict {
  /** Its number in its lane, from 0, without gaps. */
  readonly seq: number;
  /** Identifies the decision; the `executionId` that the action was given, when it ran. */
  readonly id: string;
  /** When it was decided, UTC ISO. */
  readonly timestamp: string;
  /** When the action ended, UTC ISO; null when it did not run. */
  readonly ended_at: string | null;
  /** The action. */
  readonly action_type: string;
  /** The type of the anomaly, the name of the threshold, or the action that was asked for. */
  readonly anomaly_type: string;
  /** How severe it was, from 0 to 1. */
  readonly severity_score: number;
  /** How sure the detection was, from 0 to 1. */
  readonly confidence: number;
  /** How often it had come back. */
  readonly recurrence_count: number;
  /** Why the action was asked for, for people. */
  readonly reason: string;
  /** What became of it. */
  readonly result: RecoveryResult;
  /** Whether it ran and succeeded. */
  readonly success: boolean;
  /** Why it failed or was not run, for people; null when it succeeded. */
  readonly error: string | null;
  /** How long it took, attempts and pauses between them included, in seconds; 0 when it did not run. */
  readonly duration_seconds: number;
  /** Whether it was a dry run. */
  readonly dry_run: boolean;
  /** What the action was given. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What it was asked for by. */
  readonly trigger: RecoveryTrigger;
  /** The chain it belongs to. */
  readonly chain_id: string;
  /** Which step of the chain it is, from 1. */
  readonly step: number;
  /** How many steps the chain has. */
  readonly steps: number;
  /** Whether the step was brought on by what became of the one before it. */
  readonly escalated: boolean;
  /** The condition of the step. */
  readonly condition: string;
  /** How many attempts were made. */
  readonly attempts: number;
  /** Whether it was seen to help; null when nobody looked. */
  readonly verified: boolean | null;
  /** How often it was looked whether it helped. */
  readonly verification_attempts: number;
  /** What the action reported; null for nothing. */
  readonly report: string | null;
  /** The lane: `cluster`, or a node's own. */
  readonly lane: string;
  /** The node that put it on record. */
  readonly node: string;
  /** The term in which it was decided; null outside a cluster. */
  readonly term: number | null;
  /** Who asked for it; null when nobody did. */
  readonly actor: string | null;
  /** The request that asked for it; null for none. */
  readonly request_id: string | null;
  /** How often the same was refused for the same reason right after this. */
  readonly repeats: number;
  /** When that was last, UTC ISO; null for never. */
  readonly last_repeated_at: string | null;
  /** What it was decided by. */
  readonly inputs: StepInputs;
}
