import { ActionScope } from "../../enums/action_scope.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { SAFE_MODE_ACTIONS } from "./builtin_action_names.ts";
import type { GateFacts } from "./gate_facts.ts";
import type { ActionRules, RecoveryLimits, RecoveryRules } from "./recovery_rules.ts";

/** Who asks for an action. */
export interface GateRequest {
  /** The action. */
  readonly action: ActionRules;
  /** What it is asked for by. */
  readonly trigger: RecoveryTrigger;
  /** Whether it may run in any phase, as the person who asks wants it so. */
  readonly force: boolean;
}

/** Whether an action runs. */
export type GateVerdict =
  | {
    /** It runs. */
    readonly kind: "run";
  }
  | {
    /** It does not. */
    readonly kind: "refuse";
    /** Why, for programs. */
    readonly result: RecoveryResult;
    /** Why, for people. */
    readonly reason: string;
    /** From when on it may, in ms since 1970; null when time alone does not help. */
    readonly retryAtMs: number | null;
  };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BACKOFF_BASE_MIN_MS = 1_000;
const BACKOFF_MAX_MS = HOUR_MS;

/** What each check looks at. */
interface Look extends GateRequest {
  readonly facts: GateFacts;
  readonly rules: RecoveryRules;
}

type Refusal = Extract<GateVerdict, { readonly kind: "refuse" }>;
type Check = (look: Look) => Refusal | null;

const RUN: GateVerdict = Object.freeze({ kind: "run" });

/**
 * Decides whether an action runs: the one gate that every action passes, whatever asks for it. The
 * first check that refuses gives the reason.
 *
 * Who asks by hand passes the checks that hold back what nobody asked for: pause, storm, cooldown and
 * freeze. Switches, phases (unless forced) and limits hold for everybody.
 *
 * @param request Who asks for what.
 * @param facts How things are.
 * @param rules What recovery goes by.
 * @returns Whether it runs, else why not.
 */
export function decideAction(
  request: GateRequest,
  facts: GateFacts,
  rules: RecoveryRules,
): GateVerdict {
  const look = { ...request, facts, rules };
  const isManual = request.trigger === RecoveryTrigger.MANUAL_TRIGGER;
  for (const check of isManual ? CHECKS_FOR_PEOPLE : CHECKS) {
    const refusal = check(look);
    if (refusal !== null) return refusal;
  }
  return RUN;
}

/**
 * Says how long an action rests.
 *
 * @param cooldownMs Its cooldown after a success, in ms.
 * @param failures How often in a row it has failed.
 * @returns The cooldown in ms: after failures at least a second, doubled with each further one up to
 * an hour, or up to the cooldown if that is longer.
 */
export function restMs(cooldownMs: number, failures: number): number {
  if (failures === 0) return cooldownMs;
  const baseMs = Math.max(cooldownMs, BACKOFF_BASE_MIN_MS);
  return Math.min(baseMs * 2 ** (failures - 1), Math.max(cooldownMs, BACKOFF_MAX_MS));
}

/** @returns Of which members there are too few, for people; null when there are enough. */
export function stormOf(
  { alive_share: alive, healthy_share: healthy }: GateFacts,
  { minAliveShare, minHealthyShare }: RecoveryLimits,
): string | null {
  const tooFew = (share: number, of: string, min: number) =>
    `${percent(share)} of the members are ${of}, fewer than ${percent(min)}`;
  if (alive !== null && alive < minAliveShare) return tooFew(alive, "alive", minAliveShare);
  if (healthy !== null && healthy < minHealthyShare) {
    return tooFew(healthy, "well", minHealthyShare);
  }
  return null;
}

const isSwitchedOn: Check = ({ action, facts }) => {
  if (!facts.enabled) return refuse(RecoveryResult.SKIPPED_DISABLED, "recovery is switched off");
  if (action.enabled) return null;
  return refuse(RecoveryResult.SKIPPED_DISABLED, `${action.name} is switched off`);
};

const hasHandler: Check = ({ action, facts }) =>
  facts.has_handler ? null : refuse(
    RecoveryResult.SKIPPED_NO_HANDLER,
    `nothing does ${action.name}: declare it under handlers, or register it`,
  );

const isOurs: Check = ({ action, facts }) =>
  action.scope === ActionScope.NODE || facts.leading !== false
    ? null
    : refuse(RecoveryResult.SKIPPED_NOT_LEADER, "another node leads");

const isNotPaused: Check = ({ facts: { pause } }) =>
  pause === null ? null : refuse(RecoveryResult.SKIPPED_PAUSED, `paused: ${pause}`);

