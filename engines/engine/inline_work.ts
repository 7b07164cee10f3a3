import type { Agent } from "../agent.ts";
import { assertCurrentContext, runInContext } from "../context/current_context.ts";
import type { AgentWork, WorkParts } from "./agent_work.ts";
import { ToolDispatcher } from "./tool_dispatcher.ts";

/**
 * Sets an agent to work in this thread, in its user's context.
 *
 * @param agent The agent.
 * @param parts What it needs.
 * @returns The work. Nothing but the agent itself can end it.
 */
export function inlineWork(agent: Agent, parts: WorkParts): AgentWork {
  const { context, input, signal, events } = parts;
  const dispatcher = new ToolDispatcher(parts);
  const call = Object.freeze({
    context,
    input,
    signal,
    callTool: (name: string, given?: Readonly<Record<string, unknown>>) => {
      const answer = dispatcher.call(name, given);
      // An agent that does not wait for it must not end the process, and so the work of everybody.
      answer.catch(() => {});
      return answer;
    },
    think: (reasoning: string, progressPercentage?: number) => {
      assertCurrentContext(context);
      events.thinking(reasoning, progressPercentage);
    },
  });
  return { answer: runInContext(context, async () => await agent(call)), endsOnAbort: false };
}
