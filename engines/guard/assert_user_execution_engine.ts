import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { describeEngine } from "./describe_engine.ts";
import { EngineGuardError } from "./engine_guard_error.ts";
import { engineLogger } from "./engine_logger.ts";

/**
 * Makes sure that something is a genuine engine: one that the class `UserExecutionEngine` made. Neither
 * a name, nor a shape, nor a prototype, nor a proxy of one passes, and no code of what is refused runs.
 *
 * Not guaranteed: that the engine is still active, or whose it is.
 *
 * @param engine Anything.
 * @throws {EngineGuardError} when it is none; it says what was found, and what to use instead.
 *
 * @example Refuse what only looks like an engine
 * ```ts
 * import { assertUserExecutionEngine, EngineGuardError } from "@baton/orchestration/engines";
 *
 * const assertEngine: typeof assertUserExecutionEngine = assertUserExecutionEngine;
 * try {
 *   assertEngine({ executeAgent: () => "done" });
 *   throw new Error("it passed");
 * } catch (error) {
 *   if (!(error instanceof EngineGuardError) || error.kind !== "foreign") throw error;
 * }
 * ```
 */
export function assertUserExecutionEngine(
  engine: unknown,
): asserts engine is UserExecutionEngine {
  const description = describeEngine(engine);
  if (description.kind !== "genuine") {
    throw new EngineGuardError("ENGINE_REFUSED", description.kind, description.found);
  }
  engineLogger.info("SSOT UserExecutionEngine compliance validated for {engineId}", {
    engineId: description.engine.engineId,
  });
}
