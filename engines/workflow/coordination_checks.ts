import { StepStatus } from "../../enums/step_status.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import type { Handoff } from "./handoff.ts";
import type { StepResult } from "./step_result.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/** A step that ran, with what was around it. */
export interface CoordinatedStep extends Omit<Handoff, "agentName"> {
  /** How it ended. */
  readonly result: StepResult;
  /** Identifies the user, thread and run whose context it ran in. */
  readonly contextFingerprint: string;
}

/** A run that is to be judged. */
export interface CoordinationCheck {
  /** The run's id. */
  readonly workflowId: string;
  /** What it should have done. */
  readonly definition: WorkflowDefinition;
  /** Identifies the user, thread and run that it belongs to: any text, not empty. */
  readonly contextFingerprint: string;
  /** The steps that ran, in the order in which they ended. Skipped ones are passed over. */
  readonly steps: readonly CoordinatedStep[];
}

/**
 * Leaves out the steps that were skipped.
 *
 * @param check The run.
 * @returns The steps that ran, in the order in which they ended.
 */
export function executedSteps(check: CoordinationCheck): readonly CoordinatedStep[] {
  return check.steps.filter(({ result }) => result.status !== StepStatus.SKIPPED);
}

/**
 * Looks for steps that ran too early, twice, without what they depend on, or at all.
 *
 * @param check The run.
 * @returns What is wrong, such as `A executed before dependency B`.
 */
export function orderViolations(check: CoordinationCheck): string[] {
  const executed = executedSteps(check).map(({ result }) => result);
  return executed.flatMap((result, i) => {
    const step = check.definition.step(result.stepName);
    if (step === undefined) return [`${result.stepName} is no step of the workflow`];
    const earlier = executed.slice(0, i);
    const isRepeated = earlier.some(({ stepName }) => stepName === result.stepName);
    return [
      ...(isRepeated ? [`${result.stepName} executed more than once`] : []),
      ...step.dependsOn.flatMap((name) =>
        dependencyViolation(step, name, earlier, executed.slice(i + 1)) ?? []
      ),
    ];
  });
}

/** Steps that always run wait for others, and do not need them to end well. */
function dependencyViolation(
  step: WorkflowStep,
  name: string,
  earlier: readonly StepResult[],
  later: readonly StepResult[],
): string | null {
  const dependency = earlier.find(({ stepName }) => stepName === name);
  if (dependency === undefined && later.some(({ stepName }) => stepName === name)) {
    return `${step.name} executed before dependency ${name}`;
  }
  if (step.always || dependency?.success === true) return null;
  return dependency === undefined
    ? `${step.name} executed without dependency ${name}`
    : `${step.name} executed although dependency ${name} did not complete`;
}

/**
 * Looks for breaks in the lineage that results state of themselves: a step that completed must have
 * used what its dependencies completed, and no step may have used what had not completed before it.
 *
 * @param check The run.
 * @returns What is wrong.
 */
export function lineageViolations(check: CoordinationCheck): string[] {
  const completed = new Set<string>();
  return executedSteps(check).flatMap(({ result }) => {
    const { stepName, inputsUsed, success } = result;
    const needed = success ? check.definition.step(stepName)?.dependsOn ?? [] : [];
    const unused = needed.filter((name) => completed.has(name) && !inputsUsed.includes(name));
    const unfounded = inputsUsed.filter((name) => !completed.has(name));
    if (success) completed.add(stepName);
    return [
      ...unused.map((name) => `${stepName} did not use the result of dependency ${name}`),
      ...unfounded.map((name) => `${stepName} used a result of ${name}, which had not completed`),
    ];
  });
}

/**
 * Looks for steps that ran in a context other than the run's.
 *
 * @param check The run.
 * @returns What is wrong. The fingerprints are not shown.
 */
export function isolationViolations(check: CoordinationCheck): string[] {
  const { contextFingerprint } = check;
  if (contextFingerprint === "") return ["the run has no context fingerprint"];
  return executedSteps(check)
    .filter((step) => step.contextFingerprint !== contextFingerprint)
    .map(({ result }) => `${result.stepName} ran in another context than the run's`);
}
