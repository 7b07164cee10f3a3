import { StepStatus } from "../../enums/step_status.ts";
import { UserFacingError } from "../user_facing_error.ts";
import { StepResult, type StepResultOptions } from "./step_result.ts";

/** How long the text of an error may be; the rest is cut off. */
const ERROR_LENGTH_MAX = 1_000;

/** What is known of a step that failed, besides its error. */
export interface FailedStep
  extends Omit<StepResultOptions, "status" | "error" | "result" | "inputsUsed"> {
  /** How it ended. @default StepStatus.FAILED */
  readonly status?: Exclude<StepStatus, "completed">;
}

/**
 * Makes a failed result of whatever was thrown, so that a failure is data like any other end. It
 * never throws for the sake of what was thrown.
 *
 * @param error What was thrown: anything.
 * @param step Which step it was, when it began, how long it took; what its metadata say stays.
 * @returns The result. Its `error` is `Agent execution failed: …`, cut to 1,000 characters; its
 * metadata gain `error_type` and `original_error`, and `user_message` of a {@link UserFacingError}.
 * @throws {InvalidRecordError} when what is said of the step cannot be.
 *
 * @example An agent that threw
 * ```ts
 * import { normaliseError } from "@baton/orchestration/engines";
 *
 * const result = normaliseError(new RangeError("too much"), {
 *   agentName: "data",
 *   startedAt: "2026-01-01T10:00:00Z",
 * });
 * if (result.error !== "Agent execution failed: too much") throw new Error("unexpected");
 * if (result.metadata["error_type"] !== "RangeError") throw new Error("unexpected");
 * ```
 */
export function normaliseError(error: unknown, step: FailedStep): StepResult {
  const { type, message, userMessage } = describe(error);
  return new StepResult({
    ...step,
    status: step.status ?? StepStatus.FAILED,
    error: `Agent execution failed: ${message}`,
    metadata: {
      ...step.metadata,
      error_type: type,
      original_error: message,
      ...(userMessage === null ? {} : { user_message: userMessage }),
    },
  });
}

interface Description {
  readonly type: string;
  readonly message: string;
  readonly userMessage: string | null;
}

function describe(error: unknown): Description {
  try {
    const { type, message } = error instanceof Error
      ? { type: error.name, message: error.message }
      : { type: error === null ? "null" : typeof error, message: String(error) };
    const told = UserFacingError.messageIn(error);
    const userMessage = told === null ? null : cut(String(told));
    return { type: cut(String(type)), message: cut(String(message)), userMessage };
  } catch {
    const message = "what was thrown cannot be shown as text";
    return { type: typeof error, message, userMessage: null };
  }
}

function cut(text: string): string {
  return text.length > ERROR_LENGTH_MAX ? `${text.slice(0, ERROR_LENGTH_MAX)}…` : text;
}
