import type { Clock } from "../clock.ts";
import { NO_STORE_METRICS, type StoreMetrics } from "./store_metrics.ts";
import { breaksLimit } from "./breaks_limit.ts";
import { untilUnlocked } from "./busy_retry.ts";
import { DeadlineError } from "./deadline.ts";
import { StoreUnavailableError } from "./errors.ts";
import { OpenCalls } from "./open_calls.ts";
import type { CallOptions, CommitOutcome, ListOptions, WriteBatch } from "./write_batch.ts";

/** What Baton needs besides the store itself. */
export interface KvStoreOptions {
  /** Times deadlines and pauses. */
  readonly clock: Clock;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
}

/** Weights of a shorter and of a longer duration in the running estimate of an unhindered commit. */
const SHORTER_WEIGHT = 0.5;
const LONGER_WEIGHT = 0.05;
const GET_MANY_MAX_KEYS = 10;
/** Fewer than may run out of time at once before `OpenCalls` holds others back. */
const GET_MANY_AT_A_TIME = 3;
const LIST_BATCH_SIZE = 500;
const COUNTER_BITS = 64;
/** Self-hosted denokv refuses more; no store is known to take fewer. */
export const CHECKS_EVERY_STORE_TAKES = 10;
const CHECKS_OF_DENO = 100;

/**
 * The one place where Baton meets Deno KV. It gives every call a deadline of its own, repeats what
 * another process's lock refused, and reads back what the store's answer left open.
 *
 * Not guaranteed: that a call which ran out of time has no effect later. Only a check in the same
 * atomic operation protects against such a late commit.
 *
 * Obligations of the store behind it: an atomic operation applies wholly or not at all, its checks
 * hold at the moment it commits, reads are strongly consistent, versionstamps grow.
 */
export class KvStore {
  /** The handle itself, for watching and for operations that the application composes. */
  readonly kv: Deno.Kv;
  /** Times deadlines and pauses. */
  readonly clock: Clock;
  readonly #random: () => number;
  readonly #counters: { -readonly [K in keyof StoreMetrics]: number } = { ...NO_STORE_METRICS };
  readonly #openReads: OpenCalls;
  readonly #openCommits: OpenCalls;
  #commitMs = 1;
  #maxChecks: Promise<number> | undefined;

  /**
   * @param kv The handle.
   * @param options Clock and chance.
   */
  constructor(kv: Deno.Kv, options: KvStoreOptions) {
    this.kv = kv;
    this.clock = options.clock;
    this.#random = options.random;
    this.#openReads = new OpenCalls(options.clock);
    this.#openCommits = new OpenCalls(options.clock);
  }

  /** @returns What was asked so far, and how it was answered. */
  getMetrics(): StoreMetrics {
    return { ...this.#counters };
  }

  /** Counts records that were found to be of another store, or of an earlier time. */
  countRestore(): void {
    this.#counters.restores++;
  }

  /** How long a commit takes that nothing hinders, in ms: a running estimate. */
  get commitMs(): number {
    return this.#commitMs;
  }

  /** Counts a stream of changes that ended by itself. */
  countBrokenWatch(): void {
    this.#counters.brokenWatches++;
  }

  /**
   * Reads one key.
   *
   * @throws {StoreUnavailableError} when there is no answer in time.
   */
  async get(key: Deno.KvKey, options: CallOptions): Promise<Deno.KvEntryMaybe<unknown>> {
    return await this.#read(`read ${keyText(key)}`, () => this.kv.get(key), options);
  }

  /**
   * Reads several keys, in calls of at most ten, three of them at a time. Consistent within ten keys
   * only.
   *
   * @param keys Any number of keys.
   * @param options The deadline of each call of ten, not of all of them: many keys take longer.
   * @returns What stands under each, in the same order.
   * @throws {StoreUnavailableError} when one of the calls has no answer in time.
   */
  async getMany(
    keys: readonly Deno.KvKey[],
    options: CallOptions,
  ): Promise<Deno.KvEntryMaybe<unknown>[]> {
    const entries: Deno.KvEntryMaybe<unknown>[] = [];
    let next = 0;
    const readOn = async () => {
      while (next < keys.length) {
        const from = next;
        next += GET_MANY_MAX_KEYS;
        const some = keys.slice(from, next);
        const read = () => this.kv.getMany<unknown[]>(some);
        const found = await this.#read(`read ${keyText(some[0]!)}`, read, options);
        for (const [index, entry] of found.entries()) entries[from + index] = entry;
      }
    };
    try {
      await Promise.all(Array.from({ length: GET_MANY_AT_A_TIME }, readOn));
      return entries;
    } finally {
      next = keys.length; // after a failure the others ask for nothing more
    }
  }

  /**
   * Reads everything below a prefix, or the first or last of it. Consistent within 500 entries only.
   *
   * @throws {StoreUnavailableError} when there is no answer in time.
   */
  async list(prefix: Deno.KvKey, options: ListOptions): Promise<Deno.KvEntry<unknown>[]> {
    const untilMs = this.clock.monotonic() + options.timeoutMs;
    const { limit, start, end, reverse = false } = options;
    const selector = { prefix, ...(start && { start }), ...(end && { end }) };
    const batchSize = Math.min(limit ?? LIST_BATCH_SIZE, LIST_BATCH_SIZE);
    const batches = { ...(limit && { limit }), reverse, batchSize };
    const read = async () => {
      const entries: Deno.KvEntry<unknown>[] = [];
      for await (const entry of this.kv.list(selector, batches)) {
        if (this.clock.monotonic() > untilMs) throw new DeadlineError(options.timeoutMs);
        entries.push(entry);
      }
      this.#counters.reads += Math.floor(entries.length / LIST_BATCH_SIZE);
      return entries;
    };
    return await this.#read(`list ${keyText(prefix)}`, read, options);
  }

  /**
   * Commits a batch, or finds out that it did not.
   *
   * @param batch What to check and write.
   * @param options The deadline.
   * @returns What became of it.
   * @throws {Error} when the batch breaks a limit of the store: it was not applied. A `TypeError` if
   *   Deno refused it, another one if a server did.
   */
  async commit(batch: WriteBatch, options: CallOptions): Promise<CommitOutcome> {
    const sentAtMs = this.clock.monotonic();
    const until = sentAtMs + options.timeoutMs;
    const operation = this.#compose(batch);
    let failure: unknown;
    try {
      const result = await this.#untilUnlocked(this.#openCommits, () => operation.commit(), until);
      this.#noteCommitTime(this.clock.monotonic() - sentAtMs);
      if (result.ok) return this.#committed(result.versionstamp);
    } catch (error) {
      if (breaksLimit(error)) throw error;
      failure = error;
    }
    return await this.#readBack(batch, until, failure);
  }

  /**
   * How many checks this store takes in one atomic operation: found out once, by asking it.
   *
   * @param options The deadline of the question.
   * @returns 100 for Deno's own stores, 10 for those that refuse eleven.
   */
  async maxChecks(options: CallOptions): Promise<number> {
    this.#maxChecks ??= this.#probeMaxChecks(options);
    try {
      return await this.#maxChecks;
    } catch {
      this.#maxChecks = undefined;
      return CHECKS_EVERY_STORE_TAKES;
    }
  }

  async #probeMaxChecks(options: CallOptions): Promise<number> {
    const until = this.clock.monotonic() + options.timeoutMs;
    const probe = this.kv.atomic();
    for (let i = 0; i <= CHECKS_EVERY_STORE_TAKES; i++) {
      probe.check({ key: ["baton", "probe", i], versionstamp: null });
    }
    try {
      await this.#untilUnlocked(this.#openCommits, () => probe.commit(), until);
      return CHECKS_OF_DENO;
    } catch (error) {
      if (breaksLimit(error)) return CHECKS_EVERY_STORE_TAKES;
      throw error;
    }
  }

