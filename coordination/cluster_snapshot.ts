import { describeError } from "../config/describe_error.ts";
import { MemberStatus } from "../enums/member_status.ts";
import { type DecisionRecord, parseDecisionRecord } from "./decision_record.ts";
import {
  electionKeys,
  type LeaseRecord,
  parseLeaseRecord,
  parseTermRecord,
  type TermRecord,
} from "./election_records.ts";
import { CorruptRecordError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import { coordinationLogger } from "./logger.ts";
import type { MemberObserver } from "./member_observer.ts";
import { type MemberRecord, parseMemberRecord } from "./member_record.ts";
import { NodeInfo } from "./node_info.ts";
import type { CallOptions } from "./write_batch.ts";

/** Name of the election by which a cluster chooses its leader. */
export const LEADER_ELECTION = "leader";

/** Where a cluster keeps its records. */
export interface ClusterKeys {
  /** Everything of the cluster is below it. */
  readonly prefix: Deno.KvKey;
  /** Members are below it, one key each. */
  readonly members: Deno.KvKey;
  /** Of the decision that the leader publishes. */
  readonly decision: Deno.KvKey;
}

/** @returns The keys of a cluster. */
export function clusterKeys(cluster: string): ClusterKeys {
  const prefix = ["baton", "cluster", cluster];
  return { prefix, members: [...prefix, "member"], decision: [...prefix, "decision"] };
}

/** A member's record with the versionstamp of its last heartbeat. */
export interface RegisteredMember {
  /** What it wrote. */
  readonly record: MemberRecord;
  /** When it wrote that, in the order of the store. */
  readonly versionstamp: string;
}

/** Everything that a cluster has in the store, read in one go. */
export interface ClusterSnapshot {
  /** The registered members, in the order of their ids. */
  readonly members: readonly RegisteredMember[];
  /** The last decision and its versionstamp; null when there is none. */
  readonly decision: (DecisionRecord & { readonly versionstamp: string }) | null;
  /** The last term; null when nobody has ever led. */
  readonly term: TermRecord | null;
  /** The last renewal and its versionstamp; null when nobody has ever led. */
  readonly lease: (LeaseRecord & { readonly versionstamp: string }) | null;
  /** How many members' records could not be read; their places count all the same. */
  readonly corruptMembers: number;
  /** Errors of all records that could not be read. */
  readonly corrupt: readonly CorruptRecordError[];
}

/**
 * Reads a cluster. Records that cannot be read are left out and reported.
 *
 * @param store The port.
 * @param keys Where the cluster is.
 * @param options The deadline.
 * @returns What stands there.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function readCluster(
  store: KvStore,
  keys: ClusterKeys,
  options: CallOptions,
): Promise<ClusterSnapshot> {
  const members: RegisteredMember[] = [];
  const corrupt: CorruptRecordError[] = [];
  let decision: ClusterSnapshot["decision"] = null;
  let term: TermRecord | null = null;
  let lease: ClusterSnapshot["lease"] = null;
  const election = electionKeys(keys.prefix, LEADER_ELECTION);
  for (const entry of await store.list(keys.prefix, options)) {
    try {
      if (isChildOf(entry.key, keys.members)) {
        members.push({ record: parseMemberRecord(entry), versionstamp: entry.versionstamp });
      } else if (isSame(entry.key, keys.decision)) {
        const record = parseDecisionRecord(entry);
        decision = record && { ...record, versionstamp: entry.versionstamp };
      } else if (isSame(entry.key, election.term)) {
        term = parseTermRecord(entry);
      } else if (isSame(entry.key, election.lease)) {
        const record = parseLeaseRecord(entry);
        lease = record && { ...record, versionstamp: entry.versionstamp };
      }
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      coordinationLogger.warn("{error}", { error: describeError(error) });
      corrupt.push(error);
    }
  }
  const corruptMembers = corrupt.filter(({ key }) => isChildOf(key, keys.members)).length;
  return { members, decision, term, lease, corruptMembers, corrupt };
}

/**
 * Judges and describes the members of a snapshot.
 *
 * A member is as ill as its own silence shows, or as the leader published, unless it has written a
 * heartbeat after that. One of which neither says anything counts as alive.
 *
 * @param snapshot What stands in the store.
 * @param observer Has met this snapshot.
 * @param leader Who counts as leader.
 * @returns One entry a member.
 */
export function describeMembers(
  snapshot: ClusterSnapshot,
  observer: MemberObserver,
  leader: string | null = snapshot.term?.holderId ?? null,
): NodeInfo[] {
  const { members, decision } = snapshot;
  const dead = new Set(decision?.dead);
  const suspect = new Set(decision?.suspect);
  return members.map(({ record, versionstamp }) => {
    const { instanceId } = record;
    const published = decision !== null && versionstamp < decision.versionstamp
      ? statusIn(instanceId, suspect, dead)
      : MemberStatus.ALIVE;
    return new NodeInfo({
      instanceId,
      isLeader: leader === instanceId,
      healthScore: record.healthScore,
      status: worse(observer.statusOf(instanceId) ?? MemberStatus.ALIVE, published),
      lastHeartbeat: record.writtenAt,
      incarnation: record.incarnation,
      labels: record.labels,
      load: record.load,
      takesWork: record.takesWork,
      state: record.state,
    });
  });
}

/** @returns What an observer needs of the members. */
export function sightings(members: readonly RegisteredMember[]): {
  readonly instanceId: string;
  readonly versionstamp: string;
  readonly heartbeatMs: number;
}[] {
  return members.map(({ record: { instanceId, heartbeatMs }, versionstamp }) => (
    { instanceId, versionstamp, heartbeatMs }
  ));
}

function statusIn(
  id: string,
  suspect: ReadonlySet<string>,
  dead: ReadonlySet<string>,
): MemberStatus {
  if (dead.has(id)) return MemberStatus.DEAD;
  return suspect.has(id) ? MemberStatus.SUSPECT : MemberStatus.ALIVE;
}

const SEVERITY: Readonly<Record<MemberStatus, number>> = { alive: 0, suspect: 1, dead: 2 };

function worse(a: MemberStatus, b: MemberStatus): MemberStatus {
  return SEVERITY[a] >= SEVERITY[b] ? a : b;
}

function isChildOf(key: Deno.KvKey, parent: Deno.KvKey): boolean {
  return isSame(key.slice(0, -1), parent);
}

function isSame(a: Deno.KvKey, b: Deno.KvKey): boolean {
  return a.length === b.length && b.every((part, index) => a[index] === part);
}
