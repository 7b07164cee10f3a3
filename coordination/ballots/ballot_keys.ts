import type { CounterName } from "./ballot_tally.ts";

/** Where the ballots of a cluster are kept. */
export class BallotKeys {
  /** Of all ballots, one key each. */
  readonly ballots: Deno.KvKey;
  /** Of one entry for each ballot that is not decided: what the leader carries on. */
  readonly open: Deno.KvKey;
  /** Of one entry for each decided ballot: what the leader removes in the end. */
  readonly decided: Deno.KvKey;
  /** Of one entry for each roll that has no ballot, not yet or not any more. */
  readonly strays: Deno.KvKey;
  /** Of the number of ballots that are not decided. */
  readonly openCount: Deno.KvKey;
  /** Of what leaders know of for how long decided ballots have stood. */
  readonly retention: Deno.KvKey;
  /** Of what is rewritten when a ballot opens, is decided or is given up. */
  readonly bell: Deno.KvKey;
  readonly #prefix: Deno.KvKey;

  /** @param cluster The cluster's name. */
  constructor(cluster: string) {
    this.#prefix = ["baton", "ballots", cluster];
    this.ballots = [...this.#prefix, "ballot"];
    this.open = [...this.#prefix, "open"];
    this.decided = [...this.#prefix, "decided"];
    this.strays = [...this.#prefix, "stray"];
    this.openCount = [...this.#prefix, "open-count"];
    this.retention = [...this.#prefix, "retention"];
    this.bell = [...this.#prefix, "bell"];
  }

  /** @returns Where a ballot stands. */
  ballot(ballotId: string): Deno.KvKey {
    return [...this.ballots, ballotId];
  }

  /** @returns Below what everything stands that belongs to one opening of a ballot. */
  roll(roll: string): Deno.KvKey {
    return [...this.#prefix, "roll", roll];
  }

  /** @returns Below what the electors stand. */
  electors(roll: string): Deno.KvKey {
    return [...this.roll(roll), "elector"];
  }

  /** @returns Where it stands that a member may vote. */
  elector(roll: string, instanceId: string): Deno.KvKey {
    return [...this.electors(roll), instanceId];
  }

  /** @returns Below what the votes stand. */
  votes(roll: string): Deno.KvKey {
    return [...this.roll(roll), "vote"];
  }

  /** @returns Where a member's vote stands. */
  vote(roll: string, instanceId: string): Deno.KvKey {
    return [...this.votes(roll), instanceId];
  }

  /** @returns Where a counter stands. */
  counter(roll: string, name: CounterName): Deno.KvKey {
    return [...this.roll(roll), "tally", name];
  }
}

const PART_OVERHEAD = 3;
const NUMBER_LENGTH = 8;
const encoder = new TextEncoder();

/** @returns At least as many bytes as a key takes in the store. */
export function keyLength(key: Deno.KvKey): number {
  return key.reduce<number>((sum, part) => {
    const length = typeof part === "string" ? encoder.encode(part).length : NUMBER_LENGTH;
    return sum + length + PART_OVERHEAD;
  }, 0);
}

/** The store takes 80 KiB of keys in one operation, and a thousand of them. */
const BATCH_KEYS_MAX_LENGTH = 64 * 1024;
const BATCH_KEYS_MAX = 900;

/**
 * Splits what is written or removed into batches that any store takes.
 *
 * @param items What is written, in order.
 * @param keyOf The key of each.
 * @returns The batches, none of them empty.
 */
export function inBatches<T>(items: readonly T[], keyOf: (item: T) => Deno.KvKey): T[][] {
  const batches: T[][] = [];
  let length = Infinity;
  for (const item of items) {
    const itemLength = keyLength(keyOf(item));
    const isFull = (batches.at(-1)?.length ?? 0) >= BATCH_KEYS_MAX;
    if (isFull || length + itemLength > BATCH_KEYS_MAX_LENGTH) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)!.push(item);
    length += itemLength;
  }
  return batches;
}
