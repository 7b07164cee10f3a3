import type { Clock } from "../../clock.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { engineLogger } from "../guard/engine_logger.ts";
import type { EngineFactoryCounts } from "./engine_factory_metrics.ts";
import { type EngineUse, isBusy, judgeUse, type SeenUse } from "./engine_use.ts";
import type { CheckedFactoryOptions } from "./execution_engine_factory_options.ts";
import type { EngineSlot } from "./user_engine_limits.ts";

/** Options of {@link LiveEngines}. */
export interface LiveEnginesOptions extends Pick<CheckedFactoryOptions, "idleMs" | "lookEveryMs"> {
  /** Says how long engines are idle, and when to look. */
  readonly clock: Clock;
  /** What is counted. */
  readonly counts: EngineFactoryCounts;
}

/** An engine of a factory that has not come to its end. */
export interface LiveEngine {
  /** The engine. */
  readonly engine: UserExecutionEngine;
  /** When it was registered, in monotonic ms. */
  readonly sinceMs: number;
  /** Whether a scope holds it. */
  readonly isHeld: boolean;
  /** How it was used when it was last looked at. */
  readonly seen: SeenUse;
}

interface Entry extends LiveEngine {
  seen: SeenUse;
  /** Resolves when the engine has come to its end and is let go of. */
  readonly gone: Promise<void>;
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
    return this.#entries.values().some(isBusy);
  }

  /** All of them, the oldest first. */
  list(): readonly LiveEngine[] {
    return [...this.#entries.values()];
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
   * Takes in an engine. It is let go of, and its place given back, when its cleanup is over, whoever
   * asked for that.
   *
   * @param engine A new engine.
   * @param slot Its place.
   * @param isHeld Whether a scope holds it until its end.
   * @throws What the clock throws; nothing has happened then.
   */
  add(engine: UserExecutionEngine, slot: EngineSlot, isHeld: boolean): void {
    const sinceMs = this.#options.clock.monotonic();
    this.#planLook(); // before anything has happened, for it may fail
    const seen = { executions: 0, wasBusy: false, idleSinceMs: sinceMs };
    const gone = engine.ended.then(
      () => this.#forget(engine, slot, "total_engines_cleaned"),
      (error) => {
        const { engineId } = engine;
        engineLogger.error("Cannot clean up engine {engineId}: {error}", { engineId, error });
        this.#forget(engine, slot, "cleanup_errors");
      },
    );
    this.#entries.set(engine, { engine, sinceMs, isHeld, seen, gone });
    this.#options.counts.total_engines_created++;
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
    await Promise.allSettled([engine.cleanup(), entry.gone]);
    return true;
  }

  #forget(
    engine: UserExecutionEngine,
    slot: EngineSlot,
    counter: "total_engines_cleaned" | "cleanup_errors",
  ): void {
    this.#entries.delete(engine);
    slot.release();
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
    const { clock, idleMs, counts } = this.#options;
    const nowMs = clock.monotonic();
    for (const entry of this.#entries.values()) {
      if (!entry.engine.isActive) continue; // its cleanup is under way
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

function useOf(entry: Entry): EngineUse {
  return { executions: entry.engine.getStats().total_executions, isBusy: isBusy(entry) };
}
