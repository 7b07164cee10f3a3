import { type KvCell, KvTable } from "./kv_table.ts";
import type { SimTime } from "./sim_time.ts";

interface Change {
  readonly atMs: number;
  readonly encoded: string;
  /** What stood there before. */
  readonly before: KvCell | undefined;
}

/** What a simulated store held a while ago: what a replica that lags behind still answers. */
export class SimStorePast {
  readonly #time: SimTime;
  readonly #keptMs: number;
  #changes: Change[] = [];

  /**
   * @param time True time.
   * @param keptMs How far back it goes, in ms; 0 keeps nothing.
   */
  constructor(time: SimTime, keptMs: number) {
    this.#time = time;
    this.#keptMs = keptMs;
  }

  /** Keeps what stands under a key, before it is changed. */
  keep(encoded: string, table: KvTable): void {
    if (this.#keptMs === 0) return;
    const { nowMs } = this.#time;
    this.#changes.push({ atMs: nowMs, encoded, before: table.get(encoded, nowMs) });
    const oldestMs = nowMs - this.#keptMs;
    const first = this.#changes.findIndex(({ atMs }) => atMs >= oldestMs);
    if (first > 0) this.#changes.splice(0, first);
  }

  /** Forgets everything, as after the store was set back. */
  forget(): void {
    this.#changes = [];
  }

  /**
   * Undoes what was changed later.
   *
   * @param atMs The moment.
   * @param table How everything is now.
   * @returns A copy: how everything was then.
   */
  at(atMs: number, table: KvTable): KvTable {
    const past = new KvTable(table);
    for (let i = this.#changes.length - 1; i >= 0 && this.#changes[i]!.atMs > atMs; i--) {
      const { encoded, before } = this.#changes[i]!;
      if (before) past.set(encoded, before);
      else past.delete(encoded);
    }
    return past;
  }
}
