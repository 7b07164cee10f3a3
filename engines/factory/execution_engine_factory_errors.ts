import { showValue } from "../../enums/show_value.ts";
import { ENGINE_MIGRATION, isDeprecatedEngine } from "../guard/deprecated_engines.ts";
import type { EngineFactoryState } from "./engine_factory_metrics.ts";

/** Why a factory made no engine. */
export type FactoryErrorCode =
  | "FACTORY_CLOSED"
  | "ENGINE_CREATION_FAILED"
  | "ENGINE_LIMIT"
  | "USER_ISOLATION"
  | "SSOT_VALIDATION";

/** A factory made no engine: it takes no more work, or the making failed, which is then the cause. */
export class ExecutionEngineFactoryError extends Error {
  /** Tells this error from others. */
  override readonly name: string = "ExecutionEngineFactoryError";
  /** A stable code for programs. */
  readonly code: FactoryErrorCode;

  /**
   * Makes the error.
   *
   * @param code Why.
   * @param message The same in words.
   * @param options What went wrong, if something did.
   */
  constructor(code: FactoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Says that a factory makes no more engines.
 *
 * @param state In which part of its life it is.
 * @returns The error.
 */
export function factoryClosed(state: EngineFactoryState): ExecutionEngineFactoryError {
  const problem = `Cannot create an engine: the factory is ${state}`;
  return new ExecutionEngineFactoryError("FACTORY_CLOSED", problem);
}

/**
 * Says that an engine could not be made.
 *
 * @param cause What went wrong.
 * @returns The error.
 */
export function creationFailed(cause: unknown): ExecutionEngineFactoryError {
  const why = cause instanceof Error ? cause.message : "see the cause";
  const problem = `Cannot create an engine: ${why}`;
  return new ExecutionEngineFactoryError("ENGINE_CREATION_FAILED", problem, { cause });
}

/** What has a bound: the engines of one user, or of the whole process. */
export type EngineBound = "user" | "process";

/** There are as many live engines as allowed. It helps to end one, or to wait until one ends. */
export class EngineLimitError extends ExecutionEngineFactoryError {
  /** Tells this error from others. */
  override readonly name = "EngineLimitError";
  /** The user who asked. */
  readonly userId: string;
  /** What has the bound. */
  readonly bound: EngineBound;
  /** How many are allowed. */
  readonly limit: number;

  /**
   * Makes the error.
   *
   * @param userId The user who asked.
   * @param bound What has the bound.
   * @param limit How many are allowed.
   */
  constructor(userId: string, bound: EngineBound, limit: number) {
    const who = bound === "user" ? `User ${userId}` : "The process";
    super("ENGINE_LIMIT", `${who} has reached maximum engine limit (${limit}/${limit})`);
    this.userId = userId;
    this.bound = bound;
    this.limit = limit;
  }
}

/** An engine would have mixed up two runs, or two users. */
export class UserIsolationError extends ExecutionEngineFactoryError {
  /** Tells this error from others. */
  override readonly name = "UserIsolationError";
  /** The user who asked. */
  readonly userId: string;
  /** The run. */
  readonly runId: string;

  /**
   * Makes the error.
   *
   * @param userId The user who asked.
   * @param runId The run.
   * @param problem What would have been mixed up; never the other user's id.
   */
  constructor(userId: string, runId: string, problem: string) {
    super("USER_ISOLATION", problem);
    this.userId = userId;
    this.runId = runId;
  }
}

/** Something else than a `UserExecutionEngine` was asked for, or was made. */
export class SSOTValidationError extends ExecutionEngineFactoryError {
  /** Tells this error from others. */
  override readonly name = "SSOTValidationError";
  /** What was asked for or made, in a few words. */
  readonly engineType: string;

  /**
   * Makes the error.
   *
   * @param engineType What was asked for or made.
   * @param message What is wrong with it.
   * @param options What the guard said, when it was made.
   */
  constructor(engineType: string, message: string, options?: ErrorOptions) {
    super("SSOT_VALIDATION", message, options);
    this.engineType = engineType;
  }
}

/**
 * Says why a type of engine is refused.
 *
 * @param type What was asked for.
 * @returns The error.
 */
export function refuseType(type: unknown): SSOTValidationError {
  if (isDeprecatedEngine(type)) {
    const problem = `The deprecated engine type ${type} is not supported`;
    return new SSOTValidationError(type, `${problem}. ${ENGINE_MIGRATION}`);
  }
  const shown = showValue(type);
  return new SSOTValidationError(
    shown,
    `Engine type ${shown} is not allowed: UserExecutionEngine is the only one (SSOT)`,
  );
}