const isNoStorm: Check = ({ facts, rules: { limits } }) => {
  const storm = stormOf(facts, limits);
  if (storm !== null) return refuse(RecoveryResult.SKIPPED_STORM, storm);
  const { storm_seen_ms: seenMs, at_ms: nowMs } = facts;
  if (seenMs === null || nowMs >= seenMs + limits.stormCooldownMs) return null;
  return later(
    RecoveryResult.SKIPPED_STORM,
    "too few members were well a moment ago",
    seenMs + limits.stormCooldownMs,
    nowMs,
  );
};

const isInPhase: Check = ({ action, force, facts, rules }) => {
  const { phase, phase_fault: fault } = facts;
  if (action.phases === null || force) return null;
  const refused = (reason: string) => refuse(RecoveryResult.SKIPPED_PHASE_RESTRICTION, reason);
  if (fault !== null) {
    return rules.allowUnknownPhase ? null : refused(`the phase is not known: ${fault}`);
  }
  if (phase === null) return null;
  const allowed = action.phases.get(phase);
  if (allowed ?? rules.allowUnknownPhase) return null;
  return refused(
    allowed === false
      ? `${action.name} may not run in phase ${phase}`
      : `nothing is said of ${action.name} in phase ${phase}`,
  );
};

const isNotFrozen: Check = ({ action, facts: { frozen_until_ms: untilMs, at_ms: nowMs } }) =>
  untilMs === null || nowMs >= untilMs
    ? null
    : later(RecoveryResult.SKIPPED_FROZEN, `${action.name} did not help`, untilMs, nowMs);

const hasRested: Check = ({ action, facts }) => {
  const { last_ended_ms: endedMs, failures_in_row: failures, at_ms: nowMs } = facts;
  if (endedMs === null) return null;
  const freeAtMs = endedMs + restMs(action.cooldownMs, failures);
  if (nowMs >= freeAtMs) return null;
  const why = ["ran", "failed"][failures] ?? `failed ${failures} times in a row`;
  return later(RecoveryResult.SKIPPED_COOLDOWN, `${action.name} ${why}`, freeAtMs, nowMs);
};

const isWithinHour: Check = ({ facts, rules: { limits } }) =>
  facts.runs_last_hour < limits.perHour ? null : later(
    RecoveryResult.SKIPPED_RATE_LIMIT,
    `${facts.runs_last_hour} actions in the last hour, of at most ${limits.perHour}`,
    (facts.first_run_ms ?? facts.at_ms) + HOUR_MS,
    facts.at_ms,
  );

const isWithinDay: Check = ({ action, facts, rules: { limits } }) =>
  !SAFE_MODE_ACTIONS.includes(action.name) || facts.safe_modes_last_day < limits.safeModePerDay
    ? null
    : later(
      RecoveryResult.SKIPPED_SAFE_MODE_LIMIT,
      `safe mode was entered ${facts.safe_modes_last_day} times in the last day, of at most ` +
        limits.safeModePerDay,
      (facts.first_safe_mode_ms ?? facts.at_ms) + DAY_MS,
      facts.at_ms,
    );

const hasTurn: Check = ({ facts, rules: { limits } }) =>
  facts.waiting <= limits.waiting ? null : refuse(
    RecoveryResult.SKIPPED_CONCURRENCY,
    `${limits.waiting} actions wait for their turn already`,
  );

const isForReal: Check = ({ action, facts }) =>
  facts.dry_run ? refuse(RecoveryResult.SKIPPED_DRY_RUN, `${action.name} would have run`) : null;

const CHECKS_FOR_PEOPLE: readonly Check[] = [
  isSwitchedOn,
  hasHandler,
  isOurs,
  isInPhase,
  isWithinHour,
  isWithinDay,
  hasTurn,
  isForReal,
];

const CHECKS: readonly Check[] = [
  isSwitchedOn,
  hasHandler,
  isOurs,
  isNotPaused,
  isNoStorm,
  isInPhase,
  isNotFrozen,
  hasRested,
  isWithinHour,
  isWithinDay,
  hasTurn,
  isForReal,
];

function refuse(
  result: RecoveryResult,
  reason: string,
  retryAtMs: number | null = null,
): Refusal {
  return { kind: "refuse", result, reason, retryAtMs };
}

function later(result: RecoveryResult, why: string, retryAtMs: number, nowMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil((retryAtMs - nowMs) / 1_000));
  return refuse(result, `${why}; not again for ${seconds} s`, retryAtMs);
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
