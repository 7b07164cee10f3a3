import { DeprecatedEngineError } from "./deprecated_engine_error.ts";

/**
 * What used to be one engine for all users. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class ExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("ExecutionEngine");
  }
}

/**
 * What used to be one engine with everything in it. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class ExecutionEngineConsolidated {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("ExecutionEngineConsolidated");
  }
}

/**
 * What used to be one engine with everything in it, by its other name. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class ConsolidatedExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("ConsolidatedExecutionEngine");
  }
}

/**
 * What used to be the supervisor's engine. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class SupervisorExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("SupervisorExecutionEngine");
  }
}

/**
 * What used to be the engine below the others. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class CoreExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("CoreExecutionEngine");
  }
}

/**
 * What used to be the engine that ran tools. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class ToolRegistryExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("ToolRegistryExecutionEngine");
  }
}

/**
 * What used to be an engine for each request. It cannot be made.
 *
 * @deprecated Use UserExecutionEngine of `@baton/orchestration/engines`.
 */
export class RequestScopedExecutionEngine {
  /**
   * Refuses, whatever it is given.
   *
   * @param _given What the old engine was made of.
   * @throws {DeprecatedEngineError} always.
   */
  constructor(..._given: readonly unknown[]) {
    throw new DeprecatedEngineError("RequestScopedExecutionEngine");
  }
}
