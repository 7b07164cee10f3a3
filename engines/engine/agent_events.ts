import type { Clock } from "../../clock.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { userEventData } from "../events/user_event_data.ts";
import type { UserEventFields } from "../events/user_event_fields.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";

/** What {@link AgentEvents} are made of. */
export interface AgentEventsParts {
  /** Who takes the events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** Whose events they are. */
  readonly context: UserExecutionContext;
  /** The agent. */
  readonly agentName: string;
  /** Says when they happened. */
  readonly clock: Pick<Clock, "now">;
  /** Told of an event that was not handed over. */
  readonly onFault: () => void;
}

/**
 * Tells the user what one agent does in one call: it starts once, before all else, and ends once,
 * after all else. What comes later is not sent. No method throws.
 */
export class AgentEvents {
  readonly #parts: AgentEventsParts;
  #stepNumber = 0;
  #stage: "new" | "started" | "ended" = "new";

  /**
   * Makes the events of one call, none of which is sent yet.
   *
   * @param parts Whose events, and who takes them.
   */
  constructor(parts: AgentEventsParts) {
    this.#parts = parts;
  }

  /** Whether somebody takes the events, so that there is a point in preparing them. */
  get isHeard(): boolean {
    return this.#parts.sink !== null;
  }

  /** Says that the agent was asked to begin. */
  started(fields: UserEventFields["agent_started"]): void {
    if (this.#stage !== "new") return this.#parts.onFault();
    this.#stage = "started";
    this.#send(UserEventType.AGENT_STARTED, fields);
  }

  /** Says that the agent waits for its turn: its thought number 0. */
  queued(): void {
    const reasoning = "Request queued due to user load: other agents of yours are still at work";
    this.tell(UserEventType.AGENT_THINKING, { reasoning, stepNumber: 0 });
  }

  /** Says what the agent is about: its thoughts have numbers from 1. */
  thinking(reasoning: string, progressPercentage: number | null = null): void {
    const stepNumber = ++this.#stepNumber;
    this.tell(UserEventType.AGENT_THINKING, { reasoning, stepNumber, progressPercentage });
  }

  /** Says what happens while the agent is at work. */
  tell<T extends UserEventType>(type: T, fields: UserEventFields[T]): void {
    if (this.#stage !== "started") return this.#parts.onFault();
    this.#send(type, fields);
  }

  /** Says how the agent ended. */
  ended(fields: UserEventFields["agent_completed"]): void {
    if (this.#stage !== "started") return this.#parts.onFault();
    this.#stage = "ended";
    this.#send(UserEventType.AGENT_COMPLETED, fields);
  }

  #send<T extends UserEventType>(type: T, fields: UserEventFields[T]): void {
    const { sink, context, agentName, clock, onFault } = this.#parts;
    if (sink === null) return;
    try {
      const { userId, threadId, runId } = context;
      const timestamp = new Date(clock.now()).toISOString();
      const data = userEventData(type, fields);
      const answer: unknown = sink.send({
        type,
        userId,
        threadId,
        runId,
        agentName,
        timestamp,
        data,
      });
      // Nothing should come back; a sink that says no, or does so later, must not harm the run.
      if (answer === false) onFault();
      if (answer instanceof Promise) answer.catch(onFault);
    } catch {
      onFault();
    }
  }
}
