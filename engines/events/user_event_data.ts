import type { UserEventType } from "../../enums/user_event_type.ts";
import { cutText, redact } from "./redact.ts";
import { redactText } from "./redact_text.ts";
import type { UserEventFields } from "./user_event_fields.ts";

/** The data of an event in wire form: keys in snake_case. */
export type UserEventData = Readonly<Record<string, unknown>>;

const PARAMETERS = { textMaxChars: 200 };
const RESULTS = { textMaxChars: 500 };
const ERROR_MAX_CHARS = 300;
const CUSTOM = { textMaxChars: 1_000 };
const NAME_MAX_CHARS = 200;

/** What is shown of progress: by the names of the fields, the keys on the wire. */
const PROGRESS_KEYS = {
  percentage: "percentage",
  currentStep: "current_step",
  totalSteps: "total_steps",
  message: "message",
  status: "status",
  estimatedRemaining: "estimated_remaining",
  progressType: "progress_type",
} as const;

type Builders = { readonly [T in UserEventType]: (fields: UserEventFields[T]) => UserEventData };

const made = new WeakSet<object>();

const BUILDERS: Builders = {
  agent_started: ({ context, message }) => ({
    status: "started",
    context: redact(context, PARAMETERS),
    message: sentence(message ?? "Work has begun"),
  }),
  agent_thinking: ({ reasoning, stepNumber, progressPercentage, businessProgress }) => ({
    reasoning: sentence(reasoning),
    step_number: numberOrNull(stepNumber),
    progress_percentage: numberOrNull(progressPercentage),
    status: "thinking",
    business_progress: redact(businessProgress, CUSTOM),
  }),
  tool_executing: ({ toolName, parameters, message }) => ({
    tool_name: cutText(String(toolName), NAME_MAX_CHARS),
    parameters: redact(parameters, PARAMETERS),
    status: "executing",
    message: sentence(message ?? `Calling ${toolName}`),
  }),
  tool_completed: ({ toolName, result, executionTimeMs, status = "completed", message }) => ({
    tool_name: cutText(String(toolName), NAME_MAX_CHARS),
    result: redact(
      status === "failed" && typeof result === "string" ? redactText(result) : result,
      RESULTS,
    ),
    execution_time_ms: numberOrNull(executionTimeMs),
    status,
    message: sentence(message ?? `${toolName} ${status === "failed" ? "failed" : "answered"}`),
  }),
  agent_completed: ({ status = "completed", result, executionTimeMs, message }) => ({
    status,
    result: redact(result, RESULTS),
    execution_time_ms: numberOrNull(executionTimeMs),
    message: sentence(message ?? `Work has ended: ${status}`),
  }),
  agent_error: errorData,
  agent_death: ({ cause, message }) => ({
    status: "dead",
    death_cause: cause,
    message: cutText(message ?? "Work has stopped; load the page again", ERROR_MAX_CHARS),
    recovery_action: "refresh_required",
  }),
  progress_update: progressData,
  custom: customData,
};

/**
 * Puts what there is to say in an event into wire form: exactly the keys of its type, secrets
 * replaced in what goes into tools and in what comes out, texts and lists cut. Texts are cut at 200
 * characters in parameters, 500 in results, 300 in errors and 1,000 elsewhere; lists after 10 items.
 * The message of an error that is not `userFacing` is not told: its type is.
 *
 * @param type The type of event.
 * @param fields What there is to say.
 * @returns The data.
 *
 * @example A tool is called with a secret
 * ```ts
 * import { userEventData } from "@baton/orchestration/engines";
 *
 * const data = userEventData("tool_executing", {
 *   toolName: "search",
 *   parameters: { query: "costs", apiKey: "s3cret" },
 * });
 * if (JSON.stringify(data).includes("s3cret")) throw new Error("shown");
 * ```
 */
export function userEventData<T extends UserEventType>(
  type: T,
  fields: UserEventFields[T],
): UserEventData {
  const data = Object.freeze(BUILDERS[type](fields));
  made.add(data);
  return data;
}

/**
 * Says whether {@link userEventData} made this, so that its secrets are replaced already.
 *
 * @param data Anything.
 * @returns Whether it did.
 */
export function isUserEventData(data: object): boolean {
  return made.has(data);
}

const ERROR_NAME = /^[A-Za-z_$][\w$.]{0,79}$/;

function errorData(fields: UserEventFields["agent_error"]): UserEventData {
  const { errorMessage, errorType = "Error", agentStep = null, userFacing = false } = fields;
  const { stepType } = fields;
  // Whoever throws names the error, and may write anything there.
  const type = ERROR_NAME.test(String(errorType)) ? String(errorType) : "Error";
  const text = userFacing ? String(errorMessage) : `The agent failed (${type})`;
  return {
    status: "error",
    ...(stepType !== undefined && { step_type: cutText(stepType, NAME_MAX_CHARS) }),
    error_message: cutText(redactText(text), ERROR_MAX_CHARS),
    error_context: {
      error_type: type,
      agent_step: agentStep === null ? null : cutText(agentStep, NAME_MAX_CHARS),
      user_facing: userFacing,
    },
    message: cutText(redactText(fields.message ?? "Something went wrong"), ERROR_MAX_CHARS),
  };
}

function progressData(fields: UserEventFields["progress_update"]): UserEventData {
  const given = Object.entries(PROGRESS_KEYS).flatMap(([name, key]) => {
    const value = fields[name as keyof typeof PROGRESS_KEYS];
    return value === undefined ? [] : [[key, redact(value, CUSTOM)]];
  });
  return Object.fromEntries(given);
}

/** Data of an event is an object, whatever an application without types gives. */
function customData(data: unknown): UserEventData {
  const shown = redact(data, CUSTOM);
  const isObject = typeof shown === "object" && shown !== null && !Array.isArray(shown);
  return isObject ? shown as UserEventData : { value: shown };
}

function sentence(text: string): string {
  return cutText(String(text), CUSTOM.textMaxChars);
}

function numberOrNull(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
