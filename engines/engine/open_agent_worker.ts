import type { CheckedAgentModule } from "./agent_module.ts";
import type { AgentListener, AgentPort } from "./agent_port.ts";

/**
 * Opens a worker without permissions that holds an agent. What its module imports statically is loaded
 * with the permissions of this program; its code then runs without any.
 *
 * Not guaranteed: that `terminate` ends a thread that loops. Deno 2.9.6 goes on running it, hears nothing
 * from it any more, and then does not end the process by itself: what may loop belongs into a process of
 * its own, see `openAgentProcess`. And that nobody is asked: on a terminal Deno asks the user for
 * permissions that the agent wants, unless it was started with `--no-prompt`.
 *
 * Deno ends the whole process here when it was started without `--unstable-worker-options`.
 *
 * @param module Where the agent is.
 * @param listener Hears it.
 * @returns The worker.
 */
export function openAgentWorker(module: CheckedAgentModule, listener: AgentListener): AgentPort {
  const url = `data:application/javascript,${encodeURIComponent(workerSource(module))}`;
  const options = { type: "module", deno: { permissions: "none" } } as const;
  const worker = new Worker(url, options as WorkerOptions);
  worker.onmessage = ({ data }) => listener.said(data);
  worker.onmessageerror = () => listener.failed("it said what cannot be read");
  worker.onerror = (event) => {
    event.preventDefault(); // else the error would end this process too
    listener.failed(`it broke: ${event.message}`);
  };
  return worker;
}

function workerSource({ url, exportName }: CheckedAgentModule): string {
  const server = new URL("./serve_agent.ts", import.meta.url).href;
  return [
    `import { serveAgent } from ${JSON.stringify(server)};`,
    `import * as module from ${JSON.stringify(url)};`,
    `const load = () => ({ agent: module[${JSON.stringify(exportName)}] });`,
    `const hear = serveAgent(load, (message) => self.postMessage(message));`,
    `self.onmessage = ({ data }) => hear(data);`,
  ].join("\n");
}
