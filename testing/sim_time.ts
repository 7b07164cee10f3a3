import { setImmediate } from "node:timers";

interface SimEvent {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Options of {@link SimTime}. */
export interface SimTimeOptions {
  /**
   * Waits until everything that an event started has come to rest.
   *
   * @default until all promise reactions have run
   */
  readonly settle?: () => Promise<void>;
  /**
   * How many events one {@link SimTime.advance} runs at most.
   *
   * @default 1_000_000
   */
  readonly maxSteps?: number;
}

const STEPS_MAX = 1_000_000;

/**
 * True time of a simulation: a queue of events that are run in order. After each event everything
 * that follows from it in this process runs to its end before the next one does, so that the same
 * calls give the same run.
 *
 * Not guaranteed: anything about real I/O. A simulation must consist of promises, of clocks made on
 * this time and of simulated stores only.
 *
 * @example Two events in order
 * ```ts
 * import { SimTime } from "@baton/orchestration/testing";
 *
 * const time = new SimTime();
 * const seen: number[] = [];
 * time.after(20, () => seen.push(time.nowMs));
 * time.after(10, () => seen.push(time.nowMs));
 * await time.advance(100);
 * if (seen.join() !== "10,20") throw new Error("out of order");
 * ```
 */
export class SimTime {
  /** How many events have been run. */
  steps = 0;
  readonly #settle: () => Promise<void>;
  readonly #maxSteps: number;
  readonly #heap: SimEvent[] = [];
  #nowMs = 0;
  #order = 0;

  /**
   * Makes a time that stands still.
   *
   * @param options How to wait for what events start, and how many of them are too many.
   * @throws {RangeError} when `maxSteps` is no whole number from 1 up.
   */
  constructor(options: SimTimeOptions = {}) {
    const { settle = turnEventLoop, maxSteps = STEPS_MAX } = options;
    if (!(Number.isSafeInteger(maxSteps) && maxSteps >= 1)) {
      throw new RangeError(`maxSteps must be a whole number from 1 up, got ${maxSteps}`);
    }
    this.#settle = settle;
    this.#maxSteps = maxSteps;
  }

  /** True time in ms since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * Plans an event.
   *
   * @param delayMs In how many ms; less than 0 counts as 0.
   * @param run What happens then.
   * @returns Calls the event off.
   */
  after(delayMs: number, run: () => void): () => void {
    const event: SimEvent = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    push(this.#heap, event);
    return () => event.run = null;
  }

  /**
   * Lets time pass and runs what is due, in order of time, and of planning where times are equal.
   *
   * @param ms How far, in ms.
   * @param goOn Asked after every event; false ends the run there.
   * @throws {Error} when it ran `maxSteps` events and more are due: something never comes to rest.
   */
  async advance(ms: number, goOn: () => boolean = () => true): Promise<void> {
    const untilMs = this.#nowMs + ms;
    const stepsMax = this.steps + this.#maxSteps;
    await this.#settle();
    for (let next = this.#heap[0]; next && next.atMs <= untilMs; next = this.#heap[0]) {
      pop(this.#heap);
      if (next.run === null) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (this.steps === stepsMax) this.#giveUp();
      this.steps++;
      next.run();
      await this.#settle();
      if (!goOn()) return;
    }
    if (untilMs === this.#nowMs) return;
    this.#nowMs = untilMs;
    await this.#settle();
  }

  /** Lets time pass while nothing runs; what falls due meanwhile is late. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  #giveUp(): never {
    const atMs = this.#nowMs.toFixed(1);
    throw new Error(`Time did not come to rest: ${this.#maxSteps} steps by ${atMs} ms`);
  }
}

/** Resolves when every promise reaction that is due has run, and nothing else has. */
export function turnEventLoop(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: SimEvent[], event: SimEvent): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(event, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: SimEvent[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
