import { isPromise } from "node:util/types";
import type { Clock } from "../../clock.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { assertUserExecutionEngine } from "../guard/assert_user_execution_engine.ts";
import { EngineGuardError } from "../guard/engine_guard_error.ts";
import { engineLogger } from "../guard/engine_logger.ts";
import { hasMethod } from "../guard/engine_names.ts";
import type { EngineFactoryCounts } from "./engine_factory_metrics.ts";
import {
  creationFailed,
  ExecutionEngineFactoryError,
  SSOTValidationError,
  UserIsolationError,
} from "./execution_engine_factory_errors.ts";
import type { CheckedFactoryOptions } from "./execution_engine_factory_options.ts";
import { within } from "./within.ts";

/** What an engine is made with. */
export interface EngineMaking
  extends Pick<CheckedFactoryOptions, "makeEngine" | "makeTimeoutMs" | "parts"> {
  /** Measures how long it takes. */
  readonly clock: Clock;
  /** What is counted. */
  readonly counts: EngineFactoryCounts;
  /** Says whether the engine is registered already. */
  readonly isKnown: (engine: UserExecutionEngine) => boolean;
}

/**
 * Makes an engine and checks that it is genuine, new, active and its user's. What fails the checks
 * is cleaned up, if it is a new engine of this context.
 *
 * @param context Whose engine it is.
 * @param making With what.
 * @returns The engine.
 * @throws {SSOTValidationError} when it is no genuine engine.
 * @throws {UserIsolationError} when it belongs to another context.
 * @throws {ExecutionEngineFactoryError} when it could not be made.
 */
export async function makeCheckedEngine(
  context: UserExecutionContext,
  making: EngineMaking,
): Promise<UserExecutionEngine> {
  const { made } = await make(context, making);
  try {
    checkGenuine(made, making.counts);
    checkOwn(made, context, making);
    return made;
  } catch (error) {
    await discardEngine(made, context, making);
    throw error;
  }
}

/**
 * Cleans up an engine that was made and is not used. Leaves alone what is not a new engine of the
 * context: it may be at work for somebody else.
 *
 * @param made What was made.
 * @param context For whom.
 * @param making With what. Counts what fails.
 */
export async function discardEngine(
  made: unknown,
  context: UserExecutionContext,
  making: EngineMaking,
): Promise<void> {
  if (!UserExecutionEngine.is(made) || made.context !== context || making.isKnown(made)) return;
  try {
    await made.cleanup();
  } catch (error) {
    making.counts.rollback_errors++;
    const { engineId } = made;
    engineLogger.error("Cannot clean up engine {engineId}: {error}", { engineId, error });
  }
}

/** @returns What was made, wrapped: a bare result of an async function is asked whether it is a promise. */
async function make(
  context: UserExecutionContext,
  making: EngineMaking,
): Promise<{ readonly made: unknown }> {
  const { makeEngine, makeTimeoutMs, parts, clock } = making;
  try {
    const made: unknown = makeEngine({ ...parts, context });
    // Looked for without asking: an impostor's code does not run.
    if (!isPromise(made) && !hasMethod(made, "then")) return { made };
    const later = await within(Promise.resolve(made), {
      clock,
      timeoutMs: makeTimeoutMs,
      what: "Making it",
      onLate: (engine) => void discardEngine(engine, context, making),
    });
    return { made: later };
  } catch (cause) {
    throw creationFailed(cause);
  }
}

function checkGenuine(
  made: unknown,
  counts: EngineFactoryCounts,
): asserts made is UserExecutionEngine {
  counts.ssot_validations_performed++;
  try {
    assertUserExecutionEngine(made);
  } catch (cause) {
    if (!(cause instanceof EngineGuardError)) throw cause;
    throw new SSOTValidationError(cause.found, `Cannot use what was made: ${cause.message}`, {
      cause,
    });
  }
}

function checkOwn(
  engine: UserExecutionEngine,
  context: UserExecutionContext,
  { counts, isKnown }: EngineMaking,
): void {
  counts.user_isolation_validations++;
  if (engine.context !== context) {
    const problem = "Cannot use the engine that was made: it belongs to another context";
    throw new UserIsolationError(context.userId, context.runId, problem);
  }
  if (engine.isActive && !isKnown(engine)) return;
  throw new ExecutionEngineFactoryError(
    "ENGINE_CREATION_FAILED",
    "Cannot create an engine: what was made had been made before",
  );
}
