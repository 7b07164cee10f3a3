import { StoreUnavailableError } from "../errors.ts";
import type { KvStore } from "../kv_store.ts";
import type { CommitOutcome } from "../write_batch.ts";
import { type CommitPart, countFitting, mergeParts } from "./commit_part.ts";

interface Seat {
  readonly part: CommitPart;
  readonly isRepeated: boolean;
  readonly answer: PromiseWithResolvers<CommitOutcome>;
}

/** Options of {@link GroupCommit.commit}. */
export interface GroupCommitOptions {
  /**
   * Whether the same part was sent by an earlier call, whose outcome is unknown.
   *
   * @default false
   */
  readonly isRepeated?: boolean;
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
   * @param options Whether it was sent before.
   * @returns Whether it was committed, or a check of its own refused it.
   * @throws {StoreUnavailableError} when the outcome stays unknown: it may still commit later.
   */
  async commit(
    part: CommitPart,
    options: GroupCommitOptions = {},
  ): Promise<CommitOutcome & { kind: "committed" | "refused" }> {
    const { isRepeated = false } = options;
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = await this.#enqueue(part, isRepeated || attempt > 0);
      if (outcome.kind !== "unknown") return outcome;
      failure = outcome.error;
    }
    const { key } = part.witness;
    throw new StoreUnavailableError(`write "${key.map(String).join("/")}"`, failure);
  }

  #enqueue(part: CommitPart, isRepeated: boolean): Promise<CommitOutcome> {
    const answer = Promise.withResolvers<CommitOutcome>();
    this.#queue.push({ part, isRepeated, answer });
    if (!this.#isSending) void this.#drain();
    return answer.promise;
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    while (this.#queue.length > 0) {
      const checks = await this.#store.maxChecks({ timeoutMs: this.#attemptTimeoutMs });
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
