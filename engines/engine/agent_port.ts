import type { CheckedAgentModule } from "./agent_module.ts";
import type { HostMessage } from "./agent_message.ts";

/** The side of an agent's thread or process that its host sees. */
export interface AgentPort {
  /** Tells the agent something. */
  postMessage(message: HostMessage): void;
  /** Ends it. Nothing comes from it any more. */
  terminate(): void;
  /** Resolves when it is gone; undefined where nobody can know. */
  readonly gone?: Promise<void>;
}

/** Hears what comes from an agent's thread or process. */
export interface AgentListener {
  /** Told what the agent says, which may be anything. */
  readonly said: (data: unknown) => void;
  /** Told why nothing good can come of it any more. */
  readonly failed: (why: string) => void;
}

/** Opens a thread or a process that holds an agent. */
export type OpenAgent = (module: CheckedAgentModule, listener: AgentListener) => AgentPort;
