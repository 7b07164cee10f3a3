import {
  type Agent,
  defineWorkflow,
  type UserEvent,
  UserExecutionContext,
} from "@baton/orchestration/engines";

/** How many steps the workflow has. */
export const STEPS = 5;

/** What the agents work on. */
export const STATE = { user_request: "How many words are these?", tier: "free" };

/** Does next to nothing, so that what is measured is the engine. */
export const count: Agent = () => Promise.resolve({ words: 5, language: "en" });

export const agents: ReadonlyMap<string, Agent> = new Map([["count", count]]);

/** A chain: each step is handed what the one before it found. */
export const workflow = defineWorkflow({
  name: "chain",
  steps: Array.from({ length: STEPS }, (_, i) => ({
    name: `step-${i}`,
    agent: "count",
    dependsOn: i === 0 ? [] : [`step-${i - 1}`],
  })),
});

let made = 0;

/** @returns The context of another user each time. */
export function newContext(): UserExecutionContext {
  const number = made++;
  const [threadId, runId] = [`thread-${number}`, `run-${number}`];
  return new UserExecutionContext({ userId: `ada-${number}`, threadId, runId });
}

/** @returns A thought of an agent, as it is told to its user. */
export function eventOf(userId: string): UserEvent {
  return {
    type: "agent_thinking",
    userId,
    threadId: "thread-1",
    runId: "run-1",
    agentName: "count",
    timestamp: new Date().toISOString(),
    data: { reasoning: "I count the words of the text", step_number: 1, percentage: 40 },
  };
}
