import { UserChannels } from "./user_channels.ts";
import { eventBody } from "./event_body.ts";
import { checkEventIds } from "./event_ids.ts";
import type { ResumePoint } from "./user_event_channel.ts";
import { InvalidUserEventError, SubscriptionRefusedError } from "./user_event_errors.ts";
import { type UserEventHubOptions, userEventHubOptions } from "./user_event_hub_options.ts";
import {
  newUserEventCounts,
  type UserEventCounter,
  type UserEventCounts,
  type UserEventMetrics,
} from "./user_event_metrics.ts";
import type { UserEvent, UserEventOutcome, UserEventSink } from "./user_event_sink.ts";
import type { UserEventSubscription } from "./user_event_subscription.ts";

/** What is counted of an event; one that was taken, its channel counts. */
const COUNTERS = {
  taken: null,
  invalid: "events_invalid_total",
  too_large: "events_too_large_total",
  closed: "events_dropped_total",
  no_room: "events_dropped_total",
} as const;

/**
 * Brings what happens in users' runs to those who listen, each user's to that user alone: numbered,
 * in order, and for a while also to those who come back.
 *
 * Not guaranteed: that anybody listens, or that events outlive the process; what came of a run is in
 * its result. Channels that nobody uses are given up during later use of the hub, for it starts no
 * timer; call {@link UserEventHub.reclaimIdle} to have it sooner. At most `historyTotalMaxBytes` are
 * kept; whoever was pushed out is told when they come back.
 *
 * @example Listen to a user
 * ```ts
 * import { UserEventHub } from "@baton/orchestration/engines";
 *
 * using hub = new UserEventHub();
 * using mine = hub.subscribe("u-81");
 * using other = hub.subscribe("u-82");
 * hub.send({
 *   type: "custom",
 *   userId: "u-81",
 *   threadId: "t-1",
 *   runId: "r-1",
 *   agentName: null,
 *   timestamp: "2026-01-01T00:00:00.000Z",
 *   data: { found: 3 },
 * });
 * const delivery = mine.take();
 * if (delivery?.kind !== "event" || delivery.seq !== 1) throw new Error("unexpected");
 * if (other.take() !== null) throw new Error("told somebody else");
 * ```
 */
export class UserEventHub implements UserEventSink, Disposable {
  readonly #options: Required<UserEventHubOptions>;
  readonly #counts: UserEventCounts = newUserEventCounts();
  readonly #channels: UserChannels;
  #isClosed = false;

  /**
   * Makes a hub without channels.
   *
   * @param options Its bounds.
   * @throws {RangeError} when one is out of range.
   */
  constructor(options: UserEventHubOptions = {}) {
    this.#options = userEventHubOptions(options);
    this.#channels = new UserChannels({ ...this.#options, counts: this.#counts });
  }

  /** How events fared so far. */
  get metrics(): UserEventMetrics {
    const { size: channels, subscriberCount: subscribers, bytes } = this.#channels;
    return { ...this.#counts, channels, subscribers, history_bytes: bytes };
  }

  /**
   * Takes an event for its user. Never throws and waits for nobody; what is not valid, too large or
   * finds no room is counted.
   *
   * @param event What happened.
   * @returns What became of it.
   */
  send(event: UserEvent): UserEventOutcome {
    const outcome = this.#take(event);
    const counter = COUNTERS[outcome];
    if (counter !== null) this.count(counter);
    return outcome;
  }

  /**
   * Listens to a user's events.
   *
   * @param userId The user: whoever asks must have been found to be that user.
   * @param from Where the subscriber stopped.
   * @returns The subscription.
   * @throws {InvalidUserEventError} when the user id is blank or made up.
   * @throws {SubscriptionRefusedError} when a bound is reached, or the hub is closed.
   */
  subscribe(userId: string, from: ResumePoint = {}): UserEventSubscription {
    checkEventIds({ userId, threadId: "-", runId: "-" });
    checkAfter(from.after ?? null);
    const { usersMax, subscribersPerUserMax } = this.#options;
    if (this.#isClosed) throw this.#refusal(new SubscriptionRefusedError("closed", 0));
    const channel = this.#channels.use(userId);
    if (channel === null) {
      throw this.#refusal(new SubscriptionRefusedError("too_many_users", usersMax));
    }
    if (channel.subscriberCount >= subscribersPerUserMax) {
      throw this.#refusal(
        new SubscriptionRefusedError("too_many_subscribers", subscribersPerUserMax),
      );
    }
    const subscription = channel.subscribe(from);
    this.#channels.noteListened(channel);
    return subscription;
  }

  /**
   * Gives up the channels that nobody has used for long. Their numbers begin anew, which clients that
   * come back are told.
   *
   * @returns How many.
   */
  reclaimIdle(): number {
    return this.#channels.reclaimIdle();
  }

  /**
   * Counts something that happened to a delivery outside.
   *
   * @param what What happened.
   */
  count(what: UserEventCounter): void {
    this.#counts[what]++;
  }

  /** Ends all subscriptions; events that still come are dropped and counted. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#channels.close();
  }

  #take(event: UserEvent): keyof typeof COUNTERS {
    if (this.#isClosed) return "closed";
    try {
      // Read once: what a getter says later decides nothing.
      const body = eventBody({ ...event });
      if (body.bytes > this.#options.eventMaxBytes) return "too_large";
      return this.#channels.publish(body) ? "taken" : "no_room";
    } catch {
      return "invalid";
    }
  }

  #refusal(error: SubscriptionRefusedError): SubscriptionRefusedError {
    this.count("subscriptions_refused_total");
    return error;
  }
}

function checkAfter(after: number | null): void {
  if (after === null || (Number.isSafeInteger(after) && after >= 0)) return;
  throw new InvalidUserEventError("after", `must be null or a whole number from 0, got ${after}`);
}
