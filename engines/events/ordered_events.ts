import type { Clock } from "../../clock.ts";
import type { UserEventType } from "../../enums/user_event_type.ts";
import type { UserEventIds } from "./event_ids.ts";
import { sendUserEvent } from "./send_user_event.ts";
import { userEventData } from "./user_event_data.ts";
import type { UserEventFields } from "./user_event_fields.ts";
import type { UserEventOutcome, UserEventSink } from "./user_event_sink.ts";

/** Where a series of events stands. */
export type EventStage = "new" | "started" | "ended";

/** Where an event belongs in its series: it begins it, ends it, or stands between. */
export type EventPlace = "start" | "middle" | "end";

/** What {@link OrderedEvents} are made of. */
export interface OrderedEventsParts {
  /** Who takes the events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** Whose events they are, and of which run. */
  readonly ids: UserEventIds;
  /** Says when they happened. */
  readonly clock: Pick<Clock, "now">;
  /** Told of an event that was not sent because it would break the order. */
  readonly onViolation: () => void;
  /** Told of an event that was not taken, perhaps later. */
  readonly onFault: () => void;
}

const STAGE_BEFORE = { start: "new", middle: "started", end: "started" } as const;
const STAGE_AFTER = { start: "started", middle: "started", end: "ended" } as const;

/**
 * Sends a series of events: one start first, one end last. What would break that is not sent. No
 * method throws.
 */
export class OrderedEvents {
  readonly #parts: OrderedEventsParts;
  #stage: EventStage = "new";

  /** @param parts Whose events, and who takes them. */
  constructor(parts: OrderedEventsParts) {
    this.#parts = parts;
  }

  /** Where the series stands. */
  get stage(): EventStage {
    return this.#stage;
  }

  /**
   * Sends an event if it is its turn.
   *
   * @param place Where it belongs.
   * @param agentName The agent; null for the run as a whole.
   * @param type What happens.
   * @param fields What there is to say.
   * @returns Whether it was sent, and not refused at once.
   */
  send<T extends UserEventType>(
    place: EventPlace,
    agentName: string | null,
    type: T,
    fields: UserEventFields[T],
  ): boolean {
    const { sink, onViolation, onFault } = this.#parts;
    if (this.#stage !== STAGE_BEFORE[place]) {
      onViolation();
      return false;
    }
    this.#stage = STAGE_AFTER[place];
    if (sink === null) return true;
    const settle = (outcome: UserEventOutcome) => {
      if (outcome !== "taken") onFault();
      return outcome === "taken";
    };
    const outcome = this.#give(sink, agentName, type, fields);
    if (typeof outcome === "string") return settle(outcome);
    outcome.then(settle);
    return true;
  }

  #give<T extends UserEventType>(
    sink: UserEventSink,
    agentName: string | null,
    type: T,
    fields: UserEventFields[T],
  ): UserEventOutcome | PromiseLike<UserEventOutcome> {
    try {
      const { userId, threadId, runId } = this.#parts.ids;
      const timestamp = new Date(this.#parts.clock.now()).toISOString();
      const data = userEventData(type, fields);
      return sendUserEvent(sink, { type, userId, threadId, runId, agentName, timestamp, data });
    } catch {
      // What there is to say cannot be read.
      return "failed";
    }
  }
}
