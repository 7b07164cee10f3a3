import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkCounts } from "./check_counts.ts";

/** Options of {@link UserEventHub}. */
export interface UserEventHubOptions {
  /**
   * Says how long a channel was not used.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Events that are kept of each user; older ones give way.
   *
   * @default 1_000
   */
  readonly historyMaxEvents?: number;
  /**
   * Bytes that the kept events of a user may have together; older ones give way.
   *
   * @default 1_048_576
   */
  readonly historyMaxBytes?: number;
  /**
   * Bytes that the kept events of all users may have together; at least `historyMaxBytes`. At the
   * bound the longest unused channel that nobody listens to gives way, then the oldest events of the
   * user whose last event is the oldest.
   *
   * @default 268_435_456
   */
  readonly historyTotalMaxBytes?: number;
  /**
   * Bytes that one event may have; a larger one is refused. At most `historyMaxBytes`.
   *
   * @default 65_536
   */
  readonly eventMaxBytes?: number;
  /**
   * Users that may have a channel. At the bound the longest unused channel that nobody listens to
   * gives way; when all are listened to, another user's events are dropped and subscriptions refused.
   *
   * @default 10_000
   */
  readonly usersMax?: number;
  /**
   * Subscribers, and so connections, that one user may have; more are refused.
   *
   * @default 16
   */
  readonly subscribersPerUserMax?: number;
  /**
   * After how long a channel that nobody listens or sends to is given up, in ms.
   *
   * @default 600_000
   */
  readonly idleMs?: number;
}

const OPTION_NAMES: Readonly<Record<keyof UserEventHubOptions, true>> = {
  clock: true,
  historyMaxEvents: true,
  historyMaxBytes: true,
  historyTotalMaxBytes: true,
  eventMaxBytes: true,
  usersMax: true,
  subscribersPerUserMax: true,
  idleMs: true,
};

/** @returns The options with their defaults. */
export function userEventHubOptions(
  options: UserEventHubOptions,
): Required<UserEventHubOptions> {
  checkOptionNames("UserEventHub", options, OPTION_NAMES);
  const all = {
    clock: options.clock ?? systemClock,
    historyMaxEvents: options.historyMaxEvents ?? 1_000,
    historyMaxBytes: options.historyMaxBytes ?? 1_048_576,
    historyTotalMaxBytes: options.historyTotalMaxBytes ?? 268_435_456,
    eventMaxBytes: options.eventMaxBytes ?? 65_536,
    usersMax: options.usersMax ?? 10_000,
    subscribersPerUserMax: options.subscribersPerUserMax ?? 16,
    idleMs: options.idleMs ?? 600_000,
  };
  const { clock: _clock, ...counts } = all;
  checkCounts(counts);
  checkAtMost(all, "eventMaxBytes", "historyMaxBytes");
  checkAtMost(all, "historyMaxBytes", "historyTotalMaxBytes");
  return all;
}

type ByteBound = "eventMaxBytes" | "historyMaxBytes" | "historyTotalMaxBytes";

function checkAtMost(all: Record<ByteBound, number>, name: ByteBound, bound: ByteBound): void {
  if (all[name] <= all[bound]) return;
  throw new RangeError(`${name} must be at most ${bound} (${all[bound]}), got ${all[name]}`);
}
