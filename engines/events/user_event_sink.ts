import type { UserEventType } from "../../enums/user_event_type.ts";

/** Something that happened in a user's run. */
export interface UserEvent {
  /** What happened. */
  readonly type: UserEventType;
  /** Whose run it is: the only one who is told. */
  readonly userId: string;
  /** The conversation it belongs to. */
  readonly threadId: string;
  /** The run. */
  readonly runId: string;
  /** The agent; null for the run as a whole. */
  readonly agentName: string | null;
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** What else there is to say: plain data with wire keys, as the type of event has them. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Takes what happens in users' runs. */
export interface UserEventSink {
  /**
   * Takes an event. It must not throw and waits for nobody: what cannot be delivered is counted.
   *
   * @param event What happened.
   */
  send(event: UserEvent): void;
}
