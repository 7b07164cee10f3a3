import { isObject } from "../../enums/records/field.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import { StepStatus } from "../../enums/step_status.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import { redactText } from "../events/redact_text.ts";
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
  events.started({
    context: {
      status: "started",
      step_name: request.stepName,
      user_isolated: true,
      user_id: request.context.userId,
      engine_id: engineId,
      context: request.metadata,
    },
    message: `${request.agentName} was asked to begin`,
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
  events.thinking(`Starting execution of ${request.agentName} agent...`);
  const text = userRequestOf(input);
  if (text !== null) {
    // A character is at most two units long.
    const characters = [...text.slice(0, 2 * REQUEST_SHOWN_CHARS)].slice(0, REQUEST_SHOWN_CHARS);
    events.thinking(`Processing request: ${characters.join("")}...`);
  }
}

/**
 * Tells the user how an agent ended. What it threw is for whoever gets the result, and for the user
 * only when it was meant so.
 *
 * @param events Whose events.
 * @param result How it ended.
 * @param engineId The engine.
 */
export function tellEnd(events: AgentEvents, result: StepResult, engineId: string): void {
  const { agentName, stepName, success, executionTimeMs, metadata } = result;
  const status = EVENT_STATUS[result.status];
  const message = `${agentName} has ended: ${status}`;
  const isLate = status === "timeout";
  const userMessage = isLate ? result.error : metadata["user_message"] ?? null;
  if (isLate || status === "failed") {
    events.tell(UserEventType.AGENT_ERROR, {
      errorMessage: String(userMessage ?? result.error),
      errorType: isLate ? "TimeoutError" : String(metadata["error_type"]),
      agentStep: stepName,
      userFacing: userMessage !== null,
    });
  }
  events.ended({
    status,
    executionTimeMs,
    message,
    result: {
      agent_name: agentName,
      success,
      duration_ms: executionTimeMs,
      status: success ? "completed" : "failed",
      user_isolated: true,
      user_id: metadata["user_id"],
      engine_id: engineId,
      error: success ? null : redactText(String(userMessage ?? message)),
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
