import { StepStatus } from "../../enums/step_status.ts";
import { normaliseError } from "../workflow/normalise_error.ts";
import { StepResult } from "../workflow/step_result.ts";
import type { RunEnding } from "./agent_run.ts";
import type { CheckedRequest } from "./check_request.ts";
import { describeThrown } from "./describe_thrown.ts";
import { JudgedData } from "./plain_data.ts";

/** When a run was. */
export interface RunTimes {
  /** When it began, UTC ISO. */
  readonly startedAt: string;
  /** How long it took from its turn to its end, in ms. */
  readonly executionTimeMs: number;
}

/**
 * Makes the result of an agent's run.
 *
 * @param request What was asked for.
 * @param engineId The engine.
 * @param ending How it ended.
 * @param times When it was.
 * @returns The result; whatever happened, it is data.
 */
export function runResult(
  request: CheckedRequest,
  engineId: string,
  ending: RunEnding,
  times: RunTimes,
): StepResult {
  try {
    return describe(request, engineId, ending, times);
  } catch (error) {
    // What was asked for leaves no room for what the engine adds to it: the run still ends once.
    const { agentName, stepName } = request;
    return normaliseError(error, { agentName, stepName, ...times });
  }
}

function describe(
  request: CheckedRequest,
  engineId: string,
  ending: RunEnding,
  times: RunTimes,
): StepResult {
  const { agentName, stepName, inputsUsed, context, timeoutMs } = request;
  const metadata = {
    ...request.metadata,
    user_isolated: true,
    user_id: context.userId,
    engine_id: engineId,
    context_fingerprint: context.fingerprint,
  };
  const common = { agentName, stepName, inputsUsed, ...times };
  switch (ending.kind) {
    case "completed": {
      const result = new JudgedData(ending.value);
      return new StepResult({ ...common, status: StepStatus.COMPLETED, result, metadata });
    }
    case "failed":
    case "refused":
      return normaliseError(ending.error, {
        agentName,
        stepName,
        ...times,
        metadata: { ...metadata, fallback_result: true },
      });
    case "timed_out":
      return new StepResult({
        ...common,
        status: StepStatus.TIMED_OUT,
        error: `User agent execution timed out after ${inSeconds(timeoutMs)}s`,
        metadata: { ...metadata, timeout: true, timeout_ms: timeoutMs },
      });
    case "cancelled":
      return new StepResult({
        ...common,
        status: StepStatus.CANCELLED,
        error: `User agent execution was cancelled: ${describeThrown(ending.reason)}`,
        metadata: { ...metadata, cancelled: true },
      });
    default:
      return ending satisfies never;
  }
}

/** 25000 is `25.0`, as it always was written; 1 is `0.001`. */
function inSeconds(ms: number): string {
  return ms % 100 === 0 ? (ms / 1000).toFixed(1) : String(ms / 1000);
}
