import { BallotStatus } from "../../enums/ballot_status.ts";
import { CorruptRecordError } from "../errors.ts";
import type { Ballot } from "./ballot.ts";
import type { BallotContext } from "./ballot_context.ts";
import { lastPart, parseBallot, type StoredBallot } from "./ballot_records.ts";
import type { ListBallotsOptions } from "./ballots_options.ts";

/** How many ballots a cluster may have open. */
export const OPEN_MAX = 1_000;
/**
 * How many open ballots are listed: more than there can be, since proposers that ask at the same
 * moment may pass the bound by their number.
 */
export const OPEN_LISTED_MAX = 10 * OPEN_MAX;
const LIST_DEFAULT = 100;
const LIST_MAX = 1_000;

/** Reads several ballots; records that cannot be read are left out and counted. */
export class BallotRegister {
  readonly #context: BallotContext;

  /** @param context The node. */
  constructor(context: BallotContext) {
    this.#context = context;
  }

  /** See `Ballots.listBallots`. */
  async list(options: ListBallotsOptions): Promise<Ballot[]> {
    const { status, limit = LIST_DEFAULT } = options;
    if (status !== undefined && !Object.values(BallotStatus).includes(status)) {
      const known = Object.values(BallotStatus).join(", ");
      throw new TypeError(`status must be one of ${known}, got ${String(status)}`);
    }
    if (!Number.isInteger(limit) || limit < 1 || limit > LIST_MAX) {
      throw new RangeError(`limit must be from 1 to ${LIST_MAX}, got ${limit}`);
    }
    const { store, keys, timeoutMs } = this.#context;
    const stored = status === undefined
      ? this.#parsed(await store.list(keys.ballots, { timeoutMs, limit }))
      : status === BallotStatus.DECIDED
      ? await this.#indexed(keys.decided, limit)
      : await this.#indexed(keys.open, OPEN_LISTED_MAX);
    return stored.map(({ ballot }) => ballot)
      .filter((ballot) => status === undefined || ballot.status === status)
      .slice(0, limit);
  }

  /** @returns The ballots that entries of an index name. */
  async #indexed(index: Deno.KvKey, limit: number): Promise<StoredBallot[]> {
    const { store, keys, timeoutMs } = this.#context;
    const entries = await store.list(index, { timeoutMs, limit });
    const wanted = entries.map(({ key }) => keys.ballot(lastPart(key)));
    return this.#parsed(await store.getMany(wanted, { timeoutMs }));
  }

  #parsed(entries: readonly Deno.KvEntryMaybe<unknown>[]): StoredBallot[] {
    return entries.flatMap((entry) => {
      try {
        return parseBallot(entry) ?? [];
      } catch (error) {
        if (!(error instanceof CorruptRecordError)) throw error;
        this.#context.counters.addFailure(error);
        return [];
      }
    });
  }
}
