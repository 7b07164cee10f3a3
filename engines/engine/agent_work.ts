import type { Clock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { AgentEvents } from "./agent_events.ts";
import type { Tool } from "./tool.ts";

/** Work that an agent does. */
export interface AgentWork {
  /** What the agent returns. */
  readonly answer: Promise<unknown>;
  /** Whether nothing comes of the work once the run's signal has aborted, so that nobody waits for it. */
  readonly endsOnAbort: boolean;
  /** Resolves when what the work was done in is gone; undefined where there is nothing, or nobody can know. */
  readonly gone?: Promise<void> | undefined;
}

/** What an agent needs while it is at work. */
export interface WorkParts {
  /** Whose work it is. */
  readonly context: UserExecutionContext;
  /** What the agent works on, frozen. */
  readonly input: JsonValue;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
  /** The tools that there are. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Tells the user. */
  readonly events: AgentEvents;
  /** The passage of time. */
  readonly clock: Clock;
}
