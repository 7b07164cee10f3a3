/** An event as it was numbered, in the text that goes over the wire. */
export interface NumberedEvent {
  /** Its place among the events of its user, from 1. */
  readonly seq: number;
  /** Its JSON. */
  readonly text: string;
  /** How long that is, in bytes of UTF-8. */
  readonly bytes: number;
}

/** Bounds of an {@link EventRing}. */
export interface EventRingLimits {
  /** How many events are kept. */
  readonly maxEvents: number;
  /** How many bytes they may have together. */
  readonly maxBytes: number;
}

/**
 * Keeps the last events of a user, the oldest of which give way to new ones. Numbers run from 1
 * without gaps. The newest event is kept whatever its size.
 */
export class EventRing {
  readonly #limits: EventRingLimits;
  /** The event of number `seq` stands at `seq % maxEvents`. */
  readonly #slots: (NumberedEvent | undefined)[] = [];
  #oldestSeq = 1;
  #nextSeq = 1;
  #bytes = 0;

  /** @param limits How much is kept. */
  constructor(limits: EventRingLimits) {
    this.#limits = limits;
  }

  /** The number of the oldest event that is kept; of the next one when none is. */
  get oldestSeq(): number {
    return this.#oldestSeq;
  }

  /** The number that the next event gets. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** How many bytes the kept events have together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps an event, which must have the next number. */
  add(event: NumberedEvent): void {
    const { maxEvents, maxBytes } = this.#limits;
    while (
      this.#oldestSeq < this.#nextSeq &&
      (this.#nextSeq - this.#oldestSeq >= maxEvents || this.#bytes + event.bytes > maxBytes)
    ) this.dropOldest();
    this.#slots[event.seq % maxEvents] = event;
    this.#bytes += event.bytes;
    this.#nextSeq++;
  }

  /** @returns The event of a number; undefined when it is not kept. */
  get(seq: number): NumberedEvent | undefined {
    const isKept = seq >= this.#oldestSeq && seq < this.#nextSeq;
    return isKept ? this.#slots[seq % this.#limits.maxEvents] : undefined;
  }

  /**
   * Gives up the oldest event.
   *
   * @returns Whether there was one.
   */
  dropOldest(): boolean {
    if (this.#oldestSeq === this.#nextSeq) return false;
    const slot = this.#oldestSeq++ % this.#limits.maxEvents;
    this.#bytes -= this.#slots[slot]?.bytes ?? 0;
    this.#slots[slot] = undefined;
    return true;
  }
}
