import { FallbackMode } from "../enums/fallback_mode.ts";
import type { FallbackChoice } from "./classify_health.ts";

/** One change of the mode that a node would choose for itself. */
export interface CascadeEntry {
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** The mode before. */
  readonly from: FallbackMode;
  /** The mode from then on. */
  readonly to: FallbackMode;
  /** Why, for people. */
  readonly reason: string;
}

const ENTRIES_MAX = 10;

/** The mode that a node would choose for itself over time: starts PRIMARY, keeps the last 10 changes. */
export class CascadeLog {
  #mode: FallbackMode = FallbackMode.PRIMARY;
  readonly #entries: CascadeEntry[] = [];

  /** The mode chosen last. */
  get mode(): FallbackMode {
    return this.#mode;
  }

  /** The last changes, oldest first. */
  get entries(): readonly CascadeEntry[] {
    return [...this.#entries];
  }

  /** Notes a choice; one that changes nothing leaves no entry. */
  record(choice: FallbackChoice, timestamp: string): void {
    if (choice.mode === this.#mode) return;
    this.#entries.push({ timestamp, from: this.#mode, to: choice.mode, reason: choice.reason });
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
    this.#mode = choice.mode;
  }
}
