import { type ElectionKeys, encodeRecord, fenceKey, type TermRecord } from "./election_records.ts";
import { StoreUnavailableError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import type { LeaseTiming } from "./lease_timing.ts";

/** The term that {@link releaseTerm} ends in the store. */
export interface ReleasableTerm {
  /** Name of the election. */
  readonly election: string;
  /** Where its records stand. */
  readonly keys: ElectionKeys;
  /** The record that made this term. */
  readonly record: TermRecord;
  /** The versionstamp of that record, and of the term's fence. */
  readonly versionstamp: string;
  /** The timing in force. */
  readonly timing: LeaseTiming;
  /** Where it is released. */
  readonly store: KvStore;
}

const RELEASE_ATTEMPTS = 3;

/**
 * Says in the store that nobody holds a term any more, and takes its fence away. A term that stands
 * there no longer is left alone, whoever has the next.
 *
 * @param held The term.
 * @param reservedFor For whom the next term is; null for anybody.
 * @throws {StoreUnavailableError} when the store cannot be told.
 */
export async function releaseTerm(held: ReleasableTerm, reservedFor: string | null): Promise<void> {
  const { election, keys, record, versionstamp, timing, store } = held;
  const fence = fenceKey(keys, record.nonce);
  let failure: unknown;
  for (let attempt = 0; attempt < RELEASE_ATTEMPTS; attempt++) {
    const nonce = crypto.randomUUID();
    const writtenAt = new Date(store.clock.now()).toISOString();
    const released: TermRecord = { ...record, holderId: null, reservedFor, nonce, writtenAt };
    const outcome = await store.commit({
      checks: [{ key: keys.term, versionstamp }, { key: fence, versionstamp }],
      sets: [{ key: keys.term, value: encodeRecord(released) }],
      deletes: [fence],
      witness: { key: keys.term, nonce },
    }, { timeoutMs: timing.attemptTimeoutMs });
    if (outcome.kind !== "unknown") return;
    failure = outcome.error;
  }
  throw new StoreUnavailableError(`release "${election}"`, failure);
}
