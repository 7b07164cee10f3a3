import { ChannelReader } from "./channel_reader.ts";
import { EventRing } from "./event_ring.ts";
import { InvalidUserEventError } from "./user_event_errors.ts";
import { type HelloMessage, userEventMessage } from "./user_event_message.ts";
import type { UserEventCounts } from "./user_event_metrics.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** Bounds of a {@link UserEventChannel}. */
export interface UserEventChannelLimits {
  /** How many events are kept. */
  readonly historyMaxEvents: number;
  /** How many bytes they may have together. */
  readonly historyMaxBytes: number;
  /** How many bytes one event may have. */
  readonly eventMaxBytes: number;
}

/** Options of {@link UserEventChannel}. */
export interface UserEventChannelOptions extends UserEventChannelLimits {
  /** Whose events these are. */
  readonly userId: string;
  /** What is counted. */
  readonly counts: UserEventCounts;
  /** Told when the last subscriber has left. */
  readonly onDeserted?: () => void;
}

/** Where a subscriber stopped. */
export interface ResumePoint {
  /**
   * The number of the last event it saw; 0 for all that are kept.
   *
   * @default null: only what comes from now on
   */
  readonly after?: number | null;
  /**
   * The channel that gave that number, as `hello` named it.
   *
   * @default null: taken for this one
   */
  readonly channel?: string | null;
}

const encoder = new TextEncoder();

/**
 * The events of one user, numbered from 1 without gaps, the last of them kept for those who come
 * back. An event of another user is refused.
 */
export class UserEventChannel {
  /** Names this series of numbers. */
  readonly id: string = crypto.randomUUID();
  readonly #options: UserEventChannelOptions;
  readonly #ring: EventRing;
  readonly #readers = new Set<ChannelReader>();

  /** @param options Whose events, and how much of them is kept. */
  constructor(options: UserEventChannelOptions) {
    this.#options = options;
    this.#ring = new EventRing({
      maxEvents: options.historyMaxEvents,
      maxBytes: options.historyMaxBytes,
    });
  }

  /** Whose events these are. */
  get userId(): string {
    return this.#options.userId;
  }

  /** How many listen. */
  get subscriberCount(): number {
    return this.#readers.size;
  }

  /** The number of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.#ring.nextSeq - 1;
  }

  /**
   * Numbers an event, keeps it, and wakes those who listen. An event that is too large gets no
   * number.
   *
   * @param event The event.
   * @returns Whether it was kept; false when it was too large.
   * @throws {InvalidUserEventError} when it is of another user, or not valid.
   */
  publish(event: UserEvent): boolean {
    if (event.userId !== this.userId) {
      throw new InvalidUserEventError("userId", "is not the user of this channel");
    }
    const seq = this.#ring.nextSeq;
    const text = JSON.stringify(userEventMessage(event, seq));
    const bytes = encoder.encode(text).length;
    if (bytes > this.#options.eventMaxBytes) {
      this.#options.counts.events_too_large_total++;
      return false;
    }
    this.#ring.add({ seq, text, bytes });
    this.#options.counts.events_sent_total++;
    for (const reader of this.#readers) reader.wake();
    return true;
  }

  /**
   * Adds a subscriber. One that stopped in a series of numbers that is not known any more gets all
   * that is kept.
   *
   * @param from Where it stopped.
   * @returns Its subscription.
   */
  subscribe(from: ResumePoint = {}): ChannelReader {
    const reader = new ChannelReader({
      ring: this.#ring,
      hello: this.#helloFor(from),
      counts: this.#options.counts,
      leave: (one) => {
        this.#readers.delete(one);
        if (this.#readers.size === 0) this.#options.onDeserted?.();
      },
    });
    this.#readers.add(reader);
    return reader;
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const reader of [...this.#readers]) reader.end();
  }

  #helloFor({ after = null, channel = null }: ResumePoint): HelloMessage {
    const hello = { type: "hello", channel: this.id } as const;
    if (after === null) return { ...hello, after: this.lastSeq, resumed: false };
    const isOurs = (channel === null || channel === this.id) && after <= this.lastSeq;
    return isOurs ? { ...hello, after, resumed: true } : { ...hello, after: 0, resumed: false };
  }
}
