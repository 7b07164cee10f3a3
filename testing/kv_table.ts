import type { StoredValue } from "./kv_value.ts";

/** What stands under a key. Never changed, only replaced. */
export interface KvCell {
  /** The key, as its reader gets it. */
  readonly key: Deno.KvKey;
  /** The value. */
  readonly stored: StoredValue;
  /** The commit that wrote it. */
  readonly versionstamp: string;
  /** True time at which it is removed by itself. */
  readonly removeAtMs: number;
}

/** What of a table is read. */
export interface KvRange {
  /** First encoded key that counts. */
  readonly start: string;
  /** First encoded key after those that count. */
  readonly end: string;
}

/** Cells in the order of their encoded keys. */
export class KvTable {
  #cells: Map<string, KvCell>;
  #keys: string[];
  #expiredCount = 0;

  /** @param from The table to start as a copy of. */
  constructor(from?: KvTable) {
    this.#cells = from ? new Map(from.#cells) : new Map();
    this.#keys = from ? from.#keys.slice() : [];
  }

  /** How many cells there are, those included that are due to be removed. */
  get size(): number {
    return this.#keys.length;
  }

  /** How many cells were removed because they were due. */
  get expiredCount(): number {
    return this.#expiredCount;
  }

  /**
   * Reads a cell, unless it was due to be removed.
   *
   * @param encoded Its key.
   * @param nowMs True time.
   * @returns The cell.
   */
  get(encoded: string, nowMs: number): KvCell | undefined {
    const cell = this.#cells.get(encoded);
    if (cell === undefined || cell.removeAtMs > nowMs) return cell;
    this.delete(encoded);
    this.#expiredCount++;
    return undefined;
  }

  /** Writes a cell. */
  set(encoded: string, cell: KvCell): void {
    if (!this.#cells.has(encoded)) this.#keys.splice(this.#find(encoded), 0, encoded);
    this.#cells.set(encoded, cell);
  }

  /** Removes a cell. */
  delete(encoded: string): void {
    if (this.#cells.delete(encoded)) this.#keys.splice(this.#find(encoded), 1);
  }

  /**
   * Reads the first cells of a range, or its last ones.
   *
   * @param range What counts.
   * @param limit How many at most.
   * @param reverse Whether to begin at the end.
   * @param nowMs True time.
   * @returns The cells, in the order in which they are read.
   */
  read(range: KvRange, limit: number, reverse: boolean, nowMs: number): KvCell[] {
    const cells: KvCell[] = [];
    const step = reverse ? -1 : 1;
    const first = reverse ? this.#find(range.end) - 1 : this.#find(range.start);
    for (let at = first; cells.length < limit; at += step) {
      const encoded = this.#keys[at];
      if (encoded === undefined || encoded < range.start || encoded >= range.end) break;
      const cell = this.#cells.get(encoded)!;
      if (cell.removeAtMs > nowMs) cells.push(cell);
    }
    return cells;
  }

  /** @returns The first place whose key is not before the given one. */
  #find(encoded: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < encoded) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
