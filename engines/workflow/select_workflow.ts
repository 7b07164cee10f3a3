import { WorkflowType } from "../../enums/workflow_type.ts";
import {
  assessDataCompleteness,
  type DataCompleteness,
  type DataCompletenessInput,
} from "./data_completeness.ts";

/** What a workflow can do for a request. Its keys are those of the wire. */
export interface WorkflowSelection {
  /** How far it goes. */
  readonly type: WorkflowType;
  /** How sure its results will be, 0 to 1. */
  readonly confidence: number;
  /** How complete the data are, 0 to 1. */
  readonly completeness: number;
  /** What it goes through, in this order. */
  readonly phases: readonly string[];
}

type Kind = Omit<WorkflowSelection, "completeness">;

const KINDS: Readonly<Record<DataCompleteness["sufficiency"], Kind>> = {
  sufficient: {
    type: WorkflowType.FULL_OPTIMIZATION,
    confidence: 0.9,
    phases: ["triage", "data_analysis", "optimization", "actions", "reporting"],
  },
  partial: {
    type: WorkflowType.MODIFIED_OPTIMIZATION,
    confidence: 0.65,
    phases: [
      "triage",
      "quick_wins",
      "data_request",
      "partial_optimization",
      "phased_actions",
      "reporting_with_caveats",
    ],
  },
  insufficient: {
    type: WorkflowType.DATA_COLLECTION_FOCUS,
    confidence: 0.1,
    phases: ["triage", "educate", "collect", "demonstrate_value"],
  },
};

/**
 * Says what a workflow can do for a request, by how complete its data are. Pure.
 *
 * @param input What is known of the data; see `assessDataCompleteness`.
 * @returns The kind of workflow, as data of the caller's own.
 * @throws {InvalidRecordError} when the completeness is no number of 0 to 1, or a list is none.
 *
 * @example Nothing is there, and somebody said so
 * ```ts
 * import { selectWorkflow } from "@baton/orchestration/engines";
 *
 * const { type, confidence } = selectWorkflow({ completeness: 0, available: ["bills"] });
 * if (type !== "data_collection_focus" || confidence !== 0.1) throw new Error("unexpected");
 * ```
 */
export function selectWorkflow(input: DataCompletenessInput): WorkflowSelection {
  const { completeness, sufficiency } = assessDataCompleteness(input);
  const { type, confidence, phases } = KINDS[sufficiency];
  return { type, confidence, completeness, phases: [...phases] };
}
