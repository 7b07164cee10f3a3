import { findCycles } from "../../config/schemas/find_cycles.ts";
import type { RecordFault } from "../../enums/records/invalid_record_error.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/**
 * Finds what is wrong between the steps of a workflow, each of which is right by itself.
 *
 * @param steps The steps as given; null for those that could not be read.
 * @returns Everything that is wrong, each with its place. A name that only a step has that could not
 * be read is taken for known.
 */
export function workflowFaults(steps: readonly (WorkflowStep | null)[]): RecordFault[] {
  const known = new Map<string, WorkflowStep>();
  const faults: RecordFault[] = [];
  steps.forEach((step, index) => {
    if (step === null) return;
    if (known.has(step.name)) {
      const message = `is the name of an earlier step too: ${JSON.stringify(step.name)}`;
      faults.push({ path: `steps[${index}].name`, message });
    } else known.set(step.name, step);
  });
  const isComplete = !steps.includes(null);
  steps.forEach((step, index) => {
    if (step !== null) faults.push(...dependencyFaults(step, index, known, isComplete));
  });
  const needs = new Map([...known].map(([name, step]) => [name, step.dependsOn]));
  const circles = findCycles(needs).map((names) => ({
    path: "steps",
    message: `depend on each other in a circle: ${[...names, names[0]].join(" -> ")}`,
  }));
  return [...faults, ...circles];
}

function dependencyFaults(
  step: WorkflowStep,
  index: number,
  known: ReadonlyMap<string, WorkflowStep>,
  isComplete: boolean,
): RecordFault[] {
  return step.dependsOn.flatMap((name, i) => {
    const fault = dependencyFault(step, name, known, isComplete);
    return fault === null ? [] : [{ path: `steps[${index}].dependsOn[${i}]`, message: fault }];
  });
}

function dependencyFault(
  step: WorkflowStep,
  name: string,
  known: ReadonlyMap<string, WorkflowStep>,
  isComplete: boolean,
): string | null {
  const shown = JSON.stringify(name);
  if (name === step.name) return `must not be the step itself: ${shown}`;
  const dependency = known.get(name);
  if (dependency === undefined) {
    return isComplete ? `names no step of the workflow: ${shown}` : null;
  }
  if (!dependency.always || step.always) return null;
  return `names a step that runs at the end, which ${JSON.stringify(step.name)} does not: ${shown}`;
}
