import type { AgentModule } from "./agent_module.ts";
import type { HostMessage } from "./agent_message.ts";

/** The side of an agent's thread or process that its host sees. */
export interface AgentPort {
  /** Tells the agent something. What cannot be told is told to `onerror`. */
  postMessage(message: HostMessage): void;
  /** Hears what the agent says. */
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  /** Hears that the thread or process broke. */
  onerror: ((event: ErrorEvent) => void) | null;
  /** Hears that something came which cannot be read. */
  onmessageerror: ((event: MessageEvent) => void) | null;
  /** Ends it. Nothing comes from it any more. */
  terminate(): void;
  /** Resolves when it is gone; undefined where nobody can know. */
  readonly gone?: Promise<void>;
}

/** Opens a thread or a process that holds an agent. */
export type OpenAgent = (module: AgentModule) => AgentPort;
