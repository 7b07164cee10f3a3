import type { Moment } from "./lease_validity.ts";
import type { KvWrite } from "./write_batch.ts";

/** Something that a process writes again and again: a heartbeat, the renewal of a lease. */
export interface PulseMember {
  /** How often, in ms. */
  readonly intervalMs: number;
  /** Deadline of one attempt, in ms. */
  readonly timeoutMs: number;
  /** For how long an answer is of use, in ms; a lease's is not once it has run out. */
  readonly usefulForMs?: number;
  /** How many checks a contribution has at most: the store limits those of a commit. */
  readonly checkCount: number;

  /**
   * Gathers what the next contribution needs. Renewals wait for it, so it must end by itself within
   * `PREPARE_SHARE` of a timeout. An attempt that is repeated
   * within the interval goes without.
   */
  prepare?(): Promise<void>;

  /**
   * What to write now.
   *
   * @param nonce Goes into one of the values, so that a lost answer can be told from a refusal.
   * @returns The contribution; null to sit this one out.
   */
  contribute(nonce: string): PulseContribution | null;

  /** The contribution was committed; `sentAt` is a moment before it was sent. */
  committed(sentAt: Moment, versionstamp: string): void;

  /**
   * Not all of the contribution's checks hold any more.
   *
   * @param current What stands under its checked keys now, in the order of its checks.
   * @returns Whether to try again at once, with a new contribution.
   */
  refused(current: readonly Deno.KvEntryMaybe<unknown>[]): "retry" | "drop";

  /** Nobody knows whether the contribution was committed; it will be tried again. */
  unknown(error: unknown): void;
}

/** One member's part of a pulse. */
export interface PulseContribution {
  /**
   * What must still stand; a refusal is told only to the members of whom a check fails. One of them
   * should be of a key that the contribution writes: a client that hears no answer may send it again
   * for ever, and only that check ends the repeats.
   */
  readonly checks: readonly Deno.AtomicCheck[];
  /** What is written. */
  readonly sets: readonly KvWrite[];
  /** What is removed. */
  readonly deletes?: readonly Deno.KvKey[];
  /** The write that holds the nonce. */
  readonly witness: Deno.KvKey;
}
