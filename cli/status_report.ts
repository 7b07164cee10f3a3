import { type ClusterStatus, clusterStatusToDict } from "../coordination/cluster_status.ts";
import type { ConsensusDecision } from "../coordination/consensus_decision.ts";
import type { NodeInfo } from "../coordination/node_info.ts";
import { ageMs, formatAge } from "./age.ts";
import { describeBallots, renderDecidedBallots, renderOpenBallots } from "./ballot_report.ts";
import { type Fact, renderFacts } from "./fact_list.ts";
import { jsonDocument } from "./json_document.ts";
import { renderTable } from "./table.ts";
import { describeWork, renderDeadLetters } from "./work_report.ts";

const UNREADABLE_SHOWN = 20;

/** @returns The status for people. */
export function renderStatus(status: ClusterStatus, nowMs: number): string {
  const sections = [
    renderFacts(factsOf(status, nowMs)),
    renderMembers(status, nowMs),
    renderDeadLetters(status.work),
    renderOpenBallots(status.ballots, nowMs),
    renderDecidedBallots(status.ballots, nowMs),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function factsOf(status: ClusterStatus, nowMs: number): readonly Fact[] {
  const leader = status.leader === null
    ? `none (last term ${status.term})`
    : `${status.leader} (term ${status.term})`;
  return [
    ["Cluster", status.cluster],
    ["Leader", leader],
    ["Quorum", describeQuorum(status.consensus)],
    ["Consensus", describeConsensus(status.consensus)],
    ...status.isStale && status.decidedAt !== null
      ? [
        [
          "Stale",
          `decided ${formatAge(status.decidedAt, nowMs)} ago ${decidedBy(status)}`,
        ] as const,
      ]
      : [],
    ["Work", describeWork(status.work)],
    ["Ballots", describeBallots(status.ballots)],
    ...describeUnreadable(status).map((text): Fact => ["Unreadable", text]),
  ];
}

function describeUnreadable({ corruptRecords }: ClusterStatus): readonly string[] {
  const shown = corruptRecords.slice(0, UNREADABLE_SHOWN).map(({ key, fault }) =>
    `${key.map(String).join(" / ")}: ${fault}`
  );
  const hidden = corruptRecords.length - shown.length;
  return hidden > 0 ? [...shown, `and ${hidden} more`] : shown;
}

function renderMembers({ members }: ClusterStatus, nowMs: number): string {
  if (members.length === 0) return "No members\n";
  const header = ["ID", "ROLE", "STATUS", "HEALTH", "AGE", "WORK", "LABELS"];
  return renderTable(header, members.map((member) => memberRow(member, nowMs)));
}

function decidedBy({ consensus: { leaderInstance, term } }: ClusterStatus): string {
  return `by ${leaderInstance ?? "nobody"} in term ${term}; nobody stands behind it now`;
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
    member.takesWork ? "takes" : "-",
    Object.entries(member.labels).map(([key, value]) => `${key}=${value}`).join(",") || "-",
  ];
}

/** @returns The status for programs: one JSON document. */
export function renderStatusJson(status: ClusterStatus, nowMs: number): string {
  const { members, ...rest } = clusterStatusToDict(status);
  const withAge = members.map((member) => (
    { ...member, age_ms: ageMs(member.last_heartbeat, nowMs) }
  ));
  return jsonDocument({ ...rest, members: withAge });
}
