import { parseConfig } from "../../../config/files/parse_config.ts";
import type { RecoveryPoliciesDocument } from "../../../config/schemas/recovery_policies_document.ts";
import { checkedPoliciesSchema } from "../../../orchestration/recovery/checked_schemas.ts";
import type { GateFacts } from "../../../orchestration/recovery/gate_facts.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import { someFacts } from "./recovery_fixtures.ts";

const AT_MS = Date.parse("2026-01-01T00:00:00Z");

/** Facts by which everything runs. */
export const FREE_FACTS: GateFacts = someFacts({ at_ms: AT_MS, leading: true });

/** @returns An entry of a history: one step of a chain about a crash, that ran well. */
export function entryOf(
  fields: Partial<RecoveryActionDict> = {},
  facts: Partial<GateFacts> = {},
): RecoveryActionDict {
  const { step = 1, seq = step } = fields;
  return {
    seq,
    id: `entry-${seq}`,
    timestamp: new Date(AT_MS + seq * 1_000).toISOString(),
    ended_at: null,
    action_type: "mend",
    anomaly_type: "crash",
    severity_score: 0.6,
    confidence: 1,
    recurrence_count: 0,
    reason: "crash",
    result: "success",
    success: true,
    error: null,
    duration_seconds: 0,
    dry_run: false,
    params: {},
    trigger: "anomaly",
    chain_id: "chain-1",
    step,
    steps: 1,
    escalated: false,
    condition: "always",
    attempts: 1,
    verified: null,
    verification_attempts: 0,
    report: null,
    lane: "cluster",
    node: "a",
    term: 1,
    actor: null,
    request_id: null,
    repeats: 0,
    last_repeated_at: null,
    inputs: {
      context: {
        severity: 0.6,
        recurrence_count: 0,
        confidence: 1,
        step,
        duration: 0,
        previous_step_failed: false,
      },
      previous_result: null,
      previous_failures: 0,
      force: false,
      facts: { ...FREE_FACTS, ...facts },
    },
    ...fields,
  };
}

/** @returns A document with one policy, for crashes. */
export async function crashPolicy(
  steps: readonly (readonly [action: string, condition?: string])[],
  rest: object = {},
  severityThreshold = 0.5,
): Promise<RecoveryPoliciesDocument> {
  const chain = steps.map(([action, condition = "always"]) => ({ action, condition }));
  const text = JSON.stringify({
    recovery_policies: {
      crash: { severity_threshold: severityThreshold, escalation_chain: chain },
    },
    ...rest,
  });
  const { config } = await parseConfig(text, checkedPoliciesSchema);
  return config;
}
