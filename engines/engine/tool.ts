import type { JsonObject } from "../../enums/records/json_value.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";

/** For whom a tool is called. */
export interface ToolCall {
  /** Whose run it is, and which. */
  readonly context: UserExecutionContext;
  /** Aborts when the agent that called has taken too long, or its run is over. */
  readonly signal: AbortSignal;
}

/**
 * Does something for an agent. What it returns is its answer, which must be plain data; it throws when
 * it fails, and should end soon after its signal aborts. Its parameters are frozen.
 */
export type Tool = (parameters: JsonObject, call: ToolCall) => unknown;
