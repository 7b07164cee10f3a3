/** A span from which a duration is drawn. */
export interface SimSpan {
  /** The shortest, in ms. */
  readonly minMs: number;
  /** The longest, in ms. */
  readonly maxMs: number;
}

/** How long calls take. */
export interface SimLatency extends SimSpan {
  /**
   * The share of calls that take much longer, from 0 to 1.
   *
   * @default 0
   */
  readonly heavyTailShare?: number;
  /**
   * How long those take at most, in ms; at least `maxMs`.
   *
   * @default 20 times `maxMs`
   */
  readonly heavyTailMaxMs?: number;
}

/**
 * What befalls the calls of a simulated handle. Everything is off by default; probabilities are from
 * 0 to 1. Every attempt of a call draws anew. `busy`, `lostRequest`, `lostReply`, `zombie` and
 * `hang` exclude each other, so their sum is at most 1.
 */
export interface SimFaults {
  /** How long a call takes, there and back. Without it, calls are answered at once. */
  readonly latency?: SimLatency;
  /**
   * Another process holds the lock of the file: nothing is done, and the call throws. Clients of
   * `connect` kind do not have it.
   *
   * @default 0
   */
  readonly busy?: number;
  /**
   * The request is lost: nothing is done.
   *
   * @default 0
   */
  readonly lostRequest?: number;
  /**
   * The request is done, and the reply is lost.
   *
   * @default 0
   */
  readonly lostReply?: number;
  /**
   * A write is done long after it was sent. Reads do not have it.
   *
   * @default 0
   */
  readonly zombie?: number;
  /**
   * How much later a zombie is done.
   *
   * @default { minMs: 500, maxMs: 5_000 }
   */
  readonly zombieDelay?: SimSpan;
  /**
   * How many of the zombies are answered when they are done.
   *
   * @default 0.5
   */
  readonly zombieAnswer?: number;
  /**
   * Nothing is done, and there is never an answer.
   *
   * @default 0
   */
  readonly hang?: number;
  /**
   * A list pauses between two of its batches, so that other writes come between. Within a batch
   * every list is consistent.
   *
   * @default 0
   */
  readonly tornList?: number;
  /**
   * How long that pause is.
   *
   * @default { minMs: 1, maxMs: 100 }
   */
  readonly tornListPause?: SimSpan;
  /**
   * A watch never says anything, from the beginning.
   *
   * @default 0
   */
  readonly silentWatch?: number;
  /**
   * A watch says nothing any more, from the next event on; drawn for each event.
   *
   * @default 0
   */
  readonly stalledWatch?: number;
}

/** What can befall a call; how a simulated handle reports it. */
export const SimFaultKind = {
  /** The lock was held: not done, thrown. */
  BUSY: "busy",
  /** The request did not arrive. */
  LOST_REQUEST: "lostRequest",
  /** The process is cut off: the request or its reply did not arrive. */
  CUT: "cut",
  /** The reply did not arrive. */
  LOST_REPLY: "lostReply",
  /** The request was done long after it was sent. */
  ZOMBIE: "zombie",
  /** There is no answer, ever. */
  HANG: "hang",
  /** The call took much longer than most. */
  SLOW: "slow",
  /** The store was away. */
  OUTAGE: "outage",
  /** The call failed with an error that a test planned. */
  ERROR: "error",
  /** A client of `connect` kind sent its call again. */
  RETRY: "retry",
  /** A call that was sent again was refused by its own earlier success. */
  FALSE_REFUSAL: "falseRefusal",
  /** A call that was sent again was done once more. */
  REPEATED_WRITE: "repeatedWrite",
  /** An atomic operation was applied in part. */
  HALF_COMMIT: "halfCommit",
  /** A list paused between batches. */
  TORN_LIST: "tornList",
  /** A read that may be stale was answered with what stood there before. */
  STALE_READ: "staleRead",
  /** A watch did not see another process's write, as on a local file. Once for each watch. */
  UNSEEN_WRITE: "unseenWrite",
  /** A watch never says anything. */
  SILENT_WATCH: "silentWatch",
  /** A watch says nothing any more. */
  STALLED_WATCH: "stalledWatch",
} as const;

/** What can befall a call. */
export type SimFaultKind = (typeof SimFaultKind)[keyof typeof SimFaultKind];

/** A call, or what it is part of. */
export type SimOperation =
  | "get"
  | "getMany"
  | "list"
  | "watch"
  | "set"
  | "delete"
  | "commit";

/** A fault that occurred. */
export interface SimFaultReport {
  /** What happened. */
  readonly kind: SimFaultKind;
  /** True time, in ms. */
  readonly atMs: number;
  /** The call that it befell. */
  readonly operation: SimOperation;
  /** The first key of that call. */
  readonly key: Deno.KvKey;
}

const PROBABILITIES = [
  "busy",
  "lostRequest",
  "lostReply",
  "zombie",
  "zombieAnswer",
  "hang",
  "tornList",
  "silentWatch",
  "stalledWatch",
] as const;

const SPANS = ["latency", "zombieDelay", "tornListPause"] as const;

/**
 * Checks faults once, before they are drawn from.
 *
 * @param faults The faults.
 * @throws {RangeError} when a probability is none, when those that exclude each other sum up to more
 * than 1, or when a span is none.
 */
export function checkFaults(faults: SimFaults): void {
  const known: readonly string[] = [...PROBABILITIES, ...SPANS];
  for (const name of Object.keys(faults)) {
    if (!known.includes(name)) throw new RangeError(`faults cannot have ${JSON.stringify(name)}`);
  }
  for (const name of PROBABILITIES) checkShare(name, faults[name]);
  checkShare("latency.heavyTailShare", faults.latency?.heavyTailShare);
  const { busy = 0, lostRequest = 0, lostReply = 0, zombie = 0, hang = 0 } = faults;
  const sum = busy + lostRequest + lostReply + zombie + hang;
  if (sum > 1) {
    throw new RangeError(
      `busy, lostRequest, lostReply, zombie and hang must sum up to at most 1, got ${sum}`,
    );
  }
  for (const name of SPANS) {
    const span = faults[name];
    if (span !== undefined && !(span.minMs >= 0 && span.maxMs >= 0)) {
      throw new RangeError(`${name} must be from 0 ms up, got ${span.minMs} to ${span.maxMs}`);
    }
  }
}

function checkShare(name: string, share: number | undefined): void {
  if (share !== undefined && !(share >= 0 && share <= 1)) {
    throw new RangeError(`${name} must be a probability from 0 to 1, got ${share}`);
  }
}

/**
 * Draws a duration.
 *
 * @param span Shortest and longest; a `maxMs` below `minMs` counts as `minMs`.
 * @param random Values in [0, 1).
 * @returns The duration in ms.
 */
export function drawSpan({ minMs, maxMs }: SimSpan, random: () => number): number {
  return minMs + random() * Math.max(0, maxMs - minMs);
}

/**
 * Checks a duration or a time.
 *
 * @param name What it is called.
 * @param ms How long, in ms.
 * @throws {RangeError} when it is negative, endless or no number.
 */
export function checkMs(name: string, ms: unknown): asserts ms is number {
  if (!(typeof ms === "number" && ms >= 0 && ms < Infinity)) {
    throw new RangeError(`${name} must be from 0 ms up, got ${ms}`);
  }
}
