import type { Transition } from "./work_transitions.ts";

/** How an attempt is ended by the process that made it. */
export type AttemptEnd = "completed" | "failed" | "released";

/** An end of an attempt, as it was sent. */
export interface SentEnd {
  /** How it ends. */
  readonly how: AttemptEnd;
  /** What was sent. */
  readonly transition: Transition;
}

/** @returns Whether an end that was sent is the same as another, whatever its error's text. */
export function isSameEnd(
  sent: SentEnd,
  how: AttemptEnd,
  result: string | null,
): boolean {
  return sent.how === how && sent.transition.record.result === result;
}

/** How many of them are remembered; the oldest is forgotten, and taken for another's if it arrived. */
const ENDS_MAX = 10;

/**
 * The ends of an attempt that were sent and not heard of: any of them may have arrived, or may arrive
 * yet, but no more than one of them. All were made from the same state of the item.
 */
export class UnheardEnds {
  readonly #sent: SentEnd[] = [];

  /**
   * Remembers an end that is about to be sent.
   *
   * @returns What to send: the one that was sent before when it is the same, whatever its error's text.
   */
  send(end: SentEnd): SentEnd & { readonly isRepeated: boolean } {
    const { how, transition: { record } } = end;
    const same = this.#sent.find((sent) => isSameEnd(sent, how, record.result));
    if (same) return { ...same, isRepeated: true };
    this.#sent.push(end);
    if (this.#sent.length > ENDS_MAX) this.#sent.shift();
    return { ...end, isRepeated: false };
  }

  /** @returns The end that a commit recorded, known by its nonce. */
  recordedBy(nonce: string | null | undefined): SentEnd | undefined {
    return this.#sent.find(({ transition }) => transition.record.nonce === nonce);
  }

  /** Forgets all of them: the item has changed, so they cannot arrive any more. */
  clear(): void {
    this.#sent.length = 0;
  }
}
