import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { describeEngine, type GenuineEngine } from "./describe_engine.ts";
import { EngineGuardError } from "./engine_guard_error.ts";

/**
 * Makes sure that what stands in the place of an engine is still the engine that was seen there, of
 * the same user, thread and run: to be asked again before every step. Writes no log.
 *
 * @param engine What stands there now.
 * @param seen What `describeEngine` said when it was handed over.
 * @param context The context of the work that is to be done, if any.
 * @throws {EngineGuardError} when it is none, was swapped, or when its context, or that of the work, is
 * not the same run's.
 *
 * @example Before a step
 * ```ts
 * import {
 *   describeEngine,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 *   verifyEngineUnchanged,
 * } from "@baton/orchestration/engines";
 *
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-7", runId: "r-42" });
 * const engine = new UserExecutionEngine({ context, agents: new Map() });
 * const seen = describeEngine(engine);
 * if (seen.kind !== "genuine") throw new Error("it is one");
 * verifyEngineUnchanged(engine, seen, context.createChild("triage"));
 * await engine.cleanup();
 * ```
 */
export function verifyEngineUnchanged(
  engine: unknown,
  seen: GenuineEngine,
  context?: UserExecutionContext,
): void {
  const now = describeEngine(engine);
  if (now.kind !== "genuine") throw changed(now.kind, now.found);
  const difference = differenceOf(seen.context, now.context) ??
    (context === undefined ? null : differenceOf(seen.context, context));
  if (difference !== null) throw changed("context_mismatch", difference);
  if (now.engine !== seen.engine) throw changed("swapped", now.engine.engineId);
}

/**
 * Compares whose work two contexts stand for.
 *
 * @param expected The one.
 * @param actual The other.
 * @returns What differs, such as `user, run`; null when they are of the same run.
 */
export function differenceOf(
  expected: UserExecutionContext,
  actual: UserExecutionContext,
): string | null {
  const differences = [
    expected.userId === actual.userId ? null : "user",
    expected.threadId === actual.threadId ? null : "thread",
    expected.runId === actual.runId ? null : "run",
  ].filter((name) => name !== null);
  return differences.length === 0 ? null : differences.join(", ");
}

function changed(kind: EngineGuardError["kind"], found: string): EngineGuardError {
  return new EngineGuardError("ENGINE_CHANGED", kind, found);
}
