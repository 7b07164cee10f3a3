import type { Agent, AgentCall } from "../../../engines/agent.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import type {
  AgentModule,
  AgentSource,
  CheckedAgentModule,
} from "../../../engines/engine/agent_module.ts";
import { readAgentModule } from "../../../engines/engine/read_agent_module.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import type { UserExecutionEngineOptions } from "../../../engines/engine/user_execution_engine_options.ts";
import { UserPermits, type UserPermitsOptions } from "../../../engines/engine/user_permits.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** A context of a user's run. */
export function contextOf(userId = "ada", runId = "run-1", threadId = "thread-1") {
  return new UserExecutionContext({ userId, threadId, runId });
}

/** Where an agent is, as an engine keeps it. */
export function moduleOf(said: Partial<AgentModule> = {}): CheckedAgentModule {
  return readAgentModule("a", { url: "file:///agent.ts", ...said }, true);
}

/** What tests have beside an engine. */
export interface EngineSetup {
  readonly engine: UserExecutionEngine;
  readonly context: UserExecutionContext;
  readonly clock: FakeClock;
  readonly permits: UserPermits;
  readonly sent: UserEvent[];
}

/** An engine on a clock that stands still, with all that it sends. */
export function newEngine(
  agents: Record<string, AgentSource>,
  more: Partial<UserExecutionEngineOptions> = {},
  permitOptions: UserPermitsOptions = {},
): EngineSetup {
  const clock = new FakeClock();
  const context = contextOf();
  const permits = new UserPermits({ clock, ...permitOptions });
  const sent: UserEvent[] = [];
  const events = { send: (event: UserEvent) => void sent.push(event) };
  const options = { context, clock, permits, events, agents: new Map(Object.entries(agents)) };
  const engine = new UserExecutionEngine({ ...options, ...more });
  return { engine, context, clock, permits, sent };
}

/** An agent that never answers by itself, and heeds its signal. */
export const heedful: Agent = ({ signal }: AgentCall) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** The types of events, each with what tells it from others of its type. */
export function typesOf(sent: readonly UserEvent[]): string[] {
  return sent.map(({ type, data }) => {
    const more = data["step_number"] ?? data["tool_name"] ?? data["status"];
    return type === "agent_started" ? type : `${type}:${more}`;
  });
}
