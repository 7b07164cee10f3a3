import { RecoveryResult } from "../../enums/recovery_result.ts";
import type { AnyRecoveryDocument } from "./compile_rules.ts";
import type { ConditionContext } from "./condition_context.ts";
import type { GateFacts } from "./gate_facts.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { flagsOf } from "./recovery_chain.ts";
import type { StepInputs } from "./step_inputs.ts";

/** How a step of a chain ended, as far as a replay can tell. */
export interface ReplayedOutcome {
  /** The action. */
  readonly action: string;
  /** What may have become of it: one result, or several. */
  readonly results: readonly RecoveryResult[];
}

/** What became of an action that never ran. */
export const EITHER_WAY: readonly RecoveryResult[] = [
  RecoveryResult.SUCCESS,
  RecoveryResult.FAILED,
];

/** Refusals that come before the gate asks who leads. */
const BEFORE_LEADING: readonly RecoveryResult[] = [
  RecoveryResult.CONDITION_NOT_MET,
  RecoveryResult.CONDITION_ERROR,
  RecoveryResult.SKIPPED_DISABLED,
  RecoveryResult.SKIPPED_NO_HANDLER,
];

/**
 * Says what the gate goes by now: what was recorded, but for what the document itself says. Where an
 * action runs is not replayed: one that was for the node to decide still is.
 *
 * @param entry What was recorded.
 * @param action The action that is decided.
 * @param document The new document.
 * @returns The facts.
 */
export function replayedFacts(
  { inputs: { facts }, result }: RecoveryActionDict,
  action: string,
  document: AnyRecoveryDocument,
): GateFacts {
  const wasOurs = result !== RecoveryResult.SKIPPED_NOT_LEADER && !BEFORE_LEADING.includes(result);
  return {
    ...facts,
    enabled: document.enabled,
    leading: wasOurs ? null : facts.leading,
    has_handler: facts.has_handler || Object.hasOwn(document.handlers, action),
  };
}

/** @returns The facts for an action that was not asked for: what is known about others is left out. */
export function assumedFacts(facts: GateFacts): GateFacts {
  return {
    ...facts,
    has_handler: true,
    last_ended_ms: null,
    failures_in_row: 0,
    frozen_until_ms: null,
    waiting: 0,
  };
}

/** More steps of which nobody knows the end are not told apart. */
const UNKNOWN_MAX = 5;

/**
 * Says by what a step may be decided, given how those before it may have ended.
 *
 * @param recorded What was recorded, for this step or another one of the chain.
 * @param before How the steps before it may have ended.
 * @param threshold After how many failures in a row a step brings on the next one.
 * @returns The inputs for each way; null when there are too many of them.
 */
export function possibleInputs(
  recorded: StepInputs,
  before: readonly ReplayedOutcome[],
  threshold: number,
): readonly StepInputs[] | null {
  if (before.filter(({ results }) => results.length > 1).length > UNKNOWN_MAX) return null;
  return waysOf(before).flatMap((results) => {
    const last = results.at(-1) ?? null;
    const failed = before.filter((_, index) => results[index] === RecoveryResult.FAILED);
    const context = contextAfter(recorded.context, {
      failed: failed.map(({ action }) => action),
      hasFailed: last === RecoveryResult.FAILED,
      step: before.length + 1,
    });
    // How often in a row it would have failed is not recorded: once, or as often as it takes.
    const counts = last === RecoveryResult.FAILED ? [1, Math.max(1, threshold)] : [0];
    return counts.map((count) => ({
      ...recorded,
      context,
      previous_result: last,
      previous_failures: count,
    }));
  });
}

function waysOf(before: readonly ReplayedOutcome[]): readonly (readonly RecoveryResult[])[] {
  return before.reduce<readonly (readonly RecoveryResult[])[]>(
    (ways, { results }) => ways.flatMap((way) => results.map((result) => [...way, result])),
    [[]],
  );
}

function contextAfter(
  context: ConditionContext,
  { failed, hasFailed, step }: {
    readonly failed: readonly string[];
    readonly hasFailed: boolean;
    readonly step: number;
  },
): ConditionContext {
  const { severity, recurrence_count, confidence, duration } = context;
  const flags = failed.flatMap(flagsOf).map((flag) => [flag, true] as const);
  return {
    ...Object.fromEntries([...flags, ["previous_step_failed", hasFailed] as const]),
    severity,
    recurrence_count,
    confidence,
    step,
    duration,
  } as ConditionContext;
}
