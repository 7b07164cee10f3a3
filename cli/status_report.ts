import { type ClusterStatus, clusterStatusToDict } from "../coordination/cluster_status.ts";
import type { ConsensusDecision } from "../coordination/consensus_decision.ts";
import type { NodeInfo } from "../coordination/node_info.ts";
import type { ErrorReport } from "./cli_error.ts";
import { displayText } from "./display_text.ts";
import { formatDuration } from "./parse_duration.ts";
import { renderTable } from "./table.ts";

/** @returns The status for people. */
export function renderStatus(status: ClusterStatus, nowMs: number): string {
  const leader = status.leader === null
    ? `none (last term ${status.term})`
    : `${displayText(status.leader)} (term ${status.term})`;
  const facts = [
    ["Cluster", displayText(status.cluster)],
    ["Leader", leader],
    ["Quorum", describeQuorum(status.consensus)],
    ["Consensus", describeConsensus(status.consensus)],
    ...status.isStale && status.decidedAt !== null
      ? [["Stale", `decided ${formatAge(status.decidedAt, nowMs)} ago ${decidedBy(status)}`]]
      : [],
    ...status.corruptRecords.map((
      { key, fault },
    ) => ["Unreadable", displayText(`${key.map(String).join(" / ")}: ${fault}`)]),
  ];
  const width = Math.max(...facts.map(([name = ""]) => name.length));
  const head = facts.map(([name = "", text = ""]) => `${name.padEnd(width)}  ${text}\n`).join("");
  if (status.members.length === 0) return `${head}\nNo members\n`;
  const rows = status.members.map((member) => memberRow(member, nowMs));
  return `${head}\n${renderTable(["ID", "ROLE", "STATUS", "HEALTH", "AGE", "LABELS"], rows)}`;
}

function decidedBy({ consensus: { leaderInstance, term } }: ClusterStatus): string {
  return `by ${
    displayText(leaderInstance ?? "nobody")
  } in term ${term}; nobody stands behind it now`;
}

function describeQuorum(decision: ConsensusDecision): string {
  const votes = `${decision.votingInstances} of ${decision.registeredInstances} voted`;
  return `${decision.quorumMet ? "met" : "not met"}, ${votes}`;
}

function describeConsensus(decision: ConsensusDecision): string {
  const strength = `${Math.round(decision.consensusStrength * 100)} %`;
  const values = `mode ${decision.fallbackMode}, circuit ${decision.circuitState} (${strength})`;
  return decision.reason === null ? values : `none, ${decision.reason}; ${values}`;
}

function memberRow(member: NodeInfo, nowMs: number): readonly string[] {
  return [
    member.instanceId,
    member.isLeader ? "leader" : "follower",
    member.status,
    member.healthScore === null ? "-" : member.healthScore.toFixed(2),
    formatAge(member.lastHeartbeat, nowMs),
    Object.entries(member.labels).map(([key, value]) => `${key}=${value}`).join(",") || "-",
  ];
}

/** The heartbeat's time is the member's own: where clocks differ, an age may be off or negative. */
function ageMs(writtenAt: string | null, nowMs: number): number | null {
  const writtenMs = writtenAt === null ? NaN : Date.parse(writtenAt);
  return Number.isNaN(writtenMs) ? null : Math.max(0, nowMs - writtenMs);
}

function formatAge(writtenAt: string | null, nowMs: number): string {
  const age = ageMs(writtenAt, nowMs);
  return age === null ? "-" : formatDuration(age);
}

/** Version of the JSON documents; changes when a key changes its meaning or goes away. */
const API_VERSION = "baton/v1";

/** @returns The status for programs: one JSON document. */
export function renderStatusJson(status: ClusterStatus, nowMs: number): string {
  const { members, ...rest } = clusterStatusToDict(status);
  const withAge = members.map((member) => (
    { ...member, age_ms: ageMs(member.last_heartbeat, nowMs) }
  ));
  return renderJson({ apiVersion: API_VERSION, ...rest, members: withAge });
}

/** @returns An error for programs: one JSON document. */
export function renderErrorJson(report: ErrorReport): string {
  return renderJson({ apiVersion: API_VERSION, error: report });
}

/** JSON leaves the control characters U+007F to U+009F as they are, and some terminals obey them. */
function renderJson(document: unknown): string {
  const escaped = JSON.stringify(document, null, 2).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}
