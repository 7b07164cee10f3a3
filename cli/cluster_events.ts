import type { ConsensusDecision } from "../coordination/consensus_decision.ts";
import type { LeaderView } from "../coordination/leader_election_options.ts";
import type { NodeInfo } from "../coordination/node_info.ts";

/** Something about the cluster that is worth a line in the log. */
export interface ClusterEvent {
  readonly level: "info" | "warning";
  /** A LogTape message, with the names of properties in braces. */
  readonly message: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * @returns What to say about who leads; null for the node with this id itself, of which the library
 * says when it wins and why it loses.
 */
export function leaderEvent(view: LeaderView, self: string): ClusterEvent | null {
  const { holderId, term } = view;
  if (holderId === self) return null;
  return holderId === null
    ? { level: "info", message: "Nobody leads", properties: { leader: null, term } }
    : {
      level: "info",
      message: "{leader} leads in term {term}",
      properties: { leader: holderId, term },
    };
}

/** The members by id, as far as the log cares. */
export type MemberStatuses = ReadonlyMap<string, string>;

/** @returns The status of each member. */
export function memberStatuses(members: readonly NodeInfo[]): MemberStatuses {
  return new Map(members.map((member) => [member.instanceId, member.status]));
}

const NAMES_MAX = 10;

/**
 * @param before The members at the last look; undefined at the first.
 * @param after The members now.
 * @returns Who is there at the first look; who joined, left, or changed its status after that.
 */
export function memberEvents(
  before: MemberStatuses | undefined,
  after: MemberStatuses,
): ClusterEvent[] {
  if (before === undefined) return [firstLook(after)];
  const left = [...before.keys()].filter((member) => !after.has(member));
  const changed = [...after].filter(([member, status]) => before.get(member) !== status);
  return [
    ...left.map((member) => memberEvent("{member} left, {members} remain", member, after)),
    ...changed.map(([member, status]) =>
      before.has(member)
        ? statusEvent(member, status)
        : memberEvent("{member} joined, {members} in all", member, after)
    ),
  ];
}

function firstLook(members: MemberStatuses): ClusterEvent {
  const names = [...members.keys()].slice(0, NAMES_MAX).join(", ");
  const rest = members.size > NAMES_MAX ? ", …" : "";
  const properties = { members: members.size, names: names + rest };
  return { level: "info", message: "Members ({members}): {names}", properties };
}

function memberEvent(message: string, member: string, members: MemberStatuses): ClusterEvent {
  return { level: "info", message, properties: { member, members: members.size } };
}

function statusEvent(member: string, status: string): ClusterEvent {
  const level = status === "alive" ? "info" : "warning";
  return { level, message: "{member} is {status}", properties: { member, status } };
}

/** @returns What the cluster agreed on anew, or why it no longer agrees; null for no change. */
export function consensusEvent(
  before: ConsensusDecision | undefined,
  after: ConsensusDecision,
): ClusterEvent | null {
  const { circuitState, fallbackMode, quorumMet, reason } = after;
  if (
    before?.circuitState === circuitState && before.fallbackMode === fallbackMode &&
    before.quorumMet === quorumMet && before.reason === reason
  ) return null;
  const properties = {
    mode: fallbackMode,
    circuit: circuitState,
    voting: after.votingInstances,
    registered: after.registeredInstances,
    reason,
  };
  return reason === null
    ? {
      level: "info",
      message: "Consensus: mode {mode}, circuit {circuit}, {voting} of {registered} voted",
      properties,
    }
    : {
      level: "warning",
      message: "No consensus ({reason}): {voting} of {registered} voted",
      properties,
    };
}
