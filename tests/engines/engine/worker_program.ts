/** Runs the agents of worker_agents.ts in workers, and prints what came of it as JSON. */

import type { AgentSource } from "../../../engines/engine/agent_module.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";

const url = import.meta.resolve("./worker_agents.ts");
const names = ["loop", "reach", "call", "fail", "crash", "nobody"];
const agents = new Map<string, AgentSource>(
  names.map((name) => [name, { url, exportName: name }]),
);
agents.set("default", { url });
agents.set("missing", { url: new URL("./no_such_file.ts", url).href });

const idRules = { allowedIds: ["demo"] };
const context = new UserExecutionContext({ userId: "demo", threadId: "t", runId: "r", idRules });
const thoughts: unknown[] = [];
const engine = new UserExecutionEngine({
  context,
  agents,
  allowWorkers: true,
  tools: new Map([["add", ({ a, b }) => Number(a) + Number(b)]]),
  events: {
    send: ({ type, data }) => {
      if (type === "agent_thinking") thoughts.push(data["reasoning"]);
    },
  },
});

const results: Record<string, unknown> = {};
for (const agentName of ["default", ...names.filter((name) => name !== "loop"), "missing"]) {
  const { status, result, error } = await engine.executeAgent({ agentName, context }, { a: 1 });
  results[agentName] = { status, result, error };
}
const loop = await engine.executeAgent({ agentName: "loop", context, timeoutMs: 500 }, null);
const stats = await engine.cleanup().then(({ stats }) => stats);
const report = JSON.stringify({
  results,
  thoughts,
  loop: loop.status,
  dead: stats.dead_executions,
});
Deno.stdout.writeSync(new TextEncoder().encode(report));
// Deno cannot end a thread that loops, and would wait for it.
Deno.exit(0);
