import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { RunView } from "../durable/durable_runs_options.ts";
import { RunRefusedError } from "../durable/run_errors.ts";
import { checkRunStoreKey } from "../durable/run_store_key.ts";
import { runKeys } from "../durable/stored_run.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import { planAfter, STANDARD_NAME, TRIAGE_STEP } from "./triage_plans.ts";

/**
 * Makes sure that a store can hold a run and the results of all its steps.
 *
 * @param runId The run.
 * @param definition Its workflow; null for the standard one.
 * @throws {TypeError} when the run's id, or it and the name of a step together, is too long for a key.
 */
export function checkStorable(runId: string, definition: WorkflowDefinition | null): void {
  checkRunStoreKey(runKeys.run(runId));
  for (const { name } of definition?.steps ?? []) checkRunStoreKey(runKeys.result(runId, name));
}

/**
 * Makes sure that a run is the one that is to be gone on with, and its workflow the one by which it was
 * started: else a step that was recorded under another name would have its effects again.
 *
 * @param found What is stored of the run.
 * @param context The context in which it is to go on.
 * @param definition Its workflow; null for the standard one.
 * @throws {RunRefusedError} with the reason `mismatch` when they are not.
 */
export function checkResumable(
  found: RunView,
  context: UserExecutionContext,
  definition: WorkflowDefinition | null,
): void {
  const { runId, userId, threadId, workflow, fingerprint, results } = found;
  const isSame = runId === context.runId && userId === context.userId &&
    threadId === context.threadId && workflow === (definition?.name ?? STANDARD_NAME);
  if (!isSame) throw refusal(runId, "it is of another user, thread, run or workflow than is here");
  const plan = definition ?? planAfter(results.get(TRIAGE_STEP) ?? null);
  const isKnown = [...results.keys()].every((name) => plan.step(name) !== undefined);
  const isUnchanged = fingerprint === null || fingerprint === definition?.fingerprint;
  if (isKnown && isUnchanged) return;
  throw refusal(runId, "its workflow was defined otherwise when it was started");
}

function refusal(runId: string, message: string): RunRefusedError {
  return new RunRefusedError(runId, "mismatch", message);
}
