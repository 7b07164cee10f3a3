import type { KvStore } from "../kv_store.ts";
import type { BallotCounters } from "./ballot_counters.ts";
import type { BallotKeys } from "./ballot_keys.ts";

/** What every part of a node's ballots needs. */
export interface BallotContext {
  /** The port. */
  readonly store: KvStore;
  /** Where the ballots are. */
  readonly keys: BallotKeys;
  /** The node's id. */
  readonly instanceId: string;
  /** Deadline of one call to the store, in ms. */
  readonly timeoutMs: number;
  /** Counts what happens. */
  readonly counters: BallotCounters;
}
