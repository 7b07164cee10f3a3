import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import { SkipReason } from "../../enums/skip_reason.ts";
import { StepStatus } from "../../enums/step_status.ts";
import { showValue } from "../../enums/show_value.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import type { SkippedStep } from "./skipped_step.ts";
import type { StepResults, WorkflowStep } from "./workflow_step.ts";

/** How far a run has come. */
export interface WorkflowProgress {
  /** The results so far by step. What the workflow does not have is passed over. */
  readonly results: StepResults;
  /** The steps that run now. @default none */
  readonly running?: ReadonlySet<string>;
  /** Whether the run was called off: nothing begins any more. @default false */
  readonly isCancelled?: boolean;
  /** How many more steps may begin now; the others wait. @default any number */
  readonly mayBegin?: number;
}

/** What holds for a run as a whole. */
export interface WorkflowPolicy {
  /**
   * Whether nothing begins any more once a step has failed, not even the steps that otherwise run at
   * the end. @default false
   */
  readonly strictStop?: boolean;
}

/** What is to be done about a run. */
export type WorkflowDecision =
  | {
    /** Something is to begin, or ends without having begun. */
    readonly kind: "act";
    /** The steps that may run now, all at the same time. */
    readonly run: readonly WorkflowStep[];
    /** The steps that will not be run, and why: each ends by this. */
    readonly skip: readonly SkippedStep[];
  }
  | {
    /** Nothing, until one of the running steps has ended. */
    readonly kind: "wait";
  }
  | {
    /** Nothing any more: every step has ended. */
    readonly kind: "over";
  };

/** How a step stands while a decision is being made. */
type Standing = "open" | "well" | "badly";

/**
 * Decides which steps of a workflow may run now, and which will not be run. Pure, as far as the
 * conditions of the steps are.
 *
 * A step may run when everything that it depends on has completed and its condition holds. It is
 * skipped when one of them failed or was skipped, or when its condition does not hold. Steps that
 * `always` run begin when all others have ended, however they did, one behind the other where they
 * depend on each other. Under `strictStop`, and in a run that was called off, nothing begins.
 *
 * A step whose strategy is `sequential` begins when nothing runs, and nothing begins beside it; while
 * it is ready and waits for that, nothing that is listed behind it begins. What a `conditional` step
 * waits for its workflow has put into its dependencies.
 *
 * @param definition The workflow.
 * @param progress What has ended and what runs.
 * @param policy What holds for the run as a whole.
 * @returns The decision. What it skips, or runs, must be in the progress of the next call.
 *
 * @example A failed step takes with it what depends on it, and the report still runs
 * ```ts
 * import { defineWorkflow, normaliseError, readySteps } from "@baton/orchestration/engines";
 *
 * const workflow = defineWorkflow({
 *   name: "costs",
 *   steps: [
 *     { name: "data" },
 *     { name: "advice", dependsOn: ["data"] },
 *     { name: "report", always: true },
 *   ],
 * });
 * const failed = normaliseError(new Error("no data"), {
 *   agentName: "data",
 *   startedAt: "2026-01-01T10:00:00Z",
 * });
 * const decision = readySteps(workflow, { results: new Map([["data", failed]]) });
 * if (decision.kind !== "act") throw new Error("unexpected");
 * if (decision.skip[0]?.step.name !== "advice") throw new Error("unexpected");
 * if (decision.run[0]?.name !== "report") throw new Error("unexpected");
 * ```
 */
export function readySteps(
  definition: WorkflowDefinition,
  progress: WorkflowProgress,
  policy: WorkflowPolicy = {},
): WorkflowDecision {
  const standings = new Standings(progress.results);
  const stop = stopOf(definition, progress, policy);
  const turns = new Turns(definition, progress);
  const run: WorkflowStep[] = [];
  const skip: SkippedStep[] = [];
  let isWorkOpen = false;
  // Each step stands behind what it depends on, so that one pass sees the skips it makes itself.
  for (const step of definition.steps) {
    if (progress.results.has(step.name)) continue;
    const verdict = progress.running?.has(step.name) === true
      ? "wait"
      : judge(step, stop, standings, isWorkOpen) ?? turns.ask(step, progress.results);
    if (verdict === "run") run.push(step);
    if (typeof verdict === "object") skip.push(verdict);
    const isOpen = typeof verdict !== "object";
    standings.set(step.name, isOpen ? "open" : "badly");
    if (isOpen && !step.always) isWorkOpen = true;
  }
  if (run.length > 0 || skip.length > 0) return { kind: "act", run, skip };
  return { kind: standings.hasOpen ? "wait" : "over" };
}

