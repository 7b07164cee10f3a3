import { SkipReason } from "../../enums/skip_reason.ts";
import { StepStatus } from "../../enums/step_status.ts";
import { normaliseError } from "./normalise_error.ts";
import { StepResult } from "./step_result.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/** A step that will not be run, and why. */
export type SkippedStep =
  | {
    /** The step. */
    readonly step: WorkflowStep;
    /** A step that it depends on did not end well. */
    readonly because: typeof SkipReason.DEPENDENCY;
    /** That step. */
    readonly dependency: string;
  }
  | {
    /** The step. */
    readonly step: WorkflowStep;
    /** Its condition could not be asked. */
    readonly because: typeof SkipReason.CONDITION_FAILED;
    /** What the condition threw, or what is wrong with its answer. */
    readonly error: unknown;
  }
  | {
    /** The step. */
    readonly step: WorkflowStep;
    /** Its condition does not hold, an earlier step failed, or the run was called off. */
    readonly because:
      | typeof SkipReason.CONDITION
      | typeof SkipReason.STRICT_STOP
      | typeof SkipReason.CANCELLED;
  };

/**
 * Makes the result of a step that was not run.
 *
 * @param skipped The step, and why.
 * @param at When that was decided.
 * @returns A result with the status `skipped` that says why in its error and, as `skip_reason`, in its
 * metadata; a failed one when the step's condition could not be asked.
 */
export function skippedResult(skipped: SkippedStep, at: Date | string): StepResult {
  const { step, because } = skipped;
  const common = {
    agentName: step.agent,
    stepName: step.name,
    startedAt: at,
    metadata: { skip_reason: because },
  };
  if (because === SkipReason.CONDITION_FAILED) return normaliseError(skipped.error, common);
  return new StepResult({ ...common, status: StepStatus.SKIPPED, error: explain(skipped) });
}

function explain(skipped: Exclude<SkippedStep, { because: "condition_failed" }>): string {
  switch (skipped.because) {
    case SkipReason.DEPENDENCY:
      return `Not run: "${skipped.dependency}", which it depends on, did not end well`;
    case SkipReason.CONDITION:
      return "Not run: its condition does not hold";
    case SkipReason.STRICT_STOP:
      return "Not run: a step failed, and the workflow stops at the first that does";
    case SkipReason.CANCELLED:
      return "Not run: the run was called off";
    default:
      return skipped satisfies never;
  }
}
