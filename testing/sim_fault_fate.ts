import { drawSpan, type SimFaults, type SimOperation } from "./sim_faults.ts";

/** What becomes of one attempt of a call. */
export type SimFate =
  | {
    /** It is done and answered. */
    readonly kind: "done";
  }
  | {
    /** It is done and answered, so much later. */
    readonly kind: "slow";
    /** How much longer it takes, in ms, half of it on the way there. */
    readonly byMs: number;
  }
  | {
    /** The lock is held: not done, thrown. */
    readonly kind: "busy";
  }
  | {
    /** The request does not arrive. */
    readonly kind: "lostRequest";
  }
  | {
    /** It is done; the reply does not arrive. */
    readonly kind: "lostReply";
  }
  | {
    /** It is done much later. */
    readonly kind: "zombie";
    /** How much later, in ms. */
    readonly delayMs: number;
    /** Whether it is answered then. */
    readonly isAnswered: boolean;
  }
  | {
    /** Not done, never answered. */
    readonly kind: "hang";
  }
  | {
    /** Not done; the caller gets the error. */
    readonly kind: "error";
    /** The error. */
    readonly error: Error;
  };

/** Nothing happens to it. */
export const DONE: SimFate = { kind: "done" };

const ZOMBIE_DELAY = { minMs: 500, maxMs: 5_000 };
const ZOMBIE_ANSWER = 0.5;

/** @returns Whether an operation changes something. */
export function isWrite(operation: SimOperation): boolean {
  return operation === "set" || operation === "delete" || operation === "commit";
}

/**
 * Draws what becomes of an attempt.
 *
 * @param faults The probabilities.
 * @param operation The call.
 * @param client Which kind of client makes it.
 * @param random Values in [0, 1).
 * @returns The fate.
 */
export function drawFate(
  faults: SimFaults,
  operation: SimOperation,
  client: "local" | "connect",
  random: () => number,
): SimFate {
  const { lostRequest = 0, lostReply = 0, hang = 0 } = faults;
  const busy = client === "local" ? faults.busy ?? 0 : 0;
  const zombie = isWrite(operation) ? faults.zombie ?? 0 : 0;
  if (busy + lostRequest + lostReply + zombie + hang === 0) return DONE;
  let left = random();
  if ((left -= busy) < 0) return { kind: "busy" };
  if ((left -= lostRequest) < 0) return { kind: "lostRequest" };
  if ((left -= lostReply) < 0) return { kind: "lostReply" };
  if ((left -= hang) < 0) return { kind: "hang" };
  if (left - zombie >= 0) return DONE;
  return {
    kind: "zombie",
    delayMs: drawSpan(faults.zombieDelay ?? ZOMBIE_DELAY, random),
    isAnswered: random() < (faults.zombieAnswer ?? ZOMBIE_ANSWER),
  };
}
