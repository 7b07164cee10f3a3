import { normaliseError } from "../workflow/normalise_error.ts";
import type { StepResult } from "../workflow/step_result.ts";
import { excessBytes } from "./run_store_change.ts";
import { ANY_NONCE, writeResult } from "./stored_run.ts";

/**
 * Makes sure that a result can be recorded. One that cannot would be lost with the process, so that
 * nothing may build on it.
 *
 * @param result The result.
 * @returns It; or a failed one in its place when it takes more than 60,000 bytes as JSON.
 */
export function recordableResult(result: StepResult): StepResult {
  const excess = excessBytes(writeResult(result, ANY_NONCE));
  if (excess === 0) return result;
  const { agentName, stepName, startedAt, executionTimeMs } = result;
  const error = new RangeError(
    `The result is ${excess} bytes too large to be recorded: keep it elsewhere and return where`,
  );
  return normaliseError(error, { agentName, stepName, startedAt, executionTimeMs });
}
