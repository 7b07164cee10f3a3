import { RecoveryResult } from "../../enums/recovery_result.ts";
import { SAFE_MODE_ACTIONS } from "./builtin_action_names.ts";
import {
  type Episode,
  lastDay,
  lastHour,
  type LastRefusal,
  type Ledger,
  standingOf,
} from "./ledger.ts";
import type { RecoveryRules } from "./recovery_rules.ts";

/**
 * More names than this are not told apart, and what was heard of least recently is forgotten: the
 * record that carries a ledger has a bound.
 */
const ACTIONS_MAX = 100;
const NAMES_MAX = 50;
const REFUSALS_MAX = 25;
const OTHERS = "(others)";

/** Notes that an action was decided to run: from then on it counts against the limits. */
export function noteRun(draft: Ledger, action: string, nowMs: number): void {
  draft.runsMs = [...lastHour(draft.runsMs, nowMs), nowMs];
  if (!SAFE_MODE_ACTIONS.includes(action)) return;
  draft.safeModesMs = [...lastDay(draft.safeModesMs, nowMs), nowMs];
}

/**
 * Notes that an action ran well: it rests from then on, also while it is looked whether it helped. How
 * it ended is noted after that.
 */
export function noteRest(draft: Ledger, action: string, endedMs: number): void {
  refresh(draft.actions, ACTIONS_MAX, action, { ...standingOf(draft, action), endedMs });
}

/** How an action ended. */
export interface ActionEnd {
  /** The action. */
  readonly action: string;
  /** When, in ms since 1970. */
  readonly nowMs: number;
  /** Whether it succeeded, verification included. */
  readonly isSuccess: boolean;
  /** Whether it ran well but did not help. */
  readonly isFutile: boolean;
}

/**
 * Notes how an action ended: once for each action that ran, after its verification.
 *
 * @returns Whether the action is left alone from now on.
 */
export function noteEnd(draft: Ledger, end: ActionEnd, rules: RecoveryRules): boolean {
  const { action, nowMs, isSuccess, isFutile } = end;
  const before = standingOf(draft, action);
  const { futilityThreshold, freezeMs } = rules.escalation;
  const futile = isSuccess ? 0 : before.futile + (isFutile ? 1 : 0);
  const isFrozen = isFutile && futile >= futilityThreshold;
  refresh(draft.actions, ACTIONS_MAX, action, {
    endedMs: nowMs,
    failures: isSuccess ? 0 : before.failures + 1,
    futile: isFrozen ? 0 : futile,
    // A failure on demand does not end a freeze.
    frozenUntilMs: isFrozen ? nowMs + freezeMs : isSuccess ? null : before.frozenUntilMs,
  });
  const { counters } = draft;
  counters.executed++;
  if (isSuccess) counters.succeeded++;
  else counters.failed++;
  countName(draft.byAction, action);
  countName(draft.byResult, isSuccess ? RecoveryResult.SUCCESS : RecoveryResult.FAILED);
  draft.lastAction = { name: action, atMs: nowMs };
  return isFrozen;
}

/** Notes that an action did not run. */
export function noteRefusal(draft: Ledger, result: RecoveryResult): void {
  draft.counters.skipped++;
  if (result === RecoveryResult.SKIPPED_DRY_RUN) draft.counters.dryRuns++;
  countName(draft.byResult, result);
}

/** Notes how a step ended, for what failures of the same step lead to. */
export function noteStep(
  draft: Ledger,
  anomalyType: string,
  step: number,
  hasFailed: boolean,
): void {
  const key = stepKey(anomalyType, step);
  const failures = stepFailures(draft, anomalyType, step) + 1;
  if (hasFailed) refresh(draft.stepFailures, NAMES_MAX, key, failures);
  else draft.stepFailures.delete(key);
}

/** @returns How often in a row a step has failed. */
export function stepFailures(ledger: Ledger, anomalyType: string, step: number): number {
  return ledger.stepFailures.get(stepKey(anomalyType, step)) ?? 0;
}

/**
 * Notes that an anomaly was told of.
 *
 * @returns The episode that it belongs to.
 */
export function noteAnomaly(
  draft: Ledger,
  anomalyType: string,
  { firstMs, nowMs, gapMs }: {
    readonly firstMs: number;
    readonly nowMs: number;
    readonly gapMs: number;
  },
): Episode {
  const known = draft.episodes.get(anomalyType);
  const episode = known !== undefined && nowMs - known.lastMs < gapMs
    ? { firstMs: known.firstMs, lastMs: nowMs, recurrences: known.recurrences + 1 }
    : { firstMs, lastMs: nowMs, recurrences: 0 };
  refresh(draft.episodes, NAMES_MAX, anomalyType, episode);
  return episode;
}

/** Notes that an anomaly is over, verifiably. */
export function noteRecovery(draft: Ledger, detectedMs: number, nowMs: number): void {
  draft.counters.recoveries++;
  draft.counters.recoverySeconds += Math.max(0, nowMs - detectedMs) / 1_000;
}

/**
 * Notes where an action was refused, so that the same again is told apart from news.
 *
 * @param key The anomaly, the step and the action.
 */
export function noteLastRefusal(draft: Ledger, key: string, refusal: LastRefusal): void {
  refresh(draft.refusals, REFUSALS_MAX, key, refusal);
}

/** Counts under a name; beyond so many names under that of all others. */
export function countName(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < NAMES_MAX ? name : OTHERS;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Sets a value as the one that was heard of last, and forgets what was not for longest. */
function refresh<V>(map: Map<string, V>, max: number, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) map.delete(map.keys().next().value!);
}

function stepKey(anomalyType: string, step: number): string {
  return `${step} ${anomalyType}`;
}
