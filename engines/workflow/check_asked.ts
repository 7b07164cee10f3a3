import type { Clock } from "../../clock.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { checkDepth, checkSignal } from "../engine/check_pipeline.ts";
import { InactiveEngineError, UnknownAgentError } from "../engine/engine_errors.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import { checkStorable } from "./check_durable.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import { OrchestratorEvents } from "./orchestrator_events.ts";

/** A run that may begin, or be gone on with. */
export interface Asked {
  /** Whether it begins or is gone on with. */
  readonly kind: "start" | "resume";
  /** Its workflow; null for the standard one. */
  readonly definition: WorkflowDefinition | null;
  /** For whom. */
  readonly context: UserExecutionContext;
  /** Calls it off; null when nobody does. */
  readonly signal: AbortSignal | null;
  /** Tells its user. */
  readonly events: OrchestratorEvents;
}

/** What is asked for: the signal may be anything. */
export type Asking = Omit<Asked, "events" | "signal"> & {
  /** Calls it off. */
  readonly signal: AbortSignal | null | undefined;
};

/** What it is judged by. */
export interface AskedTerms {
  /** Runs the agents. */
  readonly engine: UserExecutionEngine;
  /** Whether it is recorded. */
  readonly isDurable: boolean;
  /** Who takes events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** The passage of time. */
  readonly clock: Clock;
}

/**
 * Judges what an orchestrator is asked for, and has no effect. Of a run that is gone on with, a step
 * may have its result already, so that its agent need not be there any more.
 *
 * @param asking What is asked for.
 * @param terms What it is judged by.
 * @returns What may be carried out.
 * @throws {InactiveEngineError} when the engine was cleaned up.
 * @throws {UnknownAgentError} when a step of the workflow needs an agent that there is not.
 * @throws {InvalidContextError} when the context is nested too deep.
 * @throws {TypeError} when the signal is none, or a name cannot be recorded.
 */
export function checkAsked(asking: Asking, { engine, isDurable, sink, clock }: AskedTerms): Asked {
  const { kind, definition, context } = asking;
  if (!engine.isActive) throw new InactiveEngineError(engine.engineId);
  checkDepth(context, 2); // its step has one, and the call of the agent
  if (isDurable) checkStorable(context.runId, definition);
  const { agentNames } = engine;
  for (const { agent } of kind === "start" ? definition?.steps ?? [] : []) {
    if (!agentNames.includes(agent)) throw new UnknownAgentError(agent, agentNames);
  }
  const signal = checkSignal(asking.signal);
  return { ...asking, signal, events: new OrchestratorEvents({ context, sink, clock }) };
}
