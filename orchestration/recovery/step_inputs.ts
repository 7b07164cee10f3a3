import type { RecoveryResult } from "../../enums/recovery_result.ts";
import type { ConditionContext } from "./condition_context.ts";
import type { GateFacts } from "./gate_facts.ts";

/**
 * What a step was decided by, besides the rules: plain data with wire keys, kept with each decision,
 * so that it can be made again with other rules.
 */
export interface StepInputs {
  /** What the step's condition was asked about. */
  readonly context: ConditionContext;
  /** How the step before ended; null when there is none. */
  readonly previous_result: RecoveryResult | null;
  /** How often in a row the step before has failed, this time included. */
  readonly previous_failures: number;
  /** Whether the action may run in any phase. */
  readonly force: boolean;
  /** What the gate went by. */
  readonly facts: GateFacts;
}