type Stop = typeof SkipReason.CANCELLED | typeof SkipReason.STRICT_STOP;

type Verdict = "run" | "wait" | SkippedStep;

/** How the steps stand that a step may depend on: by their results, and by the decision so far. */
class Standings {
  readonly #results: StepResults;
  readonly #decided = new Map<string, Standing>();

  constructor(results: StepResults) {
    this.#results = results;
  }

  get hasOpen(): boolean {
    return [...this.#decided.values()].includes("open");
  }

  set(name: string, standing: Standing): void {
    this.#decided.set(name, standing);
  }

  of(name: string): Standing {
    return this.#decided.get(name) ?? (this.#results.get(name)?.success ? "well" : "badly");
  }
}

/** Says whose turn it is among the steps that nothing else keeps from beginning. */
class Turns {
  /** How many run, or begin now. */
  #busy: number;
  #mayBegin: number;
  /** Whether a step that runs alone runs, begins now, or waits for the others to end. */
  #isHeld: boolean;

  constructor(definition: WorkflowDefinition, { results, running, mayBegin }: WorkflowProgress) {
    const steps = [...running ?? []].map((name) =>
      results.has(name) ? null : definition.step(name)
    );
    const begun = steps.filter((step) => step !== null && step !== undefined);
    this.#busy = begun.length;
    this.#isHeld = begun.some(isAlone);
    this.#mayBegin = mayBegin ?? Infinity;
  }

  /** Conditions are asked when it is their step's turn, and of one that runs alone a bit earlier. */
  ask(step: WorkflowStep, results: StepResults): Verdict {
    if (this.#isHeld || this.#mayBegin < 1) return "wait";
    const verdict = askCondition(step, results);
    if (verdict !== "run") return verdict;
    this.#isHeld = isAlone(step);
    if (this.#isHeld && this.#busy > 0) return "wait";
    this.#busy++;
    this.#mayBegin--;
    return "run";
  }
}

function isAlone({ strategy }: WorkflowStep): boolean {
  return strategy === AgentExecutionStrategy.SEQUENTIAL;
}

/** @returns Why nothing begins any more; null when it does. */
function stopOf(
  definition: WorkflowDefinition,
  progress: WorkflowProgress,
  policy: WorkflowPolicy,
): Stop | null {
  if (progress.isCancelled === true) return SkipReason.CANCELLED;
  const isStopped = policy.strictStop === true && hasFailed(definition, progress.results);
  return isStopped ? SkipReason.STRICT_STOP : null;
}

/** @returns What keeps a step from beginning; null when nothing but its turn does. */
function judge(
  step: WorkflowStep,
  stop: Stop | null,
  standings: Standings,
  isWorkOpen: boolean,
): Verdict | null {
  const isWaiting = step.dependsOn.some((name) => standings.of(name) === "open");
  // What runs at the end ends last also where it is skipped.
  if (step.always && (isWaiting || isWorkOpen)) return "wait";
  if (stop !== null) return { step, because: stop };
  if (step.always) return null;
  const broken = step.dependsOn.find((name) => standings.of(name) === "badly");
  if (broken !== undefined) return { step, because: SkipReason.DEPENDENCY, dependency: broken };
  return isWaiting ? "wait" : null;
}

function askCondition(step: WorkflowStep, results: StepResults): Verdict {
  if (step.when === null) return "run";
  let answer: unknown;
  try {
    answer = step.when(new Map(results)); // of its own: a run's results are nobody's to change
  } catch (error) {
    return { step, because: SkipReason.CONDITION_FAILED, error };
  }
  if (typeof answer === "boolean") return answer ? "run" : { step, because: SkipReason.CONDITION };
  const error = new TypeError(`The condition must answer true or false, got ${showValue(answer)}`);
  return { step, because: SkipReason.CONDITION_FAILED, error };
}

/** A skipped step is no failure by itself: its condition may not have held. */
function hasFailed({ steps }: WorkflowDefinition, results: StepResults): boolean {
  return steps.some(({ name }) => {
    const status = results.get(name)?.status ?? StepStatus.SKIPPED;
    return status !== StepStatus.COMPLETED && status !== StepStatus.SKIPPED;
  });
}
