import type { Clock } from "../../clock.ts";
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
 * been used for long, or when another user needs the room, the longest unused first.
 */
export class UserChannels {
  readonly #options: UserChannelsOptions;
  readonly #listened = new Map<string, UserEventChannel>();
  /** In the order of their last use. */
  readonly #deserted = new Map<string, Deserted>();

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
      this.#deserted.delete(userId);
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
  }

  #make(userId: string): UserEventChannel | null {
    const { usersMax, counts } = this.#options;
    if (this.size >= usersMax) {
      const [longestUnused] = this.#deserted.keys();
      if (longestUnused === undefined) return null;
      this.#deserted.delete(longestUnused);
      counts.channels_evicted_total++;
    }
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
