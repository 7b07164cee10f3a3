import type { Clock } from "../../clock.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import type { AgentSource } from "./agent_module.ts";
import type { EngineLimits } from "./engine_limits.ts";
import type { Tool } from "./tool.ts";
import type { UserPermits } from "./user_permits.ts";

/** What a `UserExecutionEngine` is made of. */
export interface UserExecutionEngineOptions {
  /** Whose engine it is, and for which run. */
  readonly context: UserExecutionContext;
  /** The agents by name. */
  readonly agents: ReadonlyMap<string, AgentSource>;
  /** The tools by name. @default none */
  readonly tools?: ReadonlyMap<string, Tool>;
  /** Who is told what the agents do. @default nobody */
  readonly events?: UserEventSink;
  /** Says how many agents of the user may run at a time. @default sharedUserPermits: 3 in the process */
  readonly permits?: UserPermits;
  /** How much is allowed. @default the defaults of {@link EngineLimits} */
  readonly limits?: EngineLimits;
  /**
   * Whether the program was started with `--unstable-worker-options` (or "worker-options" in
   * `unstable` of its `deno.json`), as agents that run in workers need. Deno ends the whole
   * process when it was not, and offers no way to ask, so that somebody must say it.
   *
   * @default false: modules are refused unless their `isolation` is `process`
   */
  readonly allowWorkers?: boolean;
  /** The passage of time. @default systemClock */
  readonly clock?: Clock;
}
