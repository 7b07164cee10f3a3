import type { EventRing } from "./event_ring.ts";
import type { HelloMessage, LaggedMessage } from "./user_event_message.ts";
import type { UserEventCounts } from "./user_event_metrics.ts";
import type {
  SubscriptionListener,
  UserEventDelivery,
  UserEventSubscription,
} from "./user_event_subscription.ts";

/** What a {@link ChannelReader} is made of. */
export interface ChannelReaderParts {
  /** The events of the user. */
  readonly ring: EventRing;
  /** What the subscriber is told first. */
  readonly hello: HelloMessage;
  /** What is counted. */
  readonly counts: UserEventCounts;
  /** Takes the subscription out of its channel. */
  readonly leave: (subscription: ChannelReader) => void;
}

/** One reader of a channel: a {@link UserEventSubscription} on its history. */
export class ChannelReader implements UserEventSubscription {
  /** What a client is told first. */
  readonly hello: HelloMessage;
  readonly #parts: ChannelReaderParts;
  #nextSeq: number;
  #listener: SubscriptionListener | null = null;
  #isClosed = false;
  #isWoken = false;

  /** @param parts The events, and where to begin. */
  constructor(parts: ChannelReaderParts) {
    this.#parts = parts;
    this.hello = parts.hello;
    this.#nextSeq = parts.hello.after + 1;
  }

  /** Whether nothing more comes. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Names who is told when there is something to take. One at a time: another takes its place.
   *
   * @param listener Who. What it throws is counted and harms nobody else.
   */
  listen(listener: SubscriptionListener): void {
    this.#listener = listener;
    this.wake();
  }

  /**
   * Takes what comes next.
   *
   * @returns An event, or a notice of events that are missing; null when there is nothing for now.
   */
  take(): UserEventDelivery | null {
    if (this.#isClosed) return null;
    const { ring, counts } = this.#parts;
    const { oldestSeq } = ring;
    if (this.#nextSeq < oldestSeq) return this.#skipTo(oldestSeq);
    const event = ring.get(this.#nextSeq);
    if (event === undefined) return null;
    this.#nextSeq++;
    counts.deliveries_total++;
    return { kind: "event", seq: event.seq, text: event.text };
  }

  /** Tells the listener that there is something, later and once, so that it delays nobody. */
  wake(): void {
    if (this.#isWoken || this.#listener === null || this.#isClosed) return;
    this.#isWoken = true;
    queueMicrotask(() => {
      this.#isWoken = false;
      if (!this.#isClosed) this.#tell("ready");
    });
  }

  /** Ends the subscription because the hub is closed, and says so. */
  end(): void {
    if (this.#isClosed) return;
    this.close();
    this.#tell("closed");
  }

  /** Ends the subscription. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.leave(this);
  }

  /** Ends the subscription. */
  [Symbol.dispose](): void {
    this.close();
  }

  #skipTo(seq: number): UserEventDelivery {
    const notice: LaggedMessage = { type: "lagged", from: this.#nextSeq, to: seq - 1 };
    this.#parts.counts.lagged_total++;
    this.#parts.counts.events_missed_total += seq - this.#nextSeq;
    this.#nextSeq = seq;
    return { kind: "lagged", notice };
  }

  #tell(what: keyof SubscriptionListener): void {
    try {
      this.#listener?.[what]();
    } catch {
      this.#parts.counts.subscriber_faults_total++;
    }
  }
}
