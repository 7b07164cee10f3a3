import type { Agent } from "../../../engines/agent.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import type { WorkflowOrchestratorOptions } from "../../../engines/workflow/orchestrator_options.ts";
import { WorkflowOrchestrator } from "../../../engines/workflow/workflow_orchestrator.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** What agents are, and what a world is made of. */
export interface WorldOptions extends Omit<WorkflowOrchestratorOptions, "engine" | "runs"> {
  readonly agents?: Readonly<Record<string, Agent>>;
  readonly context?: UserExecutionContext;
  readonly store?: RunStore;
}

/** A genuine engine, with an orchestrator over it. */
export interface World {
  readonly context: UserExecutionContext;
  readonly engine: UserExecutionEngine;
  readonly orchestrator: WorkflowOrchestrator;
  /** What the user was told, by the engine and the orchestrator. */
  readonly events: UserEvent[];
  /** The agents that ran, in the order in which they began. */
  readonly began: string[];
}

const AGENTS: Readonly<Record<string, Agent>> = {
  triage: () => ({ data_sufficiency: "sufficient" }),
  data: () => ({ insights: 3 }),
  data_helper: () => ({ guidance: "send bills" }),
  optimization: () => ({ strategies: ["less"] }),
  actions: () => ({ actions: ["do less"] }),
  reporting: () => ({ report: "done" }),
};

/** A context of Ada's run. */
export function contextOf(ids: { userId?: string; threadId?: string; runId?: string } = {}) {
  const agentContext = { question: "why" };
  return new UserExecutionContext({
    userId: "ada",
    threadId: "t-1",
    runId: "r-1",
    agentContext,
    ...ids,
  });
}

/** Makes a world of the standard agents, some of them replaced. */
export function worldOf(options: WorldOptions = {}): World {
  const { agents = {}, context = contextOf(), store, ...rest } = options;
  const { clock = new FakeClock() } = rest;
  const began: string[] = [];
  const events: UserEvent[] = [];
  const all = Object.entries({ ...AGENTS, ...agents }).map(([name, agent]) => {
    const noting: Agent = (call) => {
      began.push(name);
      return agent(call);
    };
    return [name, noting] as const;
  });
  const sink = { send: (event: UserEvent) => void events.push(event) };
  const engine = new UserExecutionEngine({ context, agents: new Map(all), events: sink, clock });
  const runs = store && { runs: new DurableRuns({ store, clock }) };
  const orchestrator = new WorkflowOrchestrator({ engine, events: sink, clock, ...runs, ...rest });
  return { context, engine, orchestrator, events, began };
}

/** The names of steps with how they ended, as in `triage completed`. */
export function endsOf(
  results: readonly { readonly stepName: string; readonly status: string }[],
): string[] {
  return results.map(({ stepName, status }) => `${stepName} ${status}`);
}
