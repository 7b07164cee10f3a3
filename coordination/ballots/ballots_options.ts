import type { BallotStatus } from "../../enums/ballot_status.ts";
import type { KvStore } from "../kv_store.ts";
import type { NodeInfo } from "../node_info.ts";

/** Options of `Ballots`. */
export interface BallotsOptions {
  /** The port. */
  readonly store: KvStore;
  /** Name of the cluster. */
  readonly cluster: string;
  /** The id of this node: it votes under it. */
  readonly instanceId: string;
  /** Deadline of one call to the store, in ms. */
  readonly attemptTimeoutMs: number;
  /** How often a waiting node reads the store although nothing hinted at a change, in ms. */
  readonly pollMs: number;
  /** Path or URL that the store was opened with; undefined when it is not known. */
  readonly storePath: string | undefined;
  /** Reads the members of the cluster: electors where a proposal names none. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /**
   * How long decided ballots are kept after the leader first saw them, in ms.
   *
   * @default a day
   */
  readonly retainMs?: number;
}

/** Which ballots to list. */
export interface ListBallotsOptions {
  /**
   * How far they have come.
   *
   * @default any
   */
  readonly status?: BallotStatus;
  /**
   * How many at most, 1 to 1,000.
   *
   * @default 100
   */
  readonly limit?: number;
}

/** How long to wait. */
export interface BallotWaitOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}
