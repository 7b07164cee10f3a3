import { encodeRecord } from "../election_records.ts";
import { CorruptRecordError, StoreUnavailableError } from "../errors.ts";
import { CHECKS_EVERY_STORE_TAKES } from "../kv_store.ts";
import { RECORD_VERSION } from "../record_fields.ts";
import type { BallotContext } from "./ballot_context.ts";
import { encodeStray, lastPart, parseRoll } from "./ballot_records.ts";
import { OPEN_LISTED_MAX } from "./ballot_register.ts";

/** For how long a leader must have found an open ballot unreadable before it gives it up, in ms. */
export const UNREADABLE_MAX_MS = 60_000;
/** More than these are not remembered: their time begins when others are gone. */
const REMEMBERED_MAX = 2_000;
/** How many one call gives up. */
const RETIRED_MAX = 90;
/** One more check is for the number of open ballots. */
const RETIRED_PER_COMMIT = CHECKS_EVERY_STORE_TAKES - 1;

interface Unreadable {
  readonly versionstamp: string | null;
  readonly sinceMs: number;
}

interface ListedUnreadable {
  /** Lists the ballot as open. */
  readonly entry: Deno.KvEntry<unknown>;
  /** Of what stands where the ballot should. */
  readonly versionstamp: string | null;
}

/**
 * Open ballots that a leader could not read: nobody can vote on them or decide them, but each takes
 * the place of one that could be open. Those that stay so are given up. Records of a newer version
 * are left alone: they are not foreign, but another process's.
 */
export class UnreadableBallots {
  readonly #context: BallotContext;
  readonly #met = new Map<string, Unreadable>();

  /** @param context The node. */
  constructor(context: BallotContext) {
    this.#context = context;
  }

  /**
   * Takes note of a ballot that could not be read, or that is missing though it is listed as open.
   *
   * @param ballotId The ballot.
   * @param entry What stands where it should.
   */
  note(ballotId: string, { value, versionstamp }: Deno.KvEntryMaybe<unknown>): void {
    const known = this.#met.get(ballotId);
    if (known?.versionstamp === versionstamp || isNewer(value)) return;
    if (!known && this.#met.size >= REMEMBERED_MAX) return;
    this.#met.set(ballotId, { versionstamp, sinceMs: this.#now() });
  }

  /** Forgets a ballot that can be read. */
  forget(ballotId: string): void {
    this.#met.delete(ballotId);
  }

  /**
   * Gives up what has been unreadable for long enough, some of it; most calls do nothing. The number
   * of open ballots is put right by the same commit.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async retire(): Promise<void> {
    const dueBy = this.#now() - UNREADABLE_MAX_MS;
    const due = new Map([...this.#met].filter(([, { sinceMs }]) => sinceMs <= dueBy));
    if (due.size === 0) return;
    const { store, keys, timeoutMs } = this.#context;
    // Whatever opens or is decided changes the number: while that stands, so does what is listed.
    let countStamp = (await store.get(keys.openCount, { timeoutMs })).versionstamp;
    const listed = await store.list(keys.open, { timeoutMs, limit: OPEN_LISTED_MAX });
    const found = listed.flatMap((entry) => {
      const met = due.get(lastPart(entry.key));
      return met ? [{ entry, versionstamp: met.versionstamp }] : [];
    }).slice(0, RETIRED_MAX);
    const ids = new Set(listed.map(({ key }) => lastPart(key)));
    for (const ballotId of due.keys()) if (!ids.has(ballotId)) this.forget(ballotId);
    let left = listed.length;
    for (let from = 0; from < found.length; from += RETIRED_PER_COMMIT) {
      const some = found.slice(from, from + RETIRED_PER_COMMIT);
      left -= some.length;
      const committed = await this.#retireSome(some, countStamp, left);
      if (committed === null) return;
      countStamp = committed;
    }
  }

  /** @returns The versionstamp of the commit; null when something has changed meanwhile. */
  async #retireSome(
    some: readonly ListedUnreadable[],
    countStamp: string | null,
    left: number,
  ): Promise<string | null> {
    const { store, keys, timeoutMs, counters } = this.#context;
    const entries = some.map(({ entry }) => entry);
    const ballots = some.map(({ entry, versionstamp }) => ({
      key: keys.ballot(lastPart(entry.key)),
      versionstamp,
    }));
    const nonce = crypto.randomUUID();
    const stray = encodeStray(nonce, true);
    const outcome = await store.commit({
      checks: [{ key: keys.openCount, versionstamp: countStamp }, ...ballots],
      sets: [
        { key: keys.openCount, value: new Deno.KvU64(BigInt(left)) },
        { key: keys.bell, value: encodeRecord({ nonce }) },
        ...entries.flatMap(rollOf).map((roll) => ({ key: [...keys.strays, roll], value: stray })),
      ],
      deletes: [...ballots, ...entries].map(({ key }) => key),
      witness: { key: keys.bell, nonce },
    }, { timeoutMs });
    if (outcome.kind === "unknown") {
      throw new StoreUnavailableError("give up unreadable ballots", outcome.error);
    }
    if (outcome.kind === "refused") return null;
    for (const { key } of entries) {
      this.forget(lastPart(key));
      counters.add("retired");
    }
    return outcome.versionstamp;
  }

  #now(): number {
    return this.#context.store.clock.monotonic();
  }
}

function isNewer(value: unknown): boolean {
  const { v } = (value ?? {}) as { readonly v?: unknown };
  return typeof v === "number" && v > RECORD_VERSION;
}

/** @returns The roll that an entry names, to be cleared away; none when it cannot be read. */
function rollOf(entry: Deno.KvEntry<unknown>): string[] {
  try {
    return [parseRoll(entry)];
  } catch (error) {
    if (error instanceof CorruptRecordError) return [];
    throw error;
  }
}
