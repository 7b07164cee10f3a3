import { FallbackMode } from "../enums/fallback_mode.ts";
import type { FallbackChoice } from "./classify_health.ts";
import { worseChoice } from "./fallback_cascade.ts";
import type { HealthState } from "./health_state.ts";
import { IsolatedListeners, type ListenerMetrics } from "../config/isolated_listeners.ts";

/** A registered fallback began or ended. */
export interface FallbackActivity {
  /** The fallback's name. */
  readonly name: string;
  /** Whether its condition holds now. */
  readonly isActive: boolean;
  /** The health document that decided it. */
  readonly state: HealthState;
}

/** Something that a node falls back to on a condition of its own. */
export interface Fallback {
  /**
   * Whether it applies, by the health document; asked in every cycle. A predicate, not a text:
   * compile a text with `parseCondition` first. One that throws or gives no boolean leaves things as
   * they are.
   */
  readonly condition: (state: HealthState) => boolean;
  /**
   * The mode that the node is in at least while the condition holds.
   *
   * @default none
   */
  readonly mode?: FallbackMode;
  /**
   * Called when the condition begins to hold and when it ends; isolated, never waited for.
   *
   * @default none
   */
  readonly action?: (activity: FallbackActivity) => unknown;
}

/** What the registered fallbacks say in one cycle. */
export interface RegistryReading {
  /** The worst mode of those that apply. */
  readonly choice: FallbackChoice;
  /** The conditions that could not be asked. */
  readonly gaps: readonly string[];
}

interface Entry {
  readonly fallback: Fallback;
  readonly listeners: IsolatedListeners<FallbackActivity>;
  isActive: boolean;
}

/** How many fallbacks may be registered; more are refused. */
const FALLBACKS_MAX = 100;

/** Fallbacks by name, with which of them apply. */
export class FallbackRegistry {
  readonly #entries: Map<string, Entry> = new Map();

  /** @returns Takes the fallback away again. */
  add(name: string, fallback: Fallback): () => void {
    checkFallback(name, fallback);
    if (this.#entries.has(name)) {
      throw new RangeError(`Cannot register fallback "${name}": the name is taken`);
    }
    if (this.#entries.size >= FALLBACKS_MAX) {
      throw new RangeError(
        `Cannot register fallback "${name}": there are ${FALLBACKS_MAX}, which is the limit`,
      );
    }
    const listeners = new IsolatedListeners<FallbackActivity>();
    if (fallback.action) listeners.add(fallback.action);
    const entry: Entry = { fallback: { ...fallback }, listeners, isActive: false };
    this.#entries.set(name, entry);
    return () => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    };
  }

  /** Names of those that applied when they were last asked. */
  get activeNames(): readonly string[] {
    return [...this.#entries].filter(([, entry]) => entry.isActive).map(([name]) => name);
  }

  /** Asks every condition once. */
  evaluate(state: HealthState, noteFault: (error: unknown) => void): RegistryReading {
    const gaps: string[] = [];
    let choice: FallbackChoice = { mode: FallbackMode.PRIMARY, reason: "recovered" };
    for (const [name, entry] of [...this.#entries]) {
      const { mode } = entry.fallback;
      try {
        this.#update(name, entry, state);
      } catch (error) {
        gaps.push(`the condition of fallback "${name}" failed`);
        noteFault(error);
      }
      if (entry.isActive && mode) {
        choice = worseChoice(choice, { mode, reason: `fallback(${name})` });
      }
    }
    return { choice, gaps };
  }

  /** How the actions fared, by fallback; only those that failed at least once. */
  get faults(): Readonly<Record<string, ListenerMetrics>> {
    const all = [...this.#entries].map(([name, { listeners }]) =>
      [name, listeners.metrics] as const
    );
    const failed = all.filter(([, each]) =>
      each.listener_faults_total + each.listener_drops_total > 0
    );
    return Object.fromEntries(failed);
  }

  #update(name: string, entry: Entry, state: HealthState): void {
    const isActive = entry.fallback.condition(state);
    if (typeof isActive !== "boolean") {
      throw new TypeError(`The condition of fallback "${name}" must give a boolean`);
    }
    if (isActive === entry.isActive) return;
    entry.isActive = isActive;
    entry.listeners.tell({ name, isActive, state });
  }
}

function checkFallback(name: string, { condition, mode, action }: Fallback): void {
  const where = `Cannot register fallback "${name}"`;
  if (name === "") throw new TypeError("Cannot register a fallback without a name");
  if (typeof condition !== "function") {
    throw new TypeError(`${where}: its condition must be a function of the health document`);
  }
  if (mode === undefined && action === undefined) {
    throw new TypeError(`${where}: it needs a mode or an action`);
  }
  if (mode !== undefined && !Object.values(FallbackMode).includes(mode)) {
    throw new TypeError(`${where}: its mode must be one of ${Object.values(FallbackMode)}`);
  }
}
