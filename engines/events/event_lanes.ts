import { UserEventType } from "../../enums/user_event_type.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** An event that waits, or is being delivered. */
export interface WaitingEvent {
  /** The event. */
  readonly event: UserEvent;
  /** How long its JSON is, in bytes of UTF-8. */
  readonly bytes: number;
}

/** Bounds of {@link EventLanes}. */
export interface EventLanesLimits {
  /** How many events of one user. */
  readonly eventsPerUserMax: number;
  /** How many events of all users. */
  readonly eventsMax: number;
  /** How many bytes all of them may have together. */
  readonly bytesMax: number;
}

/**
 * The events that wait for delivery: a lane for each user, in order. At a bound the oldest waiting
 * event of the lane gives way, or that of the lane that has waited longest; an event that ends a run
 * or an agent's part of it never does, and neither does the first of a lane, which is under way.
 */
export class EventLanes {
  readonly #limits: EventLanesLimits;
  readonly #onDropped: (count: number) => void;
  /** In the order in which they began to wait. */
  readonly #lanes = new Map<string, WaitingEvent[]>();
  #events = 0;
  #bytes = 0;

  /**
   * Makes empty lanes.
   *
   * @param limits How much may wait.
   * @param onDropped Told how many events were dropped.
   */
  constructor(limits: EventLanesLimits, onDropped: (count: number) => void) {
    this.#limits = limits;
    this.#onDropped = onDropped;
  }

  /** How many users have events here. */
  get users(): number {
    return this.#lanes.size;
  }

  /** How many events there are. */
  get events(): number {
    return this.#events;
  }

  /** How many bytes they have together. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds an event behind the others of its user.
   *
   * @param waiting The event.
   * @returns Whether there was room, or others gave way.
   */
  add(waiting: WaitingEvent): boolean {
    const { eventsPerUserMax, eventsMax, bytesMax } = this.#limits;
    if (waiting.bytes > bytesMax) return false;
    const { userId } = waiting.event;
    const own = this.#lanes.get(userId) ?? [];
    while (own.length >= eventsPerUserMax) if (!this.#dropFrom(own)) return false;
    while (this.#events >= eventsMax || this.#bytes + waiting.bytes > bytesMax) {
      if (!this.#lanes.values().some((lane) => this.#dropFrom(lane))) return false;
    }
    own.push(waiting);
    this.#lanes.set(userId, own);
    this.#events++;
    this.#bytes += waiting.bytes;
    return true;
  }

  /** @returns The first event of a user's lane; undefined when there is none. */
  first(userId: string): WaitingEvent | undefined {
    return this.#lanes.get(userId)?.[0];
  }

  /** Takes the first event out of a user's lane. */
  removeFirst(userId: string): void {
    const lane = this.#lanes.get(userId);
    this.#forget(lane?.shift());
    if (lane?.length === 0) this.#lanes.delete(userId);
  }

  /** Drops all events. */
  clear(): void {
    this.#onDropped(this.#events);
    this.#lanes.clear();
    this.#events = 0;
    this.#bytes = 0;
  }

  #dropFrom(lane: WaitingEvent[]): boolean {
    const at = lane.findIndex(({ event }, index) => index > 0 && !isTerminal(event));
    if (at < 0) return false;
    this.#forget(...lane.splice(at, 1));
    this.#onDropped(1);
    return true;
  }

  #forget(waiting?: WaitingEvent): void {
    if (waiting === undefined) return;
    this.#events--;
    this.#bytes -= waiting.bytes;
  }
}

function isTerminal({ type }: UserEvent): boolean {
  return type === UserEventType.AGENT_COMPLETED || type === UserEventType.AGENT_DEATH;
}
