import type { Clock } from "../../clock.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { engineLogger } from "../guard/engine_logger.ts";
import type { EngineFactoryCounts } from "./engine_factory_metrics.ts";
import { type EngineUse, isBusy, judgeUse, type SeenUse } from "./engine_use.ts";
import type { EngineSlot } from "./user_engine_limits.ts";

/** Options of {@link LiveEngines}. */
export interface LiveEnginesOptions {
  /** Says how long engines are idle, and when to look. */
  readonly clock: Clock;
  /** What is counted. */
  readonly counts: EngineFactoryCounts;
  /** How long an engine may be idle, in ms. */
  readonly idleMs: number;
  /** How often it is looked for idle engines, in ms. */
  readonly lookEveryMs: number;
}

/** An engine of a factory that has not come to its end. */
export interface LiveEngine {
  /** The engine. */
  readonly engine: UserExecutionEngine;
  /** When it was registered, in monotonic ms. */
  readonly sinceMs: number;
  /** Whether a scope holds it. */
  readonly isHeld: boolean;
  /** Since when it is idle, as far as anybody looked, in monotonic ms. */
  readonly idleSinceMs: number;
}

interface Entry {
  readonly engine: UserExecutionEngine;
  readonly slot: EngineSlot;
  readonly sinceMs: number;
  readonly isHeld: boolean;
  seen: SeenUse;
  ending: Promise<void> | null;
}

/**
 * The live engines of a factory. Looks for idle ones now and then while there are any, and plans
 * nothing while there are none.
 */
export class LiveEngines {
  readonly #options: LiveEnginesOptions;
  readonly #entries = new Map<UserExecutionEngine, Entry>();
  #cancelLook: (() => void) | null = null;

  /**
   * Makes a list without engines.
   *
   * @param options How long engines may be idle.
   */
  constructor(options: LiveEnginesOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether it is being looked for idle engines. */
  get isLooking(): boolean {
    return this.#cancelLook !== null;
  }

  /** Whether a scope or an agent uses one of them. */
  get hasBusy(): boolean {
    return this.#entries.values()
      .some(({ engine, isHeld }) => isBusy({ activeRuns: engine.activeRuns, isHeld }));
  }

  /** All of them, the oldest first. */
  list(): readonly LiveEngine[] {
    return [...this.#entries.values()].map(({ engine, sinceMs, isHeld, seen }) => {
      return { engine, sinceMs, isHeld, idleSinceMs: seen.idleSinceMs };
    });
  }

  /**
   * Says whether an engine is one of them.
   *
   * @param engine Anything.
   * @returns Whether it is.
   */
  has(engine: unknown): boolean {
    return this.#entries.has(engine as UserExecutionEngine);
  }

  /**
   * Takes in an engine.
   *
   * @param engine A new engine.
   * @param slot Its place, which is given back when it ends.
   * @param isHeld Whether a scope holds it until its end.
   */
  add(engine: UserExecutionEngine, slot: EngineSlot, isHeld: boolean): void {
    const sinceMs = this.#options.clock.monotonic();
    const seen = { executions: 0, wasBusy: false, idleSinceMs: sinceMs };
    const entry: Entry = { engine, slot, sinceMs, isHeld, seen, ending: null };
    slot.attach(() => isGone(entry));
    this.#entries.set(engine, entry);
    this.#options.counts.total_engines_created++;
    this.#planLook();
  }

  /**
   * Cleans up an engine and lets go of it.
   *
   * @param engine The engine.
   * @returns Whether it was one of them. It never rejects: what fails is counted.
   */
  async end(engine: UserExecutionEngine): Promise<boolean> {
    const entry = this.#entries.get(engine);
    if (entry === undefined) return false;
    // Two who end the same engine wait for the same end.
    entry.ending ??= this.#end(entry);
    await entry.ending;
    return true;
  }

  /** Lets go of the engines that somebody else cleaned up. */
  forgetGone(): void {
    for (const entry of this.#entries.values()) {
      if (isGone(entry)) this.#forget(entry, "total_engines_cleaned");
    }
  }

  async #end(entry: Entry): Promise<void> {
    try {
      await entry.engine.cleanup();
      this.#forget(entry, "total_engines_cleaned");
    } catch (error) {
      const { engineId } = entry.engine;
      engineLogger.error("Cannot clean up engine {engineId}: {error}", { engineId, error });
      this.#forget(entry, "cleanup_errors");
    }
  }

  #forget(entry: Entry, counter: "total_engines_cleaned" | "cleanup_errors"): void {
    this.#entries.delete(entry.engine);
    entry.slot.release();
    this.#options.counts[counter]++;
    if (this.#entries.size > 0) return;
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  #planLook(): void {
    this.#cancelLook ??= this.#options.clock.after(this.#options.lookEveryMs, () => {
      this.#cancelLook = null;
      this.#look();
      if (this.#entries.size > 0) this.#planLook();
    });
  }

  #look(): void {
    this.forgetGone();
    const { clock, idleMs, counts } = this.#options;
    const nowMs = clock.monotonic();
    for (const entry of this.#entries.values()) {
      if (entry.ending !== null) continue;
      const verdict = judgeUse(entry.seen, useOf(entry), nowMs, idleMs);
      if (verdict.kind === "keep") {
        entry.seen = verdict.seen;
        continue;
      }
      counts.timeout_cleanups++;
      void this.end(entry.engine);
    }
  }
}

/** @returns Whether somebody else cleaned it up. */
function isGone({ engine, ending }: Entry): boolean {
  return ending === null && !engine.isActive;
}

function useOf({ engine, isHeld }: Entry): EngineUse {
  return {
    executions: engine.getStats().total_executions,
    activeRuns: engine.activeRuns,
    isHeld,
  };
}
