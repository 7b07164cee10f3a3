import type { KvCell, KvRange } from "./kv_table.ts";
import { SimFaultKind, type SimOperation } from "./sim_faults.ts";
import type { SimKvLink } from "./sim_kv_link.ts";
import type { KvReader, SimStoreState } from "./sim_store_state.ts";

/** Reads for one handle: the truth, or for those who take it what a lagging replica has. */
export class SimKvReads {
  readonly #link: SimKvLink;
  readonly #state: SimStoreState;

  /**
   * @param link Draws the lag and reports it.
   * @param state The truth.
   */
  constructor(link: SimKvLink, state: SimStoreState) {
    this.#link = link;
    this.#state = state;
  }

  /** Reads values of one moment. */
  keys(
    operation: SimOperation,
    keys: readonly Deno.KvKey[],
    encodedKeys: readonly string[],
    consistency: Deno.KvConsistencyLevel | undefined,
  ): (KvCell | undefined)[] {
    const read = (from: KvReader) => encodedKeys.map((encoded) => from.read(encoded));
    return this.#read(read, operation, keys[0] ?? [], consistency);
  }

  /** Reads a batch of a list. */
  range(
    key: Deno.KvKey,
    range: KvRange,
    size: number,
    { reverse = false, consistency }: Deno.KvListOptions,
  ): KvCell[] {
    const read = (from: KvReader) => from.readRange(range, size, reverse);
    return this.#read(read, "list", key, consistency);
  }

  #read<T extends KvCell | undefined>(
    read: (from: KvReader) => T[],
    operation: SimOperation,
    key: Deno.KvKey,
    consistency: Deno.KvConsistencyLevel | undefined,
  ): T[] {
    const { staleMaxMs } = this.#state;
    const now = read(this.#state);
    if (consistency !== "eventual" || staleMaxMs === 0) return now;
    const then = read(this.#state.before(this.#link.drawMs({ minMs: 0, maxMs: staleMaxMs })));
    const isStale = then.length !== now.length || then.some((cell, i) => cell !== now[i]);
    if (isStale) this.#link.report(SimFaultKind.STALE_READ, operation, key);
    return then;
  }
}
