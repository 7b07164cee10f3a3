import { serveAgent } from "../../../engines/engine/serve_agent.ts";
import type { OpenAgent } from "../../../engines/engine/agent_port.ts";

/** Opens an agent in this thread, with messages copied as between threads. */
export function linkedWorker(agent: unknown): OpenAgent {
  return (_module, { said }) => {
    const later = <T>(hear: (message: T) => void) => (message: T) => {
      const copy = structuredClone(message);
      queueMicrotask(() => hear(copy));
    };
    const hear = serveAgent(() => ({ agent }), later(said));
    return { postMessage: later(hear), terminate: () => {} };
  };
}
