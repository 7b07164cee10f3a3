import { isObject } from "../../enums/records/field.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import { StepStatus } from "../../enums/step_status.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import type { StepResult } from "../workflow/step_result.ts";
import type { AgentEvents } from "./agent_events.ts";
import type { CheckedRequest } from "./check_request.ts";

/** How much of what the user asked is repeated. */
const REQUEST_SHOWN_CHARS = 100;

/** How a result's status is called in events. */
const EVENT_STATUS = {
  [StepStatus.COMPLETED]: "completed",
  [StepStatus.FAILED]: "failed",
  [StepStatus.TIMED_OUT]: "timeout",
  [StepStatus.CANCELLED]: "cancelled",
  [StepStatus.SKIPPED]: "cancelled",
} as const;

/**
 * Tells the user that an agent was asked to begin.
 *
 * @param events Whose events.
 * @param request What was asked for.
 * @param engineId The engine.
 */
export function tellStart(events: AgentEvents, request: CheckedRequest, engineId: string): void {
  if (!events.isHeard) return events.started({});
  events.started({
    context: {
      status: "started",
      step_name: request.stepName,
      user_isolated: true,
      user_id: request.context.userId,
      engine_id: engineId,
      context: request.metadata,
    },
    message: `${request.agentName} has begun`,
  });
}

/**
 * Tells the user that it is the agent's turn, and repeats what the user asked.
 *
 * @param events Whose events.
 * @param request What was asked for.
 * @param input What the agent works on; a text in it that is the user's request is repeated.
 */
export function tellWork(events: AgentEvents, request: CheckedRequest, input: JsonValue): void {
  if (!events.isHeard) return;
  events.thinking(`Starting execution of ${request.agentName} agent...`);
  const text = userRequestOf(input);
  if (text !== null) {
    events.thinking(`Processing request: ${[...text].slice(0, REQUEST_SHOWN_CHARS).join("")}...`);
  }
}

/**
 * Tells the user how an agent ended.
 *
 * @param events Whose events.
 * @param result How it ended.
 * @param engineId The engine.
 */
export function tellEnd(events: AgentEvents, result: StepResult, engineId: string): void {
  if (!events.isHeard) {
    return events.ended({ result: null, executionTimeMs: result.executionTimeMs });
  }
  const { agentName, stepName, success, executionTimeMs, error } = result;
  if (result.status === StepStatus.FAILED) {
    const errorType = String(result.metadata["error_type"]);
    events.tell(UserEventType.AGENT_ERROR, {
      errorMessage: error ?? "",
      errorType,
      agentStep: stepName,
    });
  }
  events.ended({
    status: EVENT_STATUS[result.status],
    executionTimeMs,
    result: {
      agent_name: agentName,
      success,
      duration_ms: executionTimeMs,
      status: success ? "completed" : "failed",
      user_isolated: true,
      user_id: result.metadata["user_id"],
      engine_id: engineId,
      error,
      result: result.result,
    },
  });
}

/** What the user asked: the input itself, or `user_request` of it or of its state. */
function userRequestOf(input: unknown): string | null {
  if (typeof input === "string") return input;
  if (!isObject(input)) return null;
  const { user_request: text, state } = input as Readonly<Record<string, unknown>>;
  if (typeof text === "string") return text;
  return state === undefined ? null : userRequestOf(state);
}
