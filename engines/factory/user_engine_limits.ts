import { showValue } from "../../enums/show_value.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkWithin } from "../engine/engine_limits.ts";
import { EngineLimitError, UserIsolationError } from "./execution_engine_factory_errors.ts";

/** Options of {@link UserEngineLimits}. */
export interface UserEngineLimitsOptions {
  /**
   * How many engines of one user may live at a time.
   *
   * @default 2
   */
  readonly perUserMax?: number;
  /**
   * How many engines of all users together may live at a time.
   *
   * @default 10_000
   */
  readonly enginesMax?: number;
}

/** The place of one engine among those that are allowed. */
export interface EngineSlot {
  /** Gives the place back. A second call does nothing. */
  release(): void;
}

const OPTION_NAMES: Readonly<Record<keyof UserEngineLimitsOptions, true>> = {
  perUserMax: true,
  enginesMax: true,
};

/**
 * Counts the live engines of each user, for all factories that share it; those that are being made
 * count too. A run has one engine at most.
 *
 * Not guaranteed: anything across processes.
 *
 * @example At most one engine for each user
 * ```ts
 * import { UserEngineLimits } from "@baton/orchestration/engines";
 *
 * const limits = new UserEngineLimits({ perUserMax: 1 });
 * const slot = limits.take("ada", "run-1");
 * if (limits.liveOf("ada") !== 1) throw new Error("unexpected");
 * slot.release();
 * limits.take("ada", "run-2").release();
 * ```
 */
export class UserEngineLimits {
  /** How many engines of one user may live at a time. */
  readonly perUserMax: number;
  /** How many engines of all users together may live at a time. */
  readonly enginesMax: number;
  readonly #users = new Map<string, Map<string, EngineSlot>>();
  #count = 0;

  /**
   * Makes limits of which nothing is used.
   *
   * @param options How many engines are allowed.
   * @throws {RangeError} when a number is not whole or below 1.
   * @throws {InvalidRecordError} when an option is unknown.
   */
  constructor(options: UserEngineLimitsOptions = {}) {
    checkOptionNames("UserEngineLimits", options, OPTION_NAMES);
    const { perUserMax = 2, enginesMax = 10_000 } = options;
    checkWithin("perUserMax", perUserMax, 1, Number.MAX_SAFE_INTEGER);
    checkWithin("enginesMax", enginesMax, 1, Number.MAX_SAFE_INTEGER);
    this.perUserMax = perUserMax;
    this.enginesMax = enginesMax;
  }

  /**
   * Takes the place of an engine, at once or not at all.
   *
   * @param userId The user.
   * @param runId The run.
   * @returns The place.
   * @throws {UserIsolationError} when the user has an engine for that run.
   * @throws {EngineLimitError} when there are as many engines as allowed.
   */
  take(userId: string, runId: string): EngineSlot {
    const slots = this.#users.get(userId) ?? new Map<string, EngineSlot>();
    if (slots.has(runId)) {
      const problem = `Duplicate run ID detected: run ${showValue(runId)} has a live engine`;
      throw new UserIsolationError(userId, runId, problem);
    }
    if (slots.size >= this.perUserMax) throw new EngineLimitError(userId, "user", this.perUserMax);
    if (this.#count >= this.enginesMax) {
      throw new EngineLimitError(userId, "process", this.enginesMax);
    }
    return this.#add(userId, runId, slots);
  }

  /**
   * Counts the engines of a user.
   *
   * @param userId The user.
   * @returns How many live, or are being made.
   */
  liveOf(userId: string): number {
    return this.#users.get(userId)?.size ?? 0;
  }

  /** How many engines of all users live, or are being made. */
  get size(): number {
    return this.#count;
  }

  #add(userId: string, runId: string, slots: Map<string, EngineSlot>): EngineSlot {
    const slot: EngineSlot = {
      release: () => {
        if (slots.get(runId) !== slot) return;
        slots.delete(runId);
        this.#count--;
        if (slots.size === 0) this.#users.delete(userId);
      },
    };
    slots.set(runId, slot);
    this.#users.set(userId, slots);
    this.#count++;
    return slot;
  }
}

/** What factories share that are given no limits of their own: 2 engines of each user. */
export const sharedUserEngineLimits: UserEngineLimits = new UserEngineLimits();
