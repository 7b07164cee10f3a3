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

/** @returns What a change of leadership means to the node with this id. */
export function leaderEvent(
  before: LeaderView | undefined,
  after: LeaderView,
  self: string,
): ClusterEvent {
  const { holderId, term } = after;
  const properties = { leader: holderId, term };
  if (holderId === self) {
    return { level: "info", message: "Elected: this node leads in term {term}", properties };
  }
  if (before?.holderId === self) {
    return holderId === null
      ? { level: "warning", message: "Leadership ended: nobody leads", properties }
      : { level: "warning", message: "Leadership lost: {leader} leads in term {term}", properties };
  }
  return holderId === null
    ? { level: "info", message: "Nobody leads", properties }
    : { level: "info", message: "{leader} leads in term {term}", properties };
}

/** The members by id, as far as the log cares. */
export type MemberStatuses = ReadonlyMap<string, string>;

/** @returns The status of each member. */
export function memberStatuses(members: readonly NodeInfo[]): MemberStatuses {
  return new Map(members.map((member) => [member.instanceId, member.status]));
}

/** @returns Who joined, left, or changed its status. */
export function memberEvents(before: MemberStatuses, after: MemberStatuses): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  for (const [member, status] of after) {
    const last = before.get(member);
    if (last === status) continue;
    const properties = { member, status, members: after.size };
    events.push(
      last === undefined
        ? { level: "info", message: "{member} joined: {members} members", properties }
        : {
          level: status === "alive" ? "info" : "warning",
          message: "{member} is {status}",
          properties,
        },
    );
  }
  for (const member of before.keys()) {
    if (after.has(member)) continue;
    const properties = { member, members: after.size };
    events.push({ level: "info", message: "{member} left: {members} members", properties });
  }
  return events;
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
