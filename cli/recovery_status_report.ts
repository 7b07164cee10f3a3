import { CLUSTER_LANE } from "../orchestration/recovery/lane_keys.ts";
import type { Ledger } from "../orchestration/recovery/ledger.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import { formatAge } from "./age.ts";
import { type Fact, renderFacts } from "./fact_list.ts";
import { jsonDocument } from "./json_document.ts";
import { formatDuration } from "./parse_duration.ts";
import type { RecoveryDuty } from "./recovery_duty.ts";
import { renderEntries } from "./recovery_entry_report.ts";
import type { LaneOverview, RecoveryOverview } from "./recovery_overview.ts";
import { renderTable } from "./table.ts";

/** How a cluster's recovery stands. */
export interface RecoveryStanding extends RecoveryOverview {
  readonly cluster: string;
  /** Who leads; null for nobody. */
  readonly leader: string | null;
  readonly term: number;
  /** What the last leader that did recovery said of it; null for nothing. */
  readonly duty: RecoveryDuty | null;
  /** The last entries of its history. */
  readonly entries: readonly RecoveryActionDict[];
}

/** @returns How recovery stands, for people. */
export function renderRecoveryStatus(
  standing: RecoveryStanding,
  nowMs: number,
  columns: number | null = null,
): string {
  const { lanes, entries } = standing;
  const sections = [
    renderFacts(factsOf(standing)),
    renderPauses(standing, nowMs),
    lanes.length === 0
      ? "Recovery has not run here yet: start a coordinator with --recovery FILE\n"
      : renderLanes(standing, nowMs),
    table(["LANE", "CHAIN ABOUT", "STEP", "ACTION", "STATE", "ATTEMPT"], lanes.flatMap(chainRows)),
    table(
      ["LANE", "WAITING", "SEVERITY", "TOLD", "AGE"],
      lanes.flatMap((lane) => pendingRows(lane, nowMs)),
    ),
    table(
      ["LANE", "ACTION", "ENDED", "FAILED IN A ROW", "FROZEN FOR"],
      lanes.flatMap((lane) => actionRows(lane, nowMs)),
    ),
    entries.length === 0 ? "" : renderEntries(entries, columns),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function factsOf(standing: RecoveryStanding): readonly Fact[] {
  const { cluster, leader, term, lanes } = standing;
  const who = leader === null ? `none (last term ${term})` : `${leader} (term ${term})`;
  const requests = lanes.reduce((sum, lane) => sum + lane.requests, 0);
  return [
    ["Cluster", cluster],
    ["Leader", who],
    ...leader === null ? [] : [["Recovery", dutyText(standing)] as const],
    ...rejectedFacts(standing),
    ...requests === 0 ? [] : [["Requests", `${requests} that nobody has taken`] as const],
    ...lanes.flatMap(({ unreadable }) => unreadable).map((key): Fact => ["Unreadable", key]),
  ];
}

/** @returns What the present leader said; null when it said nothing in its term. */
function presentDuty({ duty, term, leader }: RecoveryStanding): RecoveryDuty | null {
  return duty !== null && leader !== null && duty.term === term ? duty : null;
}

function dutyText(standing: RecoveryStanding): string {
  const duty = presentDuty(standing);
  if (duty === null) {
    const { entries, term } = standing;
    // A program of one's own says nothing of itself, but leaves entries.
    const hasActed = entries.some((entry) => entry.lane === CLUSTER_LANE && entry.term === term);
    if (hasActed) return "runs on the leader";
    return "NOT SEEN on the leader: start it with --recovery FILE";
  }
  if (!duty.enabled) return "SWITCHED OFF by the leader's file";
  return duty.dry_run ? "DRY RUN: it decides, and runs nothing" : "runs on the leader";
}

function rejectedFacts(standing: RecoveryStanding): readonly Fact[] {
  const rejected = presentDuty(standing)?.rejected ?? null;
  return rejected === null
    ? []
    : [["File", `REJECTED, the last good one is in force: ${rejected}`]];
}

function renderPauses({ pauses }: RecoveryStanding, nowMs: number): string {
  return table(
    ["PAUSED BY", "REASON", "SINCE", "ENDS", "ID"],
    pauses.map(({ actor, reason, since, until, id }) => [
      actor,
      reason,
      `${formatAge(since, nowMs)} ago`,
      until === null ? "with recovery resume" : `in ${left(Date.parse(until), nowMs)}`,
      id,
    ]),
  );
}

function renderLanes({ lanes, lanesHidden }: RecoveryStanding, nowMs: number): string {
  const header = ["LANE", "RAN", "OK", "FAILED", "NOT RUN", "DRY RUN", "RECOVERED", "MTTR", "LAST"];
  const rows = table(header, lanes.map((lane) => laneRow(lane, nowMs)));
  return lanesHidden === 0
    ? rows
    : `${rows}and ${lanesHidden} more of nodes that are gone or idle\n`;
}

function laneRow({ name, ledger }: LaneOverview, nowMs: number): readonly string[] {
  if (ledger === null) return [name];
  const { executed, succeeded, failed, skipped, dryRuns, recoveries } = ledger.counters;
  const mttr = mttrSeconds(ledger);
  const last = ledger.lastAction;
  return [
    name,
    ...[executed, succeeded, failed, skipped - dryRuns, dryRuns, recoveries].map(String),
    mttr === null ? "-" : formatDuration(mttr * 1_000),
    last === null ? "-" : `${last.name}, ${ago(last.atMs, nowMs)} ago`,
  ];
}

function chainRows({ name, chains }: LaneOverview): readonly (readonly string[])[] {
  return chains.map((chain) => [
    name,
    chain.anomaly_type,
    `${chain.step}/${chain.steps}`,
    chain.action_type,
    chain.state,
    String(chain.attempt),
  ]);
}

function pendingRows({ name, pending }: LaneOverview, nowMs: number) {
  return pending.map(({ type, severity, told, firstMs }) => [
    name,
    type,
    severity.toFixed(2),
    String(told),
    ago(firstMs, nowMs),
  ]);
}

/** Actions that rest, or that fail; how long each rests is for the file to say, which is not here. */
function actionRows({ name, ledger }: LaneOverview, nowMs: number) {
  return [...ledger?.actions ?? []].map(([action, { endedMs, failures, frozenUntilMs }]) => [
    name,
    action,
    endedMs === null ? "-" : `${ago(endedMs, nowMs)} ago`,
    String(failures),
    frozenUntilMs === null || frozenUntilMs <= nowMs ? "-" : left(frozenUntilMs, nowMs),
  ]);
}

/** @returns How recovery stands, for programs: one JSON document. */
export function renderRecoveryStatusJson(standing: RecoveryStanding): string {
  const { cluster, leader, term, lanes, lanesHidden, pauses, entries } = standing;
  const duty = presentDuty(standing);
  return jsonDocument({
    cluster,
    leader,
    term,
    leader_recovery: duty &&
      { enabled: duty.enabled, dry_run: duty.dry_run, file_rejected: duty.rejected },
    paused: pauses.length > 0,
    pauses,
    lanes: lanes.map(laneDict),
    lanes_hidden: lanesHidden,
    last_entries: entries,
  });
}

function laneDict({ name, ledger, chains, pending, requests, unreadable }: LaneOverview): object {
  const { counters } = ledger ?? {};
  return {
    name,
    actions_executed: counters?.executed ?? null,
    actions_succeeded: counters?.succeeded ?? null,
    actions_failed: counters?.failed ?? null,
    actions_skipped: counters?.skipped ?? null,
    dry_runs: counters?.dryRuns ?? null,
    recoveries: counters?.recoveries ?? null,
    mttr_seconds: ledger && mttrSeconds(ledger),
    last_action: ledger?.lastAction
      ? { type: ledger.lastAction.name, timestamp: iso(ledger.lastAction.atMs) }
      : null,
    chains,
    pending: pending.map((each) => ({
      anomaly_type: each.type,
      severity_score: each.severity,
      told: each.told,
      first_told_at: iso(each.firstMs),
      node: each.node,
    })),
    actions: [...ledger?.actions ?? []].map(([action, standing]) => ({
      action_type: action,
      last_ended_at: standing.endedMs === null ? null : iso(standing.endedMs),
      failures_in_row: standing.failures,
      frozen_until: standing.frozenUntilMs === null ? null : iso(standing.frozenUntilMs),
    })),
    requests,
    unreadable,
  };
}

function mttrSeconds({ counters }: Ledger): number | null {
  return counters.recoveries === 0 ? null : counters.recoverySeconds / counters.recoveries;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : renderTable(header, rows);
}

function ago(ms: number, nowMs: number): string {
  return formatDuration(Math.max(0, nowMs - ms));
}

function left(ms: number, nowMs: number): string {
  return formatDuration(Math.max(0, ms - nowMs));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
