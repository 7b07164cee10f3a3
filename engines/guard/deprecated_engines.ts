/**
 * The names that execution engines had before there was one for all. As classes they exist only in
 * `compat`, where making one says what to use instead.
 */
export const DEPRECATED_ENGINES = [
  "ExecutionEngine",
  "ExecutionEngineConsolidated",
  "ConsolidatedExecutionEngine",
  "SupervisorExecutionEngine",
  "CoreExecutionEngine",
  "ToolRegistryExecutionEngine",
  "RequestScopedExecutionEngine",
] as const;

/** The name of an engine that is not used any more. */
export type DeprecatedEngineName = (typeof DEPRECATED_ENGINES)[number];

/**
 * What a message says to somebody who has another engine. The Python file is named too, for whoever
 * comes with the documents of that system.
 */
export const ENGINE_MIGRATION: string =
  "For the migration import UserExecutionEngine from @baton/orchestration/engines " +
  "(engines/engine/user_execution_engine.ts, in Python user_execution_engine.py) and let " +
  "ExecutionEngineFactory.createForUser(context) make one for each run of a user";

/**
 * Recognises a deprecated name.
 *
 * @param name Anything.
 * @returns Whether it is one, spelled exactly so.
 */
export function isDeprecatedEngine(name: unknown): name is DeprecatedEngineName {
  return (DEPRECATED_ENGINES as readonly unknown[]).includes(name);
}
