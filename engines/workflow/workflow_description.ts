import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";

/** A step of a workflow as data, with wire keys. */
export interface WorkflowStepDescription {
  /** The agent that does it. */
  readonly agent_name: string;
  /** What kind of work it is. */
  readonly step_type: string;
  /** Its place, from 1. */
  readonly order: number;
  /** What else is said of it. */
  readonly metadata: {
    /** What it is for, in a few words; empty when nobody said it. */
    readonly description: string;
    /** Whether it runs alone. */
    readonly requires_sequential: boolean;
  };
}

/** The whole way of a request, when nothing stands against it: to show it, not to run it. */
const STANDARD_STEPS = [
  ["triage", "classification", "Says what is asked and whether the data suffice"],
  ["data", "insights", "Finds out what the data say"],
  ["optimization", "strategies", "Works out what could be better"],
  ["actions", "implementation", "Plans how to get there"],
  ["reporting", "summary", "Reports on all of it"],
] as const;

/**
 * Describes the steps of a workflow, such as a page shows them before anything runs.
 *
 * @param definition The workflow; a step's description is `description` of its metadata. Without one
 * it is the standard workflow: triage, data, optimization, actions, reporting.
 * @returns Its steps in their order, as data of the caller's own.
 *
 * @example What comes first
 * ```ts
 * import { getWorkflowDefinition } from "@baton/orchestration/engines";
 *
 * const [first] = getWorkflowDefinition();
 * if (first?.agent_name !== "triage" || first.order !== 1) throw new Error("unexpected");
 * ```
 */
export function getWorkflowDefinition(
  definition?: WorkflowDefinition,
): WorkflowStepDescription[] {
  if (definition === undefined) return standardSteps();
  return definition.steps.map(({ agent, stepType, metadata, strategy }, i) => {
    const description = metadata["description"];
    return {
      agent_name: agent,
      step_type: stepType,
      order: i + 1,
      metadata: {
        description: typeof description === "string" ? description : "",
        requires_sequential: strategy === AgentExecutionStrategy.SEQUENTIAL,
      },
    };
  });
}

function standardSteps(): WorkflowStepDescription[] {
  return STANDARD_STEPS.map(([agent_name, step_type, description], i) => {
    const metadata = { description, requires_sequential: true };
    return { agent_name, step_type, order: i + 1, metadata };
  });
}
