import type { Agent } from "../agent.ts";
import type { AgentProcessOptions, CheckedProcessOptions } from "./agent_process_options.ts";

/** An agent that is loaded into a thread or a process of its own: code that nobody trusts, or that may loop. */
export interface AgentModule {
  /** Where the module is: an absolute URL, such as `import.meta.resolve("./agent.ts")` gives. */
  readonly url: string;
  /** The name under which the module exports the agent. @default "default" */
  readonly exportName?: string;
  /**
   * Where it runs when a request does not say: `worker`, which the engine must be allowed, or
   * `process`, which needs the permission to run Deno.
   *
   * @default "worker"
   */
  readonly isolation?: "worker" | "process";
  /** What its process is like, where it has one. @default the defaults of {@link AgentProcessOptions} */
  readonly process?: AgentProcessOptions;
}

/** An agent as an engine is given it: a function, or where to find one. */
export type AgentSource = Agent | AgentModule;

/** Where to find an agent, all of it said. */
export type CheckedAgentModule = Required<AgentModule> & {
  readonly process: CheckedProcessOptions;
};

/** An agent as an engine keeps it. */
export type CheckedAgent = Agent | CheckedAgentModule;
