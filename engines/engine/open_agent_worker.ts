import type { AgentModule } from "./agent_module.ts";
import type { AgentPort } from "./agent_port.ts";

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
 * @returns The worker.
 */
export function openAgentWorker(module: AgentModule): AgentPort {
  const url = `data:application/javascript,${encodeURIComponent(workerSource(module))}`;
  const options = { type: "module", deno: { permissions: "none" } } as const;
  return new Worker(url, options as WorkerOptions) as unknown as AgentPort;
}

function workerSource({ url, exportName = "default" }: AgentModule): string {
  const server = new URL("./serve_agent.ts", import.meta.url).href;
  return [
    `import { serveAgent } from ${JSON.stringify(server)};`,
    `import * as module from ${JSON.stringify(url)};`,
    `serveAgent(self, module[${JSON.stringify(exportName)}]);`,
  ].join("\n");
}
