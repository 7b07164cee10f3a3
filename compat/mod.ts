/**
 * The names of before, so that a program that still uses one is told what to use instead: none of
 * them does anything but refuse.
 *
 * Not guaranteed: any behaviour of the old classes. Nothing in the package imports this.
 *
 * @example Ask for an engine that is no more
 * ```ts
 * import { DeprecatedEngineError, ExecutionEngine } from "@baton/orchestration/compat";
 *
 * try {
 *   new ExecutionEngine();
 *   throw new Error("it was made");
 * } catch (error) {
 *   if (!(error instanceof DeprecatedEngineError)) throw error;
 *   if (error.replacement !== "UserExecutionEngine") throw new Error("unexpected");
 * }
 * ```
 *
 * @module
 */

export {
  DEPRECATED_ENGINES,
  type DeprecatedEngineName,
} from "../engines/guard/deprecated_engines.ts";
export { DeprecatedEngineError } from "./deprecated_engine_error.ts";
export {
  ConsolidatedExecutionEngine,
  CoreExecutionEngine,
  ExecutionEngine,
  ExecutionEngineConsolidated,
  RequestScopedExecutionEngine,
  SupervisorExecutionEngine,
  ToolRegistryExecutionEngine,
} from "./engines.ts";