  #compose(batch: WriteBatch): Deno.AtomicOperation {
    const operation = this.kv.atomic().check(...batch.checks);
    for (const { key, value, expireInMs } of batch.sets) {
      operation.set(key, value, expireInMs === undefined ? {} : { expireIn: expireInMs });
    }
    for (const key of batch.deletes ?? []) operation.delete(key);
    for (const { key, amount } of batch.sums ?? []) {
      operation.sum(key, BigInt.asUintN(COUNTER_BITS, amount));
    }
    return operation;
  }

  /** Looks for the batch's nonce. Its absence proves a refusal only if the call was answered. */
  async #readBack(batch: WriteBatch, until: number, failure: unknown): Promise<CommitOutcome> {
    const { witness } = batch;
    const timeoutMs = until - this.clock.monotonic();
    if (timeoutMs <= 0) return this.#unknown(failure ?? new DeadlineError(0));
    if (witness) {
      try {
        const { value, versionstamp } = await this.get(witness.key, { timeoutMs });
        if (versionstamp !== null && nonceOf(value) === witness.nonce) {
          this.#counters.recovered++;
          return this.#committed(versionstamp);
        }
      } catch (error) {
        return this.#unknown(error);
      }
    }
    if (failure !== undefined) return this.#unknown(failure);
    this.#counters.refused++;
    return { kind: "refused" };
  }

  #noteCommitTime(ms: number): void {
    const weight = ms < this.#commitMs ? SHORTER_WEIGHT : LONGER_WEIGHT;
    this.#commitMs += weight * (ms - this.#commitMs);
  }

  #committed(versionstamp: string): CommitOutcome {
    this.#counters.commits++;
    return { kind: "committed", versionstamp };
  }

  #unknown(error: unknown): CommitOutcome {
    this.#counters.unknown++;
    return { kind: "unknown", error };
  }

  async #read<T>(operation: string, read: () => Promise<T>, options: CallOptions): Promise<T> {
    this.#counters.reads++;
    try {
      return await this.#untilUnlocked(
        this.#openReads,
        read,
        this.clock.monotonic() + options.timeoutMs,
      );
    } catch (error) {
      if (breaksLimit(error)) throw error;
      throw new StoreUnavailableError(operation, error);
    }
  }

  async #untilUnlocked<T>(
    calls: OpenCalls,
    call: () => Promise<T>,
    untilMs: number,
  ): Promise<T> {
    try {
      return await untilUnlocked(() => calls.make(call, untilMs), {
        untilMs,
        clock: this.clock,
        random: this.#random,
        onRetry: () => this.#counters.busyRetries++,
      });
    } catch (error) {
      this.#counters.failures++;
      throw error;
    }
  }
}

/** @returns Whether the handle itself is closed or dead, so that no retry can help. */
export function isHandleClosed(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Deno.errors.BadResource) return true;
  }
  return false;
}

function nonceOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "nonce" in value ? value.nonce : undefined;
}

function keyText(key: Deno.KvKey): string {
  return `"${key.map(String).join("/")}"`;
}
