import { ChannelReader } from "./channel_reader.ts";
import type { EventBody } from "./event_body.ts";
import { EventRing } from "./event_ring.ts";
import { InvalidUserEventError } from "./user_event_errors.ts";
import type { HelloMessage } from "./user_event_message.ts";
import type { UserEventCounts } from "./user_event_metrics.ts";

/** Bounds of a {@link UserEventChannel}. */
export interface UserEventChannelLimits {
  /** How many events are kept. */
  readonly historyMaxEvents: number;
  /** How many bytes they may have together. */
  readonly historyMaxBytes: number;
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
   * The number of the last event it saw; 0 for all that are kept. A number counts only together with
   * its channel: without, all that are kept are given.
   *
   * @default null: only what comes from now on
   */
  readonly after?: number | null;
  /**
   * The channel that gave that number, as `hello` named it.
   *
   * @default null: none that is known
   */
  readonly channel?: string | null;
}

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

  /** How many bytes the kept events have together. */
  get bytes(): number {
    return this.#ring.bytes;
  }

  /**
   * Numbers an event, keeps it, and wakes those who listen.
   *
   * @param body The event.
   * @throws {InvalidUserEventError} when it is another user's.
   */
  publish(body: EventBody): void {
    if (body.userId !== this.userId) {
      throw new InvalidUserEventError("userId", "is not the user of this channel");
    }
    const seq = this.#ring.nextSeq;
    const text = `{"seq":${seq},${body.json.slice(1)}`;
    // The number and its key are ASCII.
    const bytes = body.bytes + text.length - body.json.length;
    this.#ring.add({ seq, text, bytes });
    this.#options.counts.events_sent_total++;
    for (const reader of this.#readers) reader.wake();
  }

  /**
   * Gives up the oldest event that is kept; subscribers that have not taken it are told so.
   *
   * @returns Whether there was one.
   */
  dropOldest(): boolean {
    return this.#ring.dropOldest();
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
    const isOurs = channel === this.id && after <= this.lastSeq;
    return isOurs ? { ...hello, after, resumed: true } : { ...hello, after: 0, resumed: false };
  }
}
