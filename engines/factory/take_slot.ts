import { assertCurrentContext } from "../context/current_context.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import type { EngineFactoryCounts, EngineFactoryState } from "./engine_factory_metrics.ts";
import { EngineLimitError, factoryClosed } from "./execution_engine_factory_errors.ts";
import type { EngineSlot, UserEngineLimits } from "./user_engine_limits.ts";

/** What decides whether an engine may be made. */
export interface SlotTerms {
  /** In which part of its life the factory is. */
  readonly state: EngineFactoryState;
  /** Counts the engines of each user. */
  readonly userLimits: UserEngineLimits;
  /** What is counted. */
  readonly counts: EngineFactoryCounts;
}

/**
 * Takes the place of an engine, or refuses and counts why; nothing else has happened then.
 *
 * @param context For whom; it may be anything.
 * @param terms What decides.
 * @returns The place.
 * @throws {TypeError} when the context is none.
 * @throws {ContextIsolationError} when contexts are checked, and another user's is current.
 * @throws {ExecutionEngineFactoryError} when the factory is not running.
 * @throws {UserIsolationError} when the run has an engine.
 * @throws {EngineLimitError} when there are as many engines as allowed.
 */
export function takeSlot(context: unknown, { state, userLimits, counts }: SlotTerms): EngineSlot {
  const { userId, runId } = checkContext(context, counts);
  if (state !== "running") {
    counts.closed_rejections++;
    throw factoryClosed(state);
  }
  try {
    return userLimits.take(userId, runId);
  } catch (error) {
    if (!(error instanceof EngineLimitError)) counts.duplicate_run_rejections++;
    else if (error.bound === "user") counts.user_limit_rejections++;
    else counts.process_limit_rejections++;
    throw error;
  }
}

function checkContext(value: unknown, counts: EngineFactoryCounts): UserExecutionContext {
  try {
    const context = validateUserContext(value);
    assertCurrentContext(context);
    return context;
  } catch (error) {
    counts.invalid_context_rejections++;
    throw error;
  }
}
