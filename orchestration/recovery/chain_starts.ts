import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { type PendingAnomaly, toldForMs } from "./anomaly_event.ts";
import type { LaneDraft } from "./lane_draft.ts";
import { noteAnomaly } from "./ledger_notes.ts";
import type { ManualRequest } from "./manual_request.ts";
import type { ChainCause, ChainStep, RecoveryChain } from "./recovery_chain.ts";
import { policyFor, type PolicyRules, type RecoveryRules } from "./recovery_rules.ts";

/** A chain before its first step. */
export type ChainStart = Pick<RecoveryChain, "cause" | "steps">;

/** Begins chains. */
export interface ChainStarter {
  /** @returns Whether a chain of that type is under way: what comes in meanwhile waits. */
  isUnderWay(type: string): boolean;
  /**
   * Begins a chain.
   *
   * @param make Makes it; null for none. What it changes in the draft is stored either way.
   * @returns The chain's id; null when none began.
   */
  begin(
    make: (draft: LaneDraft) => ChainStart | null | Promise<ChainStart | null>,
  ): Promise<string | null>;
}

/** One action that is to be run, as a chain of one step. */
export interface SingleAction {
  /** The action. */
  readonly action: string;
  /** What it is given. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How long one attempt may take, in ms, the multiplier included. */
  readonly timeoutMs: number;
  /** What it is about. */
  readonly cause: Pick<ChainCause, "trigger" | "type" | "reason" | "node"> & Partial<ChainCause>;
}

/** @returns A chain of one step. */
export function singleStart(
  { action, params, timeoutMs, cause }: SingleAction,
  nowMs: number,
): ChainStart {
  return {
    cause: {
      severity: 1,
      confidence: 1,
      recurrenceCount: 0,
      detectedMs: nowMs,
      metadata: {},
      component: null,
      actor: null,
      requestId: null,
      force: false,
      ...cause,
    },
    steps: [{ action, condition: "always", params, timeoutMs }],
  };
}

/** @returns A chain for what somebody asked for. */
export function requestedStart(
  request: ManualRequest,
  timeoutMs: number,
  nowMs: number,
): ChainStart {
  const { action, params, reason, actor, id: requestId, force, node } = request;
  const trigger = RecoveryTrigger.MANUAL_TRIGGER;
  const cause = { trigger, type: action, reason, actor, requestId, force, node };
  return singleStart({ action, params, timeoutMs, cause }, nowMs);
}

/**
 * Notes that an anomaly is acted upon, or would be. It lasts for as long as it was told of, up to now:
 * the clock of the node that told of it may be any.
 *
 * @param draft The lane.
 * @param anomaly The anomaly.
 * @param rules What recovery goes by.
 * @param note What else there is to say of why.
 * @returns What a chain about it is about.
 */
export function anomalyCause(
  { ledger, nowMs }: LaneDraft,
  anomaly: PendingAnomaly,
  rules: RecoveryRules,
  note = "",
): ChainCause {
  const firstMs = Math.max(0, nowMs - toldForMs(anomaly));
  const gapMs = rules.episodeGapMs;
  const episode = noteAnomaly(ledger, anomaly.type, { firstMs, nowMs, gapMs });
  ledger.counters.anomalies += anomaly.told;
  ledger.counters.coalesced += anomaly.told - 1;
  return {
    trigger: RecoveryTrigger.ANOMALY,
    type: anomaly.type,
    reason: `${anomaly.type}${note}`,
    severity: anomaly.severity,
    confidence: anomaly.confidence,
    recurrenceCount: Math.max(anomaly.recurrenceCount, episode.recurrences),
    detectedMs: episode.firstMs,
    metadata: anomaly.metadata,
    node: anomaly.node,
    component: policyFor(rules, anomaly.type)?.watch?.component ?? null,
    actor: null,
    requestId: null,
    force: false,
  };
}

/** @returns The steps of a policy, as a chain keeps them. */
export function stepsOf({ steps }: PolicyRules): readonly ChainStep[] {
  return steps.map(({ action, condition, params, timeoutMs }) => ({
    action,
    condition: condition.text,
    params,
    timeoutMs,
  }));
}
