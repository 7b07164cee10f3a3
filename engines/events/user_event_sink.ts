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

/**
 * What a sink did with an event: it was `taken`, or not, and why not. One that is `invalid`,
 * `too_large`, or came after the sink was `closed` never will be taken; `no_room` and `failed` may
 * pass.
 */
export type UserEventOutcome =
  | "taken"
  | "invalid"
  | "too_large"
  | "closed"
  | "no_room"
  | "failed";

/** The short form of an outcome: nothing and true mean `taken`, false means `failed`. */
export type UserEventAnswer = UserEventOutcome | boolean | void;

/** Takes what happens in users' runs. */
export interface UserEventSink {
  /**
   * Takes an event. It should wait for nobody: a run goes on without its answer. To throw or to
   * reject means `failed`; it is counted and breaks no run.
   *
   * @param event What happened.
   * @returns What it did with the event, or a promise of that.
   */
  send(event: UserEvent): UserEventAnswer | PromiseLike<UserEventAnswer>;
}
