import { showValue } from "../../enums/show_value.ts";

/** An engine that was cleaned up was asked to do something. */
export class InactiveEngineError extends Error {
  /** Tells this error from others. */
  override readonly name = "InactiveEngineError";
  /** A stable code for programs. */
  readonly code = "INACTIVE_ENGINE";
  /** The engine. */
  readonly engineId: string;

  /**
   * Makes the error.
   *
   * @param engineId The engine.
   */
  constructor(engineId: string) {
    super(`UserExecutionEngine ${engineId} is no longer active`);
    this.engineId = engineId;
  }
}

/** An engine was asked for an agent that it does not have. */
export class UnknownAgentError extends Error {
  /** Tells this error from others. */
  override readonly name = "UnknownAgentError";
  /** A stable code for programs. */
  readonly code = "UNKNOWN_AGENT";
  /** The name that was asked for. */
  readonly agentName: string;

  /**
   * Makes the error.
   *
   * @param agentName The name that was asked for.
   * @param known The names of the agents that there are.
   */
  constructor(agentName: string, known: readonly string[]) {
    const names = known.length === 0 ? "none" : known.slice(0, 10).join(", ");
    super(`Cannot execute the agent ${showValue(agentName)}: the engine has ${names}`);
    this.agentName = agentName;
  }
}

/** An agent cannot be run in the way that was asked for. */
export class AgentIsolationError extends Error {
  /** Tells this error from others. */
  override readonly name = "AgentIsolationError";
  /** A stable code for programs. */
  readonly code = "AGENT_ISOLATION";
  /** The agent. */
  readonly agentName: string;

  /**
   * Makes the error.
   *
   * @param agentName The agent.
   * @param why What stands against it.
   * @param cause What went wrong; left out when nothing did.
   */
  constructor(agentName: string, why: string, cause?: unknown) {
    super(`Cannot run the agent ${showValue(agentName)} so: ${why}`, { cause });
    this.agentName = agentName;
  }
}
