import type { Clock } from "../../clock.ts";
import { UserEventType } from "../../enums/user_event_type.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { OrderedEvents } from "../events/ordered_events.ts";
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
  /** Told of an event that was out of order, or not taken. */
  readonly onFault: () => void;
}

/**
 * Tells the user what one agent does in one call: it starts once, before all else, and ends once,
 * after all else. What comes later is not sent. No method throws.
 */
export class AgentEvents {
  readonly #agentName: string;
  readonly #events: OrderedEvents;
  #stepNumber = 0;

  /**
   * Makes the events of one call, none of which is sent yet.
   *
   * @param parts Whose events, and who takes them.
   */
  constructor({ sink, context, agentName, clock, onFault }: AgentEventsParts) {
    this.#agentName = agentName;
    this.#events = new OrderedEvents({ sink, ids: context, clock, onViolation: onFault, onFault });
  }

  /** Says that the agent was asked to begin. */
  started(fields: UserEventFields["agent_started"]): void {
    this.#events.send("start", this.#agentName, UserEventType.AGENT_STARTED, fields);
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
    this.#events.send("middle", this.#agentName, type, fields);
  }

  /** Says how the agent ended. */
  ended(fields: UserEventFields["agent_completed"]): void {
    this.#events.send("end", this.#agentName, UserEventType.AGENT_COMPLETED, fields);
  }
}
