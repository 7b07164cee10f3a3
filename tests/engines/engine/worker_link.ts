import { serveAgent } from "../../../engines/engine/serve_agent.ts";
import type { HostMessage, WorkerMessage } from "../../../engines/engine/worker_message.ts";
import type { WorkerPort } from "../../../engines/engine/worker_port.ts";

/** Two ends of a worker in one thread, with messages copied as between threads. */
export function linkedWorker(agent: unknown): { port: WorkerPort; terminated: () => boolean } {
  let isTerminated = false;
  const inside: Parameters<typeof serveAgent>[0] = {
    onmessage: null,
    postMessage: (message: WorkerMessage) => {
      const data: unknown = structuredClone(message);
      queueMicrotask(() => port.onmessage?.({ data } as MessageEvent<unknown>));
    },
  };
  const port: WorkerPort = {
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
