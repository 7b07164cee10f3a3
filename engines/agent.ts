import type { UserExecutionContext } from "./context/user_execution_context.ts";

/** What an agent is given. */
export interface AgentCall {
  /** Whose run it is, and which. */
  readonly context: UserExecutionContext;
  /** What the agent works on: what the caller, or the step of a workflow, gives it; frozen data. */
  readonly input: unknown;
  /** Aborts when the agent has taken too long, or its run is over. */
  readonly signal: AbortSignal;
  /**
   * Calls a tool of the engine.
   *
   * @param name The tool.
   * @param parameters What it is given: plain data.
   * @returns What it answered.
   * @throws {ToolError} when there is no such tool, or it failed.
   */
  callTool(name: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /**
   * Tells the user what the agent is about.
   *
   * @param reasoning In a sentence.
   * @param progressPercentage How far it is, 0 to 100.
   */
  think(reasoning: string, progressPercentage?: number): void;
}

/**
 * Does a part of a workflow for one user. What it returns is its result; it throws when it fails, and
 * should end soon after its signal aborts.
 */
export type Agent = (call: AgentCall) => unknown;
