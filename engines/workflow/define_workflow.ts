import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { isArray, showValue } from "../../enums/show_value.ts";
import { sha256 } from "../context/sha256.ts";
import { canonicalJson } from "./canonical_json.ts";
import {
  readWorkflowStep,
  storableName,
  type WorkflowStep,
  type WorkflowStepOptions,
} from "./workflow_step.ts";
import { workflowFaults } from "./workflow_faults.ts";

/** How many steps a workflow may have. */
export const STEPS_MAX = 100;

/** What a workflow is made of. */
export interface WorkflowOptions {
  /** What it is called: what holds for the name of a step holds for it. */
  readonly name: string;
  /** Its steps, 1 to 100, in any order. */
  readonly steps: readonly WorkflowStepOptions[];
}

/** A workflow: steps, and which of them waits for which. It never changes; `defineWorkflow` makes it. */
export class WorkflowDefinition {
  /** What it is called. */
  readonly name: string;
  /** Its steps, each after those that it waits for, those that run at the end last, else as given. */
  readonly steps: readonly WorkflowStep[];
  readonly #byName: ReadonlyMap<string, WorkflowStep>;
  #fingerprint: string | undefined;

  static {
    // A genuine workflow whose methods somebody replaced would be none.
    Object.freeze(WorkflowDefinition);
    Object.freeze(WorkflowDefinition.prototype);
  }

  /**
   * Makes a workflow, and checks it once for all.
   *
   * @param options Its name and steps.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   * @throws {TypeError} when the class is extended.
   */
  constructor(options: WorkflowOptions) {
    if (new.target !== WorkflowDefinition) {
      throw new TypeError("WorkflowDefinition cannot be extended");
    }
    const { name, steps } = readWorkflow(options);
    this.name = name;
    this.steps = Object.freeze(inOrder(steps));
    this.#byName = new Map(steps.map((step) => [step.name, step]));
    Object.freeze(this);
  }

  /**
   * Recognises a genuine workflow by what cannot be imitated.
   *
   * @param value Anything.
   * @returns Whether this class made it. Never throws, and asks the value nothing.
   */
  static is(value: unknown): value is WorkflowDefinition {
    return typeof value === "object" && value !== null && #byName in value;
  }

  /**
   * SHA-256, in hex, of what makes a recorded result mean the same: the names of the workflow, its
   * steps and their agents, what they wait for, their strategies, which of them run at the end, and
   * which have a condition. What agents are told of their steps, and how long they may take, may
   * change; what a condition says cannot be told.
   */
  get fingerprint(): string {
    this.#fingerprint ??= sha256(canonicalJson([
      this.name,
      ...this.steps.map(({ name, agent, dependsOn, strategy, always, when }) => [
        name,
        agent,
        [...dependsOn].sort(),
        strategy,
        always,
        when !== null,
      ]),
    ]));
    return this.#fingerprint;
  }

  /**
   * Finds a step.
   *
   * @param name Its name.
   * @returns The step; undefined when there is none of that name.
   */
  step(name: string): WorkflowStep | undefined {
    return this.#byName.get(name);
  }
}

/**
 * Defines a workflow: checks names, dependencies and limits once, so that no run can get stuck.
 *
 * Refused are: no step or more than 100, two steps of one name, a dependency on a step that does not
 * exist, or on the step itself, dependencies in a circle, and a step that waits for one that runs
 * at the end without doing so itself.
 *
 * @param options Its name and steps.
 * @returns The workflow, frozen.
 * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
 *
 * @example Two steps at a time, then one, then a report whatever happened
 * ```ts
 * import { defineWorkflow } from "@baton/orchestration/engines";
 *
 * const workflow = defineWorkflow({
 *   name: "costs",
 *   steps: [
 *     { name: "report", always: true },
 *     { name: "advise", dependsOn: ["bills", "usage"], timeoutMs: 10_000 },
 *     { name: "bills", agent: "reader" },
 *     { name: "usage", agent: "reader" },
 *   ],
 * });
 * const order = workflow.steps.map((step) => step.name).join();
 * if (order !== "bills,usage,advise,report") throw new Error("unexpected");
 * ```
 */
export function defineWorkflow(options: WorkflowOptions): WorkflowDefinition {
  return new WorkflowDefinition(options);
}

function readWorkflow(options: unknown): { name: string; steps: readonly WorkflowStep[] } {
  const faults: RecordFault[] = [];
  const { name, steps: given } = (options ?? {}) as Record<string, unknown>;
  storableName(name, { path: "name", isWire: false, faults });
  const isList = isArray(given) && given.length >= 1 && given.length <= STEPS_MAX;
  if (!isList) {
    const got = isArray(given) ? `${given.length} of them` : showValue(given);
    faults.push({
      path: "steps",
      message: `must be an array of 1 to ${STEPS_MAX} steps, got ${got}`,
    });
  }
  const steps = isList
    ? withImplied(Array.from(given, (step, i) => readStep(step, i, faults)))
    : [];
  faults.push(...workflowFaults(steps));
  if (faults.length > 0) throw new InvalidRecordError("WorkflowDefinition", faults);
  return { name: name as string, steps: steps as WorkflowStep[] };
}

/** Reads a step; notes what is wrong with it under its place in the list. */
function readStep(given: unknown, index: number, faults: RecordFault[]): WorkflowStep | null {
  try {
    return readWorkflowStep(given);
  } catch (error) {
    if (!(error instanceof InvalidRecordError)) throw error;
    const place = `steps[${index}]`;
    faults.push(...error.faults.map(({ path, message }) => ({
      path: path === "" ? place : path.startsWith("[") ? place + path : `${place}.${path}`,
      message,
    })));
    return null;
  }
}

/** A conditional step depends on every step that is listed before it. */
function withImplied(steps: readonly (WorkflowStep | null)[]): (WorkflowStep | null)[] {
  return steps.map((step, index) => {
    if (step === null || step.strategy !== AgentExecutionStrategy.CONDITIONAL) return step;
    const before = steps.slice(0, index).filter((other) => other !== null);
    const implied = before.filter(({ always }) => step.always || !always).map(({ name }) => name);
    const dependsOn = Object.freeze([...new Set([...step.dependsOn, ...implied])]);
    return Object.freeze({ ...step, dependsOn });
  });
}

/** Puts each step behind those that it waits for, and those that run at the end last. */
function inOrder(steps: readonly WorkflowStep[]): WorkflowStep[] {
  const rest = [...steps.filter((step) => !step.always), ...steps.filter((step) => step.always)];
  const ordered: WorkflowStep[] = [];
  const placed = new Set<string>();
  while (rest.length > 0) {
    const next = rest.findIndex((step) => step.dependsOn.every((name) => placed.has(name)));
    const [step] = rest.splice(next, 1) as [WorkflowStep];
    ordered.push(step);
    placed.add(step.name);
  }
  return ordered;
}
