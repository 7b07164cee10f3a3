import type { TimeoutTier } from "../../enums/timeout_tier.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";

/**
 * Where an agent runs: `inline`, in this thread, for code that is trusted; `worker`, in a thread of its
 * own without permissions, which cannot hold up this one, but which Deno 2.9.6 cannot end while it
 * loops; or `process`, in a process of its own without permissions, which is killed when the run ends.
 */
export type AgentIsolation = "inline" | "worker" | "process";

/** What is asked of an engine. */
export interface AgentRequest {
  /** The agent, by the name that the engine has it under. */
  readonly agentName: string;
  /** For whom: a context of the engine's own user, thread and run. */
  readonly context: UserExecutionContext;
  /** The step that it is. @default the agent's name */
  readonly stepName?: string;
  /** How long the agent may take, in ms. @default what the tier or else the engine allows */
  readonly timeoutMs?: number;
  /** The plan of the user, which says how long the agent may take. @default none */
  readonly tier?: TimeoutTier;
  /**
   * Where it runs. A module may be asked for in a stricter place than its own, never in a laxer one.
   *
   * @default `inline` for a function, else what the module says
   */
  readonly isolation?: AgentIsolation;
  /** What else is to stand in the result's metadata, with wire keys. @default none */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The steps whose results the state holds: the lineage of the result. @default none */
  readonly inputsUsed?: readonly string[];
}

/** How a request is carried out. */
export interface ExecuteAgentOptions {
  /** Calls it off: the result then has the status `cancelled`. */
  readonly signal?: AbortSignal | null;
}
