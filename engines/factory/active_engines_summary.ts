import { checkWithin } from "../engine/engine_limits.ts";
import { isBusy } from "./engine_use.ts";
import type { LiveEngine } from "./live_engines.ts";

/** A live engine, with wire keys. */
export interface ActiveEngineDict {
  /** The engine. */
  readonly engine_id: string;
  /** Whose it is. */
  readonly user_id: string;
  /** The conversation. */
  readonly thread_id: string;
  /** The run. */
  readonly run_id: string;
  /** Whether it takes requests: no longer while its cleanup is under way. */
  readonly is_active: boolean;
  /** How many agents run, or wait for their turn. */
  readonly active_runs: number;
  /** Whether a scope holds it. */
  readonly in_scope: boolean;
  /** How long ago it was registered, in seconds. */
  readonly age_seconds: number;
  /** For how long it is idle, as far as anybody looked, in seconds. */
  readonly idle_seconds: number;
}

/** The live engines of a factory, with wire keys. */
export interface ActiveEnginesSummary {
  /** How many there are. */
  readonly total_active_engines: number;
  /** How many users have one. */
  readonly active_users: number;
  /** The engines, the oldest first, as many as were asked for. */
  readonly engines: readonly ActiveEngineDict[];
}

/**
 * Sums up live engines.
 *
 * @param live The engines.
 * @param nowMs Now, in monotonic ms.
 * @param limit How many to list.
 * @returns The summary.
 * @throws {RangeError} when the limit is no whole number from 0.
 */
export function summarizeEngines(
  live: readonly LiveEngine[],
  nowMs: number,
  limit: number,
): ActiveEnginesSummary {
  checkWithin("limit", limit, 0, Number.MAX_SAFE_INTEGER);
  return {
    total_active_engines: live.length,
    active_users: new Set(live.map(({ engine }) => engine.context.userId)).size,
    engines: live.slice(0, limit).map((entry) => dictOf(entry, nowMs)),
  };
}

function dictOf(entry: LiveEngine, nowMs: number): ActiveEngineDict {
  const { engine, isHeld, sinceMs, seen } = entry;
  return {
    engine_id: engine.engineId,
    user_id: engine.context.userId,
    thread_id: engine.context.threadId,
    run_id: engine.context.runId,
    is_active: engine.isActive,
    active_runs: engine.activeRuns,
    in_scope: isHeld,
    age_seconds: (nowMs - sinceMs) / 1000,
    idle_seconds: isBusy(entry) ? 0 : (nowMs - seen.idleSinceMs) / 1000,
  };
}
