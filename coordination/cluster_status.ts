import { type Clock, systemClock } from "../clock.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { clusterKeys, describeMembers, readCluster, sightings } from "./cluster_snapshot.ts";
import { ConsensusDecision, type ConsensusDecisionDict } from "./consensus_decision.ts";
import { checkIdentifier } from "./identifiers.ts";
import { MemberObserver } from "./member_observer.ts";
import type { NodeInfo, NodeInfoDict } from "./node_info.ts";
import { sharedStore } from "./shared_store.ts";

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
   * How long the store may take, in ms.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
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
  /** Who leads; null when nobody does. It may have died up to one lease ago. */
  readonly leader: string | null;
  /** The current term, or the last one; 0 when nobody has ever led. */
  readonly term: number;
  /** The registered members, with the status that the leader published. */
  readonly members: readonly NodeInfo[];
  /** The decision that the leader published last. */
  readonly consensus: ConsensusDecision;
  /** How many records of the cluster could not be read. */
  readonly corruptRecords: number;
}

/** Wire form of a {@link ClusterStatus}. */
export interface ClusterStatusDict {
  readonly cluster: string;
  readonly leader: string | null;
  readonly term: number;
  readonly members: readonly NodeInfoDict[];
  readonly consensus: ConsensusDecisionDict;
  readonly corrupt_records: number;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const UNUSED_LIMITS = { suspectAfterMissed: 1, deadAfterMissed: 2 };

/**
 * Reads a cluster from outside.
 *
 * @param options Which cluster, in which store.
 * @returns What stands there.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function readClusterStatus(options: ClusterStatusOptions): Promise<ClusterStatus> {
  const { kv, clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const cluster = checkIdentifier("cluster", options.cluster ?? "default");
  const { store } = sharedStore(kv, clock, Math.random);
  const snapshot = await readCluster(store, clusterKeys(cluster), { timeoutMs });
  const observer = new MemberObserver(clock, UNUSED_LIMITS);
  observer.observe(sightings(snapshot.members));
  return {
    cluster,
    leader: snapshot.term?.holderId ?? null,
    term: snapshot.term?.term ?? 0,
    members: describeMembers(snapshot, observer),
    consensus: snapshot.decision?.decision ??
      ConsensusDecision.undecided(ConsensusReason.NO_VOTES),
    corruptRecords: snapshot.corrupt.length,
  };
}

/**
 * The wire form of a status.
 *
 * @param status What was read.
 * @returns The same in snake_case.
 */
export function clusterStatusToDict(status: ClusterStatus): ClusterStatusDict {
  const { cluster, leader, term, members, consensus, corruptRecords } = status;
  return {
    cluster,
    leader,
    term,
    members: members.map((member) => member.toDict()),
    consensus: consensus.toDict(),
    corrupt_records: corruptRecords,
  };
}
