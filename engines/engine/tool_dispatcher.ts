import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import { assertCurrentContext, runInContext } from "../context/current_context.ts";
import type { WorkParts } from "./agent_work.ts";
import { UserFacingError } from "../user_facing_error.ts";
import { describeThrown } from "./describe_thrown.ts";
import { plainData } from "./plain_data.ts";
import type { Tool } from "./tool.ts";
import { ToolError } from "./tool_error.ts";

/**
 * Calls tools for one agent in one call. It fails closed: a tool that does not exist, that throws, or
 * that answers what is no plain data, gives an error and never an answer.
 */
export class ToolDispatcher {
  readonly #parts: Omit<WorkParts, "input">;

  /**
   * Makes a dispatcher, and calls nothing.
   *
   * @param parts The tools, and for whom.
   */
  constructor(parts: Omit<WorkParts, "input">) {
    this.#parts = parts;
  }

  /**
   * Calls a tool.
   *
   * @param name The tool.
   * @param given What it is given.
   * @returns What it answered, frozen.
   * @throws {ToolError} when it gave no answer.
   * @throws {ContextIsolationError} when the checks are on and this runs in another user's context.
   */
  async call(name: string, given: unknown = {}): Promise<JsonValue> {
    const { tools, context, signal, events, clock } = this.#parts;
    assertCurrentContext(context);
    if (signal.aborted) throw new ToolError(name, "run_ended", "the agent's run has ended");
    const tool = tools.get(name);
    if (tool === undefined) throw new ToolError(name, "unknown_tool", "there is no such tool");
    const parameters = readToolParameters(name, given);
    events.tell(UserEventType.TOOL_EXECUTING, { toolName: name, parameters });
    const startedAtMs = clock.monotonic();
    const tell = (status: "completed" | "failed", result: unknown) => {
      if (signal.aborted) return;
      const executionTimeMs = clock.monotonic() - startedAtMs;
      events.tell(UserEventType.TOOL_COMPLETED, {
        toolName: name,
        result,
        executionTimeMs,
        status,
      });
    };
    try {
      const answer = await this.#run(name, tool, parameters);
      tell("completed", answer);
      return answer;
    } catch (error) {
      tell("failed", shownOf(name, error));
      throw error;
    }
  }

  async #run(name: string, tool: Tool, parameters: JsonObject): Promise<JsonValue> {
    const { context, signal } = this.#parts;
    const answer = await unlessAborted(name, signal, async () => {
      try {
        return await runInContext(context, () => tool(parameters, { context, signal }));
      } catch (error) {
        throw new ToolError(name, "failed", describeThrown(error), error);
      }
    });
    try {
      return plainData("answer", answer);
    } catch (error) {
      throw new ToolError(name, "invalid_answer", "its answer is no plain data", error);
    }
  }
}

/** What a tool threw is for the agent; the user reads what was meant for the user. */
function shownOf(name: string, error: unknown): string {
  const isOwn = error instanceof ToolError && error.reason !== "failed";
  return UserFacingError.messageIn(error) ?? (isOwn ? error.message : `${name} failed`);
}

/**
 * Reads what an agent gives to a tool.
 *
 * @param name The tool.
 * @param given Anything.
 * @returns A copy, frozen.
 * @throws {ToolError} when it is no plain data.
 */
export function readToolParameters(name: string, given: unknown): JsonObject {
  let copy: JsonValue;
  try {
    copy = plainData("parameters", given);
  } catch (error) {
    throw new ToolError(name, "invalid_parameters", "its parameters are no plain data", error);
  }
  if (typeof copy === "object" && copy !== null && !Array.isArray(copy)) return copy as JsonObject;
  throw new ToolError(name, "invalid_parameters", "its parameters must be an object");
}

/** Does something, but does not wait for it once the run has ended. */
async function unlessAborted<T>(
  name: string,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new ToolError(name, "run_ended", "the agent's run has ended"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([run(), promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
