import { serveAgent } from "../../../engines/engine/serve_agent.ts";
import type { AgentMessage, HostMessage } from "../../../engines/engine/agent_message.ts";
import type { AgentPort } from "../../../engines/engine/agent_port.ts";

/** Two ends of a worker in one thread, with messages copied as between threads. */
export function linkedWorker(agent: unknown): { port: AgentPort; terminated: () => boolean } {
  let isTerminated = false;
  const inside: Parameters<typeof serveAgent>[0] = {
    onmessage: null,
    postMessage: (message: AgentMessage) => {
      const data: unknown = structuredClone(message);
      queueMicrotask(() => port.onmessage?.({ data } as MessageEvent<unknown>));
    },
  };
  const port: AgentPort = {
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage: (message) => {
      const data = structuredClone(message);
      queueMicrotask(() => inside.onmessage?.({ data } as MessageEvent<HostMessage>));
    },
    terminate: () => isTerminated = true,
  };
  serveAgent(inside, agent);
  return { port, terminated: () => isTerminated };
}
