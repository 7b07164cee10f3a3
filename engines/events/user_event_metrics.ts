/** How user events fared so far, and how many channels and subscribers there are. */
export interface UserEventMetrics {
  /** Events that were numbered and kept for their user. */
  readonly events_sent_total: number;
  /** Events that were refused: no valid user, run, type or time. */
  readonly events_invalid_total: number;
  /** Events that were refused because they were too large. */
  readonly events_too_large_total: number;
  /** Events that were dropped: as many users as allowed are listened to, or the hub is closed. */
  readonly events_dropped_total: number;
  /** Events handed to subscribers. */
  readonly deliveries_total: number;
  /** Of these, the ones that a connection did not take. */
  readonly deliveries_failed_total: number;
  /** How often a subscriber was told that it was too slow. */
  readonly lagged_total: number;
  /** How many events these subscribers missed. */
  readonly events_missed_total: number;
  /** Subscribers that threw when they were told that there is something. */
  readonly subscriber_faults_total: number;
  /** Connections and subscriptions that were refused. */
  readonly subscriptions_refused_total: number;
  /** Channels that were given up after nobody had used them for long. */
  readonly channels_reclaimed_total: number;
  /** Channels that were given up early, to make room for another user or for other users' events. */
  readonly channels_evicted_total: number;
  /** Kept events that were given up early, to make room for other users' events. */
  readonly events_displaced_total: number;
  /** Users that have a channel now. */
  readonly channels: number;
  /** Subscribers there are now. */
  readonly subscribers: number;
  /** Bytes of all events that are kept now. */
  readonly history_bytes: number;
}

/** What is counted. */
export type UserEventCounter = Exclude<
  keyof UserEventMetrics,
  "channels" | "subscribers" | "history_bytes"
>;

/** The counters that the parts of a hub share. */
export type UserEventCounts = Record<UserEventCounter, number>;

/** @returns All counters at zero. */
export function newUserEventCounts(): UserEventCounts {
  return {
    events_sent_total: 0,
    events_invalid_total: 0,
    events_too_large_total: 0,
    events_dropped_total: 0,
    deliveries_total: 0,
    deliveries_failed_total: 0,
    lagged_total: 0,
    events_missed_total: 0,
    subscriber_faults_total: 0,
    subscriptions_refused_total: 0,
    channels_reclaimed_total: 0,
    channels_evicted_total: 0,
    events_displaced_total: 0,
  };
}
