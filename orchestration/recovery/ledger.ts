import type { RecoveryResult } from "../../enums/recovery_result.ts";
import type { GateFacts } from "./gate_facts.ts";

/** How an action stands. */
export interface ActionStanding {
  /** When it ended last, in ms since 1970; null for never. */
  readonly endedMs: number | null;
  /** How often in a row it has failed. */
  readonly failures: number;
  /** How often in a row it ran and did not help. */
  readonly futile: number;
  /** Until when it is left alone, in ms since 1970; null when it is not. */
  readonly frozenUntilMs: number | null;
}

/** An anomaly that lasts, or comes back. */
export interface Episode {
  /** When it was first told of, in ms since 1970. */
  readonly firstMs: number;
  /** When it was last told of, in ms since 1970. */
  readonly lastMs: number;
  /** How often it came back. */
  readonly recurrences: number;
}

/** What was counted. Counters only grow. */
export interface LedgerCounters {
  /** Actions that ran to an end, good or bad. */
  executed: number;
  /** Those that succeeded. */
  succeeded: number;
  /** Those that failed. */
  failed: number;
  /** Actions that were asked for and not run, dry runs included. */
  skipped: number;
  /** Actions that would have run, but for the dry run. */
  dryRuns: number;
  /** Anomalies that were told of. */
  anomalies: number;
  /** Those that joined one of their type that was waiting. */
  coalesced: number;
  /** Those that waited and were dropped: unreadable, or too large to be acted upon. */
  dropped: number;
  /** Those that no policy, or no severity, gave a reason to act on. */
  ignored: number;
  /** Actions that began anew after the process that ran them had died. */
  interrupted: number;
  /** Verified recoveries. */
  recoveries: number;
  /** Seconds from detection to verified recovery, summed up. */
  recoverySeconds: number;
}

/** Where an action was refused last, so that the same again is not a further entry. */
export interface LastRefusal {
  /** The entry. */
  readonly seq: number;
  /** What it says. */
  readonly result: RecoveryResult;
}

/**
 * What one lane of recovery remembers: how its actions stand, what they may still do, what was
 * counted. Plain values; only a draft of it is ever changed, see `RecoveryLane`.
 */
export interface Ledger {
  /** The latest moment that is written in it, in ms since 1970. */
  atMs: number;
  /** The number of the next entry of the history. */
  nextSeq: number;
  /** The number of the first entry that is still kept. */
  firstSeq: number;
  /** How actions stand, by name. */
  readonly actions: Map<string, ActionStanding>;
  /** When actions began, in ms since 1970, oldest first: those of the last hour. */
  runsMs: readonly number[];
  /** When safe mode was entered, likewise: of the last day. */
  safeModesMs: readonly number[];
  /** How often in a row a step has failed, by anomaly and step. */
  readonly stepFailures: Map<string, number>;
  /** Anomalies that last, by type. */
  readonly episodes: Map<string, Episode>;
  /** Last refusals, by anomaly, step and action. */
  readonly refusals: Map<string, LastRefusal>;
  /** When too few members were well, for the last time, in ms since 1970; null for never. */
  stormSeenMs: number | null;
  /** What was counted. */
  readonly counters: LedgerCounters;
  /** How often actions ran, by name. */
  readonly byAction: Map<string, number>;
  /** How many chains ended, by anomaly. */
  readonly byAnomaly: Map<string, number>;
  /** How often each result came up. */
  readonly byResult: Map<string, number>;
  /** The last action that ran, and when, in ms since 1970; null for none. */
  lastAction: { readonly name: string; readonly atMs: number } | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FREE: ActionStanding = { endedMs: null, failures: 0, futile: 0, frozenUntilMs: null };

/** @returns A ledger in which nothing has happened. */
export function emptyLedger(): Ledger {
  return {
    atMs: 0,
    nextSeq: 0,
    firstSeq: 0,
    actions: new Map(),
    runsMs: [],
    safeModesMs: [],
    stepFailures: new Map(),
    episodes: new Map(),
    refusals: new Map(),
    stormSeenMs: null,
    counters: {
      executed: 0,
      succeeded: 0,
      failed: 0,
      skipped: 0,
      dryRuns: 0,
      anomalies: 0,
      coalesced: 0,
      dropped: 0,
      ignored: 0,
      interrupted: 0,
      recoveries: 0,
      recoverySeconds: 0,
    },
    byAction: new Map(),
    byAnomaly: new Map(),
    byResult: new Map(),
    lastAction: null,
  };
}

/** @returns A copy that can be changed without changing the ledger. */
export function draftOf(ledger: Ledger): Ledger {
  return {
    ...ledger,
    actions: new Map(ledger.actions),
    stepFailures: new Map(ledger.stepFailures),
    episodes: new Map(ledger.episodes),
    refusals: new Map(ledger.refusals),
    counters: { ...ledger.counters },
    byAction: new Map(ledger.byAction),
    byAnomaly: new Map(ledger.byAnomaly),
    byResult: new Map(ledger.byResult),
  };
}

/** @returns How an action stands. */
export function standingOf(ledger: Ledger, action: string): ActionStanding {
  return ledger.actions.get(action) ?? FREE;
}

/** @returns Those of some moments, in ms since 1970, that still count against a limit an hour. */
export function lastHour(moments: readonly number[], nowMs: number): readonly number[] {
  return moments.filter((ms) => ms > nowMs - HOUR_MS);
}

/** @returns Those of some moments, in ms since 1970, that still count against a limit a day. */
export function lastDay(moments: readonly number[], nowMs: number): readonly number[] {
  return moments.filter((ms) => ms > nowMs - DAY_MS);
}

/** @returns The part of the gate's facts that the ledger knows. */
export function ledgerFacts(
  ledger: Ledger,
  action: string,
  nowMs: number,
): Pick<
  GateFacts,
  | "at_ms"
  | "storm_seen_ms"
  | "last_ended_ms"
  | "failures_in_row"
  | "frozen_until_ms"
  | "runs_last_hour"
  | "first_run_ms"
  | "safe_modes_last_day"
  | "first_safe_mode_ms"
> {
  const { endedMs, failures, frozenUntilMs } = standingOf(ledger, action);
  const runs = lastHour(ledger.runsMs, nowMs);
  const safeModes = lastDay(ledger.safeModesMs, nowMs);
  return {
    at_ms: nowMs,
    storm_seen_ms: ledger.stormSeenMs,
    last_ended_ms: endedMs,
    failures_in_row: failures,
    frozen_until_ms: frozenUntilMs,
    runs_last_hour: runs.length,
    first_run_ms: runs[0] ?? null,
    safe_modes_last_day: safeModes.length,
    first_safe_mode_ms: safeModes[0] ?? null,
  };
}
