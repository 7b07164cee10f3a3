import { encodeRecord } from "./election_records.ts";
import type { KvStore } from "./kv_store.ts";
import type { MemberRecord } from "./member_record.ts";
import type { CommitOutcome, KvWrite } from "./write_batch.ts";

/** Options of {@link MemberPlace}. */
export interface MemberPlaceOptions {
  /** The port. */
  readonly store: KvStore;
  /** The cluster's name. */
  readonly cluster: string;
  /** The member's id. */
  readonly instanceId: string;
  /** Where the member's record stands. */
  readonly key: Deno.KvKey;
  /** Deadline of one call, in ms. */
  readonly attemptTimeoutMs: number;
}

/** What stood in a member's place at one moment. */
export interface PlaceSighting {
  /** The member's record. */
  readonly member: Deno.KvEntryMaybe<unknown>;
  /** What the last registration or departure under this id left: its versionstamp is never again. */
  readonly generation: Deno.KvEntryMaybe<unknown>;
}

/** Ids that are not used again must leave nothing for ever. No commit is repeated for as long. */
const GENERATION_KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * The place that one id has in a cluster: taken by a registration, vacated by a departure. Each of
 * them begins a new generation of the place and checks that the one it saw still stands. So each is
 * applied once at most, and not at all after another one.
 *
 * That no record stands there could not tell. A client over a network sends a commit again until it
 * is answered, and a place that was taken and left meanwhile is as empty as it was before.
 *
 * Not guaranteed: any of this for a commit that arrives more than a day after the last one, or in a
 * store that was set back.
 */
export class MemberPlace {
  readonly #options: MemberPlaceOptions;
  readonly #generationKey: Deno.KvKey;

  /** @param options Which place. */
  constructor(options: MemberPlaceOptions) {
    this.#options = options;
    this.#generationKey = generationKey(options.cluster, options.instanceId);
  }

  /**
   * Reads what stands there.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async look(): Promise<PlaceSighting> {
    const { store, key, attemptTimeoutMs: timeoutMs } = this.#options;
    const [member, generation] = await store.getMany([key, this.#generationKey], { timeoutMs });
    return { member: member!, generation: generation! };
  }

  /**
   * Registers a member.
   *
   * @param seen What stood there; refused if that has changed.
   * @param record What to write.
   * @returns What became of it; the versionstamp is the record's.
   */
  async take(seen: PlaceSighting, record: MemberRecord): Promise<CommitOutcome> {
    const write = { key: this.#options.key, value: encodeRecord(record) };
    return await this.#change(seen, record.nonce, { sets: [write], deletes: [] });
  }

  /**
   * Removes whatever stands there. Registrations that are still on their way come too late then.
   *
   * @param seen What stood there; refused if that has changed.
   * @returns What became of it.
   */
  async vacate(seen: PlaceSighting): Promise<CommitOutcome> {
    const change = { sets: [], deletes: [this.#options.key] };
    return await this.#change(seen, crypto.randomUUID(), change);
  }

  async #change(
    { member, generation }: PlaceSighting,
    nonce: string,
    { sets, deletes }: { readonly sets: readonly KvWrite[]; readonly deletes: Deno.KvKey[] },
  ): Promise<CommitOutcome> {
    const { store, attemptTimeoutMs: timeoutMs } = this.#options;
    const left = {
      key: this.#generationKey,
      value: encodeRecord({ nonce }),
      expireInMs: GENERATION_KEPT_MS,
    };
    return await store.commit({
      checks: [member, generation],
      sets: [...sets, left],
      deletes,
      witness: { key: this.#generationKey, nonce },
    }, { timeoutMs });
  }
}

/** @returns Where the generation stands: not below the cluster's prefix, which everybody lists. */
export function generationKey(cluster: string, instanceId: string): Deno.KvKey {
  return ["baton", "generation", cluster, instanceId];
}
