import type { LaneWorker } from "./lane_worker.ts";
import { emptyLedger, type Ledger, type LedgerCounters, standingOf } from "./ledger.ts";
import { restMs } from "./gate.ts";
import { unlistedAction } from "./compile_rules.ts";
import type { RecoveryRules } from "./recovery_rules.ts";

/** What recovery counted. Keys are wire keys; counters only grow, also across restarts. */
export interface RecoveryMetricsDict {
  /** Actions that ran to an end, good or bad; dry runs are none. */
  readonly total_actions_executed: number;
  /** Those that succeeded, verification included. */
  readonly successful_actions: number;
  /** Those that failed. */
  readonly failed_actions: number;
  /** The share that succeeded, 0 to 1; 0 when nothing ran. */
  readonly success_rate: number;
  /** How often each action ran; 0 for those that did not. */
  readonly actions_by_type: Readonly<Record<string, number>>;
  /** When an action ended last, UTC ISO; null for never. */
  readonly last_action_time: string | null;
  /** Which; null for none. */
  readonly last_action_type: string | null;
  /** Whether it runs. */
  readonly running: boolean;
  /** Actions that were asked for and not run, dry runs included. */
  readonly skipped_actions: number;
  /** Actions that would have run, but for the dry run. */
  readonly dry_run_actions: number;
  /** How often each result came up. */
  readonly actions_by_result: Readonly<Record<string, number>>;
  /** How many chains ended, by the anomaly that they were about. */
  readonly actions_by_anomaly: Readonly<Record<string, number>>;
  /** Mean of the seconds from detection to verified recovery; 0 when nothing was seen to recover. */
  readonly average_mttr_seconds: number;
  /** How often something was seen to recover. */
  readonly verified_recoveries: number;
  /** Anomalies that were told of. */
  readonly anomalies_total: number;
  /** Those that joined one of their type that was waiting. */
  readonly anomalies_coalesced: number;
  /** Those that gave no reason to act. */
  readonly anomalies_ignored: number;
  /** Actions that began anew after the process that ran them had died. */
  readonly interrupted_actions: number;
}

/** How an action rests. Keys are wire keys. */
export interface CooldownDict {
  /** Whether it may run, as far as its cooldown is concerned. */
  readonly available: boolean;
  /** For how many more seconds it rests. */
  readonly seconds_remaining: number;
  /** When it ended last, UTC ISO; null for never. */
  readonly last_executed: string | null;
}

/** @returns What was counted in the lanes that are at work here, together. */
export function figuresOf(
  workers: readonly LaneWorker[],
  { names, running }: { readonly names: readonly string[]; readonly running: boolean },
): RecoveryMetricsDict {
  const ledgers = workers.map(({ lane }) => lane.ledger);
  const { counters, byAction, byAnomaly, byResult, lastAction } = sumOf(ledgers);
  return {
    total_actions_executed: counters.executed,
    successful_actions: counters.succeeded,
    failed_actions: counters.failed,
    success_rate: counters.executed === 0 ? 0 : counters.succeeded / counters.executed,
    actions_by_type: dictOf(new Map([...names.map((name) => [name, 0] as const), ...byAction])),
    last_action_time: lastAction && new Date(lastAction.atMs).toISOString(),
    last_action_type: lastAction && lastAction.name,
    running,
    skipped_actions: counters.skipped,
    dry_run_actions: counters.dryRuns,
    actions_by_result: dictOf(byResult),
    actions_by_anomaly: dictOf(byAnomaly),
    average_mttr_seconds: counters.recoveries === 0
      ? 0
      : counters.recoverySeconds / counters.recoveries,
    verified_recoveries: counters.recoveries,
    anomalies_total: counters.anomalies,
    anomalies_coalesced: counters.coalesced,
    anomalies_ignored: counters.ignored,
    interrupted_actions: counters.interrupted,
  };
}

/** @returns How actions rest, by name. */
export function cooldownsOf(
  workers: readonly LaneWorker[],
  names: readonly string[],
  rules: RecoveryRules | null,
): Readonly<Record<string, CooldownDict>> {
  return dictOf(
    new Map(names.map((name) => {
      const standings = workers.map(({ lane }) => ({
        lane,
        standing: standingOf(lane.ledger, name),
      }));
      const rests = standings.map(({ lane, standing: { endedMs, failures } }) => {
        const { cooldownMs } = rules?.actions.get(name) ?? unlistedAction(name);
        return endedMs === null ? 0 : endedMs + restMs(cooldownMs, failures) - lane.now();
      });
      const remainingMs = Math.max(0, ...rests);
      const ended = standings.map(({ standing }) => standing.endedMs).filter((ms) => ms !== null);
      return [name, {
        available: remainingMs === 0,
        seconds_remaining: remainingMs / 1_000,
        last_executed: ended.length === 0 ? null : new Date(Math.max(...ended)).toISOString(),
      }] as const;
    })),
  );
}

type Sum = Pick<Ledger, "byAction" | "byAnomaly" | "byResult" | "lastAction" | "counters">;

function sumOf(ledgers: readonly Ledger[]): Sum {
  const sum = emptyLedger();
  for (const ledger of ledgers) {
    for (const name of Object.keys(sum.counters) as (keyof LedgerCounters)[]) {
      sum.counters[name] += ledger.counters[name];
    }
    for (const key of ["byAction", "byAnomaly", "byResult"] as const) {
      for (const [name, n] of ledger[key]) sum[key].set(name, (sum[key].get(name) ?? 0) + n);
    }
    const { lastAction: last } = ledger;
    if (last && !(sum.lastAction && sum.lastAction.atMs > last.atMs)) sum.lastAction = last;
  }
  return sum;
}

/** A name may be that of something every object has. */
function dictOf<V>(map: ReadonlyMap<string, V>): Readonly<Record<string, V>> {
  return Object.fromEntries(map);
}
