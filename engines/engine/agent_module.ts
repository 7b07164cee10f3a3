import type { Agent } from "../agent.ts";

/** An agent that is loaded into a worker of its own: code that nobody trusts, or that may loop. */
export interface AgentModule {
  /** Where the module is: an absolute URL, such as `import.meta.resolve("./agent.ts")` gives. */
  readonly url: string;
  /** The name under which the module exports the agent. @default "default" */
  readonly exportName?: string;
}

/** An agent as an engine is given it: a function, or where to find one. */
export type AgentSource = Agent | AgentModule;
