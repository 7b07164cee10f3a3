import { StoreUnavailableError } from "../errors.ts";
import type { KvStore } from "../kv_store.ts";
import type { CommitOutcome } from "../write_batch.ts";
import { type CommitPart, countFitting, mergeParts } from "./commit_part.ts";

interface Seat {
  readonly part: CommitPart;
  readonly isRepeated: boolean;
  readonly answer: PromiseWithResolvers<CommitOutcome | null>;
}

/** What came of a part: it was committed, or a check of its own refused it. */
export type PartOutcome = CommitOutcome & { kind: "committed" | "refused" };

/** Options of {@link GroupCommit.commit}. */
export interface GroupCommitOptions {
  /**
   * Whether the same part was sent by an earlier call, whose outcome is unknown.
   *
   * @default false
   */
  readonly isRepeated?: boolean;
  /** Ends the interest: from then on nothing is sent that has not been sent, and nothing again. */
  readonly signal?: AbortSignal | undefined;
}

/** A commit of Deno KV takes 800 KiB; the estimate of what a part writes is rough. */
const BATCH_MAX_BYTES = 500 * 1_024;
/** How often a part whose outcome is unknown is sent in all. */
const ATTEMPTS = 3;

/**
 * Commits parts that are ready at the same time together, in the order in which they came, one
 * commit at a time. A refused commit is split until the part is found that was refused: each part
 * stands or falls by its own checks.
 */
export class GroupCommit {
  readonly #store: KvStore;
  readonly #attemptTimeoutMs: number;
  readonly #queue: Seat[] = [];
  #isSending = false;

  /**
   * @param store Where it is written.
   * @param attemptTimeoutMs Deadline of one commit, in ms.
   */
  constructor(store: KvStore, attemptTimeoutMs: number) {
    this.#store = store;
    this.#attemptTimeoutMs = attemptTimeoutMs;
  }

  /**
   * Commits a part. One whose outcome is unknown is sent again: its checks let it through once, and
   * its nonce tells that it was.
   *
   * @param part What is committed.
   * @param options Whether it was sent before, and for how long it is wanted.
   * @returns Whether it was committed, or a check of its own refused it.
   * @throws {StoreUnavailableError} when the outcome stays unknown: it may still commit later.
   * @throws The signal's reason, when it was never sent.
   */
  async commit(
    part: CommitPart,
    options: GroupCommitOptions = {},
  ): Promise<PartOutcome> {
    const { isRepeated = false, signal } = options;
    let failure: unknown;
    let isSent = isRepeated;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = await this.#enqueue(part, isSent, signal);
      if (outcome === null) break;
      if (outcome.kind !== "unknown") return outcome;
      isSent = true;
      failure = outcome.error;
    }
    if (!isSent) throw signal!.reason;
    const { key } = part.witness;
    throw new StoreUnavailableError(`write "${key.map(String).join("/")}"`, failure);
  }

  /** @returns What came of it; null when it was not sent. */
  #enqueue(
    part: CommitPart,
    isRepeated: boolean,
    signal: AbortSignal | undefined,
  ): Promise<CommitOutcome | null> {
    if (signal?.aborted) return Promise.resolve(null);
    const answer = Promise.withResolvers<CommitOutcome | null>();
    const seat: Seat = { part, isRepeated, answer };
    this.#queue.push(seat);
    if (!this.#isSending) void this.#drain();
    return signal ? this.#whileWanted(seat, signal) : answer.promise;
  }

  async #whileWanted(seat: Seat, signal: AbortSignal): Promise<CommitOutcome | null> {
    const drop = () => {
      const index = this.#queue.indexOf(seat);
      if (index < 0) return; // it is on its way
      this.#queue.splice(index, 1);
      seat.answer.resolve(null);
    };
    signal.addEventListener("abort", drop);
    try {
      return await seat.answer.promise;
    } finally {
      signal.removeEventListener("abort", drop);
    }
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    while (this.#queue.length > 0) {
      const checks = await this.#store.maxChecks({ timeoutMs: this.#attemptTimeoutMs });
      if (this.#queue.length === 0) break; // nothing is wanted any more
      const parts = this.#together(checks).map(({ part }) => part);
      const count = countFitting(parts, { checks, bytes: BATCH_MAX_BYTES });
      await this.#send(this.#queue.splice(0, count));
    }
    this.#isSending = false;
  }

  /**
   * A part that is sent again goes alone: its nonce may stand there from the first time, and would
   * make others that go with it look committed.
   */
  #together(limit: number): readonly Seat[] {
    if (this.#queue[0]!.isRepeated) return this.#queue.slice(0, 1);
    const repeated = this.#queue.findIndex(({ isRepeated }) => isRepeated);
    return this.#queue.slice(0, repeated < 0 ? limit : Math.min(limit, repeated));
  }

  async #send(seats: readonly Seat[]): Promise<void> {
    const batch = mergeParts(seats.map(({ part }) => part));
    let outcome: CommitOutcome;
    try {
      outcome = await this.#store.commit(batch, { timeoutMs: this.#attemptTimeoutMs });
    } catch (error) { // the batch breaks a limit of the store, and was not applied
      if (seats.length > 1) return await this.#sendHalves(seats);
      return seats[0]!.answer.reject(error);
    }
    if (outcome.kind === "refused" && seats.length > 1) return await this.#sendHalves(seats);
    for (const { answer } of seats) answer.resolve(outcome);
  }

  async #sendHalves(seats: readonly Seat[]): Promise<void> {
    const middle = Math.ceil(seats.length / 2);
    await this.#send(seats.slice(0, middle));
    await this.#send(seats.slice(middle));
  }
}
