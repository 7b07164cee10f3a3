import { type Clock, systemClock } from "../clock.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import {
  type BallotOverview,
  type BallotOverviewDict,
  ballotOverviewToDict,
  readBallotOverview,
} from "./ballot_overview.ts";
import {
  clusterKeys,
  type ClusterSnapshot,
  describeMembers,
  readCluster,
  sightings,
} from "./cluster_snapshot.ts";
import { ConsensusDecision, type ConsensusDecisionDict } from "./consensus_decision.ts";
import type { CorruptRecordError } from "./errors.ts";
import { checkIdentifier } from "./identifiers.ts";
import { KvStore } from "./kv_store.ts";
import { LenientReader } from "./lenient_reader.ts";
import { MemberObserver } from "./member_observer.ts";
import type { NodeInfo, NodeInfoDict } from "./node_info.ts";
import {
  readWorkOverview,
  type WorkOverview,
  type WorkOverviewDict,
  workOverviewToDict,
} from "./work_overview.ts";

/** Options of {@link readClusterStatus}. */
export interface ClusterStatusOptions {
  /** The store that the cluster shares. */
  readonly kv: Deno.Kv;
  /**
   * The cluster's name.
   *
   * @default "default"
   */
  readonly cluster?: string;
  /**
   * How long the store may take for each read, in ms.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
  /**
   * Whether to make sure of a leader whose renewal looks overdue by this machine's wall clock: the
   * lease is then watched until it is renewed, or for as long as it is, and an unchanged one counts
   * as nobody leading.
   *
   * @default false
   */
  readonly confirmLeader?: boolean;
  /**
   * Times the store.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/** A cluster as its store shows it, without taking part in it. */
export interface ClusterStatus {
  /** The cluster's name. */
  readonly cluster: string;
  /** Who leads; null when nobody does. Unless confirmed, it may have died meanwhile. */
  readonly leader: string | null;
  /** The current term, or the last one; 0 when nobody has ever led. */
  readonly term: number;
  /** The registered members, with the status that the leader published. */
  readonly members: readonly NodeInfo[];
  /** The decision that a leader published last. */
  readonly consensus: ConsensusDecision;
  /** When it was published, UTC ISO by that leader's clock: for people; null when never. */
  readonly decidedAt: string | null;
  /** Whether nobody stands behind it any more: there is no leader, or one of another term. */
  readonly isStale: boolean;
  /** What is to be decided, and what was. */
  readonly ballots: BallotOverview;
  /** What is to be done, and what was given up. */
  readonly work: WorkOverview;
  /** The records of the cluster that could not be read, with what is wrong with each. */
  readonly corruptRecords: readonly CorruptRecordError[];
}

/** Wire form of a {@link ClusterStatus}. */
export interface ClusterStatusDict {
  /** See {@link ClusterStatus.cluster}. */
  readonly cluster: string;
  /** See {@link ClusterStatus.leader}. */
  readonly leader: string | null;
  /** See {@link ClusterStatus.term}. */
  readonly term: number;
  /** See {@link ClusterStatus.members}. */
  readonly members: readonly NodeInfoDict[];
  /** See {@link ClusterStatus.consensus}. */
  readonly consensus: ConsensusDecisionDict;
  /** See {@link ClusterStatus.decidedAt}. */
  readonly decided_at: string | null;
  /** See {@link ClusterStatus.isStale}. */
  readonly is_stale: boolean;
  /** See {@link ClusterStatus.ballots}. */
  readonly ballots: BallotOverviewDict;
  /** See {@link ClusterStatus.work}. */
  readonly work: WorkOverviewDict;
  /** See {@link ClusterStatus.corruptRecords}. */
  readonly corrupt_records: readonly { readonly key: readonly string[]; readonly fault: string }[];
}

const DEFAULT_TIMEOUT_MS = 5_000;
const LIMITS = { suspectAfterMissed: 2, deadAfterMissed: 3 };
const LOOKS_PER_LEASE = 20;

/**
 * Reads a cluster from outside. Writes nothing.
 *
 * @param options Which cluster, in which store.
 * @returns What stands there.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function readClusterStatus(options: ClusterStatusOptions): Promise<ClusterStatus> {
  const { kv, clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const cluster = checkIdentifier("cluster", options.cluster ?? "default");
  const store = new KvStore(kv, { clock, random: Math.random });
  const observer = new MemberObserver(clock, LIMITS);
  const look = async () => {
    const snapshot = await readCluster(store, clusterKeys(cluster), { timeoutMs });
    observer.observe(sightings(snapshot.members));
    return snapshot;
  };
  let snapshot = await look();
  let leader = snapshot.term?.holderId ?? null;
  if (options.confirmLeader && leader !== null && looksOverdue(snapshot, clock)) {
    const confirmed = await watchLease(snapshot, look, clock);
    leader = confirmed?.term?.holderId ?? null;
    snapshot = confirmed ?? await look();
  }
  const reader = new LenientReader({ store, timeoutMs });
  const ballots = await readBallotOverview(reader, cluster);
  const work = await readWorkOverview(reader, cluster);
  const term = snapshot.term?.term ?? 0;
  return {
    cluster,
    leader,
    term,
    members: describeMembers(snapshot, observer, leader),
    consensus: snapshot.decision?.decision ??
      ConsensusDecision.undecided(ConsensusReason.NO_VOTES),
    decidedAt: snapshot.decision?.writtenAt ?? null,
    isStale: leader === null || snapshot.decision?.decision.term !== term,
    ballots,
    work,
    corruptRecords: [...snapshot.corrupt, ...reader.corrupt],
  };
}

/** Only a reason to look closer: wall clocks of different machines are never trusted to agree. */
function looksOverdue({ lease }: ClusterSnapshot, clock: Clock): boolean {
  return lease === null || !(clock.now() - Date.parse(lease.writtenAt) < lease.leaseMs);
}

/** @returns What stands there when the lease changes; null when it does not for as long as it is. */
async function watchLease(
  first: ClusterSnapshot,
  look: () => Promise<ClusterSnapshot>,
  clock: Clock,
): Promise<ClusterSnapshot | null> {
  const leaseMs = first.lease?.leaseMs ?? first.term?.leaseMs ?? 0;
  const until = clock.monotonic() + leaseMs;
  while (clock.monotonic() < until) {
    await clock.sleep(leaseMs / LOOKS_PER_LEASE);
    const now = await look();
    const isRenewed = now.lease?.versionstamp !== first.lease?.versionstamp;
    if (isRenewed || !now.term?.holderId) return now;
  }
  return null;
}

/**
 * The wire form of a status.
 *
 * @param status What was read.
 * @returns The same in snake_case.
 */
export function clusterStatusToDict(status: ClusterStatus): ClusterStatusDict {
  const { cluster, leader, term, members, consensus, decidedAt, isStale } = status;
  return {
    cluster,
    leader,
    term,
    members: members.map((member) => member.toDict()),
    consensus: consensus.toDict(),
    decided_at: decidedAt,
    is_stale: isStale,
    ballots: ballotOverviewToDict(status.ballots),
    work: workOverviewToDict(status.work),
    corrupt_records: status.corruptRecords.map(({ key, fault }) => ({
      key: key.map(String),
      fault,
    })),
  };
}
