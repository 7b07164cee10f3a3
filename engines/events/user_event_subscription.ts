import type { HelloMessage, LaggedMessage } from "./user_event_message.ts";

/** What a subscriber is given next. */
export type UserEventDelivery =
  | {
    /** An event. */
    readonly kind: "event";
    /** Its number. */
    readonly seq: number;
    /** The JSON of its {@link UserEventMessage}. */
    readonly text: string;
  }
  | {
    /** A notice that events are missing here. */
    readonly kind: "lagged";
    /** Which. */
    readonly notice: LaggedMessage;
  };

/** What a subscriber is told. */
export interface SubscriptionListener {
  /** There is something to take; told once until it is taken. */
  ready(): void;
  /** The hub is closed; nothing more comes. */
  closed(): void;
}

/**
 * A place in a user's events, from which a subscriber takes at its own pace. It has no buffer of its
 * own: what it has not taken stays in the bounded history of the user, and when that has gone on, the
 * subscriber is told which events it missed. So a burst larger than the history, sent without a turn
 * of the event loop, is missed in part by everybody.
 */
export interface UserEventSubscription extends Disposable {
  /** What a client is told first. */
  readonly hello: HelloMessage;
  /** Whether nothing more comes. */
  readonly isClosed: boolean;
  /**
   * Names who is told when there is something to take. One at a time: another takes its place.
   *
   * @param listener Who. What it throws is counted and harms nobody else.
   */
  listen(listener: SubscriptionListener): void;
  /**
   * Takes what comes next.
   *
   * @returns An event, or a notice of events that are missing; null when there is nothing for now.
   */
  take(): UserEventDelivery | null;
  /** Ends the subscription. */
  close(): void;
}
