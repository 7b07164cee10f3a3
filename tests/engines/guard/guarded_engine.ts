import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";

/** A user's context; of ada's first run where nothing else is said. */
export function contextOf(
  ids: { userId?: string; threadId?: string; runId?: string } = {},
): UserExecutionContext {
  return new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1", ...ids });
}

/** A genuine engine without agents. */
export function genuineEngine(context: UserExecutionContext = contextOf()): UserExecutionEngine {
  return new UserExecutionEngine({ context, agents: new Map() });
}
