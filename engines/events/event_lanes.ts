import { UserEventType } from "../../enums/user_event_type.ts";
import type { UserEvent } from "./user_event_sink.ts";

/** An event that waits, or is being delivered. */
export interface WaitingEvent {
  /** The event. */
  readonly event: UserEvent;
  /** How long its JSON is, in bytes of UTF-8. */
  readonly bytes: number;
}

/** The events of one user. */
interface Lane {
  readonly waiting: WaitingEvent[];
  bytes: number;
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
 * event of the user gives way; at a bound of all users together that of whoever takes most, so that
 * one user's flood does not cost others their events. An event that ends a run or an agent's part of
 * it never does, and neither does the first of a lane, which is under way.
 */
export class EventLanes {
  readonly #limits: EventLanesLimits;
  readonly #onDropped: (count: number) => void;
  readonly #lanes = new Map<string, Lane>();
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
    const own = this.#lanes.get(userId) ?? { waiting: [], bytes: 0 };
    while (own.waiting.length >= eventsPerUserMax) if (!this.#dropFrom(own)) return false;
    while (this.#events >= eventsMax || this.#bytes + waiting.bytes > bytesMax) {
      if (!this.#makeRoom(own)) return false;
    }
    own.waiting.push(waiting);
    own.bytes += waiting.bytes;
    this.#lanes.set(userId, own);
    this.#events++;
    this.#bytes += waiting.bytes;
    return true;
  }

  /** @returns The first event of a user's lane; undefined when there is none. */
  first(userId: string): WaitingEvent | undefined {
    return this.#lanes.get(userId)?.waiting[0];
  }

  /** Takes the first event out of a user's lane. */
  removeFirst(userId: string): void {
    const lane = this.#lanes.get(userId);
    if (lane === undefined) return;
    this.#forget(lane, 0);
    if (lane.waiting.length === 0) this.#lanes.delete(userId);
  }

  /** Drops all events. */
  clear(): void {
    this.#onDropped(this.#events);
    this.#lanes.clear();
    this.#events = 0;
    this.#bytes = 0;
  }

  /** Whoever is above its fair share gives way itself; else others do, who takes most first. */
  #makeRoom(own: Lane): boolean {
    const fair = 1 / (this.#lanes.size || 1);
    if (this.#shareOf(own) >= fair && this.#dropFrom(own)) return true;
    const lanes = [...this.#lanes.values()].sort((a, b) => this.#shareOf(b) - this.#shareOf(a));
    return lanes.some((lane) => this.#dropFrom(lane));
  }

  /** How much of all that may wait waits in a lane, 0 to 1. */
  #shareOf({ waiting, bytes }: Lane): number {
    const { eventsMax, bytesMax } = this.#limits;
    return Math.max(waiting.length / eventsMax, bytes / bytesMax);
  }

  #dropFrom(lane: Lane): boolean {
    const at = lane.waiting.findIndex(({ event }, index) => index > 0 && !isTerminal(event));
    if (at < 0) return false;
    this.#forget(lane, at);
    this.#onDropped(1);
    return true;
  }

  #forget(lane: Lane, at: number): void {
    const [gone] = lane.waiting.splice(at, 1);
    if (gone === undefined) return;
    lane.bytes -= gone.bytes;
    this.#bytes -= gone.bytes;
    this.#events--;
  }
}

function isTerminal({ type }: UserEvent): boolean {
  return type === UserEventType.AGENT_COMPLETED || type === UserEventType.AGENT_DEATH;
}
