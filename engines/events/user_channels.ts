import type { Clock } from "../../clock.ts";
import type { EventBody } from "./event_body.ts";
import { UserEventChannel, type UserEventChannelLimits } from "./user_event_channel.ts";
import type { UserEventCounts } from "./user_event_metrics.ts";

/** Options of {@link UserChannels}. */
export interface UserChannelsOptions extends UserEventChannelLimits {
  /** Says how long a channel was not used. */
  readonly clock: Pick<Clock, "monotonic">;
  /** What is counted. */
  readonly counts: UserEventCounts;
  /** How many users may have a channel. */
  readonly usersMax: number;
  /** How many bytes the kept events of all users may have together. */
  readonly historyTotalMaxBytes: number;
  /** After how long a channel that nobody uses is given up, in ms. */
  readonly idleMs: number;
}

/** A channel that nobody listens to, and since when it was not used, in monotonic ms. */
interface Deserted {
  readonly channel: UserEventChannel;
  readonly sinceMs: number;
}

/**
 * The channels of the users, one each. Those that nobody listens to are given up when they have not
 * been used for long, or when another user needs the room, the longest unused first. When that gives
 * too little room, those that are listened to lose their oldest events.
 */
export class UserChannels {
  readonly #options: UserChannelsOptions;
  /** In the order of their last events. */
  readonly #listened = new Map<string, UserEventChannel>();
  /** In the order of their last use. */
  readonly #deserted = new Map<string, Deserted>();

  #bytes = 0;

  /** @param options How many, and how much each keeps. */
  constructor(options: UserChannelsOptions) {
    this.#options = options;
  }

  /** How many channels there are. */
  get size(): number {
    return this.#listened.size + this.#deserted.size;
  }

  /** How many subscribers all channels have together. */
  get subscriberCount(): number {
    return this.#listened.values().reduce((sum, channel) => sum + channel.subscriberCount, 0);
  }

  /** How many bytes the kept events of all users have together. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Gives an event to the channel of its user, and makes room for it.
   *
   * @param body The event.
   * @returns Whether there is a channel for its user.
   */
  publish(body: EventBody): boolean {
    const channel = this.use(body.userId);
    if (channel === null) return false;
    const before = channel.bytes;
    channel.publish(body);
    this.#bytes += channel.bytes - before;
    if (this.#listened.delete(body.userId)) this.#listened.set(body.userId, channel);
    this.#makeRoom(channel);
    return true;
  }

  /**
   * Finds the channel of a user, or makes it, and counts that as a use.
   *
   * @param userId The user.
   * @returns The channel; null when there are as many as allowed, and all are listened to.
   */
  use(userId: string): UserEventChannel | null {
    const listened = this.#listened.get(userId);
    if (listened !== undefined) return listened;
    this.reclaimIdle();
    const channel = this.#deserted.get(userId)?.channel ?? this.#make(userId);
    if (channel !== null) this.#noteDeserted(channel);
    return channel;
  }

  /** Notes that a channel of {@link UserChannels.use} has a subscriber. */
  noteListened(channel: UserEventChannel): void {
    this.#deserted.delete(channel.userId);
    this.#listened.set(channel.userId, channel);
  }

  /**
   * Gives up the channels that nobody has used for long.
   *
   * @returns How many.
   */
  reclaimIdle(): number {
    const { clock, idleMs, counts } = this.#options;
    const beforeMs = clock.monotonic() - idleMs;
    let reclaimed = 0;
    for (const [userId, { sinceMs }] of this.#deserted) {
      if (sinceMs > beforeMs) break;
      this.#giveUp(userId);
      reclaimed++;
    }
    counts.channels_reclaimed_total += reclaimed;
    return reclaimed;
  }

  /** Ends all subscriptions and gives up all channels. */
  close(): void {
    for (const channel of [...this.#listened.values()]) channel.close();
    this.#listened.clear();
    this.#deserted.clear();
    this.#bytes = 0;
  }

  #makeRoom(written: UserEventChannel): void {
    while (this.#bytes > this.#options.historyTotalMaxBytes) {
      if (!this.#evict(written) && !this.#displaceOldest(written)) return;
    }
  }

  /** Gives up the longest unused channel, but not the one that was written just now. */
  #evict(written: UserEventChannel | null): boolean {
    const [longestUnused] = this.#deserted.keys();
    if (longestUnused === undefined || longestUnused === written?.userId) return false;
    this.#giveUp(longestUnused);
    this.#options.counts.channels_evicted_total++;
    return true;
  }

  /** Takes the oldest event of the channel whose last event is the oldest. */
  #displaceOldest(written: UserEventChannel): boolean {
    const asked = this.#listened.entries().take(this.#listened.size);
    for (const [userId, channel] of asked) {
      if (channel === written) return false;
      const before = channel.bytes;
      if (channel.dropOldest()) {
        this.#bytes += channel.bytes - before;
        this.#options.counts.events_displaced_total++;
        return true;
      }
      // It has nothing to give: the others are asked before it from now on.
      this.#listened.delete(userId);
      this.#listened.set(userId, channel);
    }
    return false;
  }

  #giveUp(userId: string): void {
    this.#bytes -= this.#deserted.get(userId)?.channel.bytes ?? 0;
    this.#deserted.delete(userId);
  }

  #make(userId: string): UserEventChannel | null {
    if (this.size >= this.#options.usersMax && !this.#evict(null)) return null;
    const channel: UserEventChannel = new UserEventChannel({
      ...this.#options,
      userId,
      onDeserted: () => this.#noteDeserted(channel),
    });
    return channel;
  }

  #noteDeserted(channel: UserEventChannel): void {
    const { userId } = channel;
    this.#listened.delete(userId);
    this.#deserted.delete(userId);
    this.#deserted.set(userId, { channel, sinceMs: this.#options.clock.monotonic() });
  }
}
