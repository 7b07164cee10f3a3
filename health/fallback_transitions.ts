import type { ModeOwner } from "../enums/mode_owner.ts";
import type { CascadeEntry } from "./cascade_log.ts";

/** One change of the mode in force. */
export interface FallbackTransition extends CascadeEntry {
  /** Counts changes from 1: tells how many have fallen out of the log. */
  readonly sequence: number;
  /** Who decided. */
  readonly owner: ModeOwner;
  /** Who that was, such as a person's name; null when nobody said. */
  readonly actor: string | null;
}

/** The last changes of the mode in force; the oldest fall out. */
export class FallbackTransitions {
  readonly #entriesMax: number;
  readonly #entries: FallbackTransition[] = [];
  #sequence = 0;

  /** @param entriesMax How many are kept. */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** How many there were, those that fell out included. */
  get total(): number {
    return this.#sequence;
  }

  /** @returns The change with its number. */
  add(change: Omit<FallbackTransition, "sequence">): FallbackTransition {
    const transition = Object.freeze({ sequence: ++this.#sequence, ...change });
    this.#entries.push(transition);
    if (this.#entries.length > this.#entriesMax) this.#entries.shift();
    return transition;
  }

  /** @returns The last ones, oldest first; none for a limit of 0 or less. */
  last(limit: number): readonly FallbackTransition[] {
    return limit >= 1 ? this.#entries.slice(-Math.floor(limit)) : [];
  }
}
