import { StepResult, type StepResultOptions } from "../../engines/workflow/step_result.ts";

/** When the steps of tests begin. */
export const AT = "2026-01-01T10:00:00.000Z";

/** A step that completed. */
export function completed(name: string, more: Partial<StepResultOptions> = {}): StepResult {
  return new StepResult({ agentName: name, status: "completed", startedAt: AT, ...more });
}

/** A step that ended otherwise. */
export function ended(name: string, status: StepResult["status"], error = "why"): StepResult {
  return new StepResult({ agentName: name, status, startedAt: AT, error });
}

/** Results by step, as a run has them. */
export function resultsOf(...results: StepResult[]): Map<string, StepResult> {
  return new Map(results.map((result) => [result.stepName, result]));
}
