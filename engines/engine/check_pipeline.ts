import { showValue } from "../../enums/show_value.ts";
import { MAX_OPERATION_DEPTH } from "../context/context_fields.ts";
import { InvalidContextError } from "../context/context_errors.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { WorkflowDefinition } from "../workflow/define_workflow.ts";
import { StepResult } from "../workflow/step_result.ts";
import type { StepResults, WorkflowStep } from "../workflow/workflow_step.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkOwner, type EngineTerms } from "./check_request.ts";
import { UnknownAgentError } from "./engine_errors.ts";
import type { ExecutePipelineOptions } from "./pipeline.ts";

const OPTION_NAMES: Readonly<Record<keyof ExecutePipelineOptions, true>> = {
  signal: true,
  strictStop: true,
  completed: true,
  ended: true,
};

/**
 * Judges what an engine is asked to carry out, and has no effect.
 *
 * @param definition The workflow; it may be anything.
 * @param context For whom; it may be anything.
 * @param options How; it may be anything.
 * @param terms What it is judged by.
 * @returns The options, copied.
 * @throws {TypeError} when the definition, the context or an option is none.
 * @throws {ContextIsolationError} when the context is of another user, run or thread.
 * @throws {InvalidContextError} when it is nested too deep.
 * @throws {UnknownAgentError} when a step that is still open needs an agent that there is not.
 */
export function checkPipeline(
  definition: WorkflowDefinition,
  context: UserExecutionContext,
  options: ExecutePipelineOptions,
  { context: own, agents }: Omit<EngineTerms, "limits">,
): ExecutePipelineOptions {
  const { steps } = checkDefinition(definition);
  checkDepth(checkOwner(context, own), 1);
  checkOptionNames("executePipeline", options, OPTION_NAMES);
  const completed = checkCompleted(options.completed ?? new Map(), steps);
  const checked = { ...options, signal: checkSignal(options.signal), completed };
  if (checked.ended !== undefined && typeof checked.ended !== "function") {
    throw new TypeError(`ended must be a function, got ${showValue(checked.ended)}`);
  }
  for (const { name, agent } of steps) {
    if (agents.has(agent) || completed.has(name)) continue;
    throw new UnknownAgentError(agent, [...agents.keys()]);
  }
  return checked;
}

/**
 * Makes sure that a workflow is genuine.
 *
 * @param definition The workflow; it may be anything.
 * @returns It.
 * @throws {TypeError} when it is none.
 */
export function checkDefinition(definition: unknown): WorkflowDefinition {
  if (WorkflowDefinition.is(definition)) return definition;
  throw new TypeError(`Expected WorkflowDefinition, got ${showValue(definition)}`);
}

/**
 * Makes sure that parts of the work can have contexts of their own.
 *
 * @param context The context of the whole.
 * @param levels How many levels of parts there are.
 * @throws {InvalidContextError} when it is nested too deep for that.
 */
export function checkDepth({ operationDepth }: UserExecutionContext, levels: number): void {
  const max = MAX_OPERATION_DEPTH - levels;
  if (operationDepth <= max) return;
  const message = `The context's depth must be at most ${max} here, got ${operationDepth}`;
  throw new InvalidContextError("operation_depth", message);
}

/**
 * Makes sure that a signal is one.
 *
 * @param signal The signal; null counts as absent, and it may be anything.
 * @returns The signal; null when it is absent.
 * @throws {TypeError} when it is none.
 */
export function checkSignal(signal: unknown): AbortSignal | null {
  if (signal === undefined || signal === null) return null;
  if (signal instanceof AbortSignal) return signal;
  throw new TypeError(`signal must be an AbortSignal, got ${showValue(signal)}`);
}

function checkCompleted(given: unknown, steps: readonly WorkflowStep[]): StepResults {
  if (!(given instanceof Map)) {
    throw new TypeError(`completed must be a Map, got ${showValue(given)}`);
  }
  const known = steps.map(({ name }) => [name, given.get(name) as unknown] as const)
    .filter(([, result]) => result !== undefined);
  for (const [name, result] of known) {
    if (StepResult.is(result) && result.stepName === name) continue;
    const got = StepResult.is(result) ? `one of ${showValue(result.stepName)}` : showValue(result);
    throw new TypeError(
      `completed must have a StepResult of its step under ${showValue(name)}, got ${got}`,
    );
  }
  return new Map(known as [string, StepResult][]);
}
