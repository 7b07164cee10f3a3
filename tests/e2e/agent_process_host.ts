/** Runs one agent of process_agents.ts in a process of its own, and prints what it thinks. */
// deno-lint-ignore-file no-console -- printing is what some of them are for

import { UserExecutionContext, UserExecutionEngine } from "@baton/orchestration/engines";

const [exportName = "default"] = Deno.args;
const url = import.meta.resolve("./process_agents.ts");
const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
const engine = new UserExecutionEngine({
  context,
  agents: new Map([["a", { url, exportName, isolation: "process" }]]),
  events: {
    send: ({ type, data }) => {
      if (type === "agent_thinking") console.log(data["reasoning"]);
    },
  },
});
const { status, error } = await engine.executeAgent({ agentName: "a", context }, null);
console.log(status, error);
