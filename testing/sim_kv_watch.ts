import type { KvCell } from "./kv_table.ts";
import { SimFaultKind } from "./sim_faults.ts";
import { badResource } from "./sim_kv_errors.ts";
import type { SimKvLink } from "./sim_kv_link.ts";
import { readCell } from "./sim_kv_list.ts";
import type { SimStoreState } from "./sim_store_state.ts";

/** What a {@link SimKvWatch} watches, and how. */
export interface SimKvWatchOptions {
  /** Where messages come from. */
  readonly link: SimKvLink;
  /** The store's state. */
  readonly state: SimStoreState;
  /** The keys. */
  readonly keys: readonly Deno.KvKey[];
  /** The keys, encoded. */
  readonly encodedKeys: readonly string[];
  /** Whether states are told that are the same as before. */
  readonly isRaw: boolean;
  /** Whose writes are seen; null for everybody's. */
  readonly onlyWriter: object | null;
  /** Told when it has ended. */
  readonly onEnd: (watch: SimKvWatch) => void;
}

type Entries = Deno.KvEntryMaybe<unknown>[];

/** A watch of a simulated store: tells the latest state, and may leave out those in between. */
export class SimKvWatch {
  /** What the watcher reads. */
  readonly stream: ReadableStream<Entries>;
  readonly #options: SimKvWatchOptions;
  readonly #unlisten: () => void;
  #controller!: ReadableStreamDefaultController<Entries>;
  #lastVersionstamps: (string | null)[] | undefined;
  #isChanged = true;
  #isStalled = false;
  #hasMissedWrite = false;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  /** @param options What is watched. */
  constructor(options: SimKvWatchOptions) {
    const { link, state, encodedKeys, onlyWriter, keys } = options;
    this.#options = options;
    this.#unlisten = state.listen(encodedKeys, (writer) => {
      if (writer === null || onlyWriter === null || writer === onlyWriter) this.lookAgain();
      else this.#missWrite();
    });
    this.stream = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.#end(),
    });
    if (!link.draw(link.faults.silentWatch)) return;
    this.#isStalled = true;
    link.report(SimFaultKind.SILENT_WATCH, "watch", keys[0] ?? []);
  }

  /** Looks whether there is something to tell, as after a connection has been made anew. */
  lookAgain(): void {
    this.#isChanged = true;
    this.#wake?.();
  }

  /** Ends the stream in order. */
  close(): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#controller.close();
  }

  /** Ends the stream with an error. */
  fail(): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#controller.error(badResource());
  }

  /** Says nothing any more, without an end. */
  abandon(): void {
    this.#end();
  }

  /** Waits for a change and tells it. A stream that has stalled never comes back from here. */
  async #pull(): Promise<void> {
    if (this.#options.keys.length === 0) return this.close();
    while (!this.#hasEnded) {
      await this.#change();
      if (this.#isStalled) return await new Promise<never>(() => {});
      const { link, state, encodedKeys } = this.#options;
      if (link.cut !== "none" || !state.isUp) continue;
      const cells = encodedKeys.map((encoded) => state.read(encoded));
      if (!this.#isNews(cells) || this.#stalls()) continue;
      const entries = cells.map((cell, at) => this.#entryOf(cell, at));
      await link.travel();
      if (link.cut !== "none") continue;
      this.#lastVersionstamps = entries.map(({ versionstamp }) => versionstamp);
      if (!this.#hasEnded) this.#controller.enqueue(entries);
      return;
    }
  }

  async #change(): Promise<void> {
    if (!this.#isChanged) await new Promise<void>((resolve) => this.#wake = resolve);
    this.#wake = undefined;
    this.#isChanged = false;
  }

  #isNews(cells: readonly (KvCell | undefined)[]): boolean {
    const last = this.#lastVersionstamps;
    if (last === undefined || this.#options.isRaw) return true;
    return cells.some((cell, at) => (cell?.versionstamp ?? null) !== last[at]);
  }

  #missWrite(): void {
    if (this.#hasMissedWrite) return;
    this.#hasMissedWrite = true;
    this.#options.link.report(SimFaultKind.UNSEEN_WRITE, "watch", this.#options.keys[0]!);
  }

  #stalls(): boolean {
    const { link, keys } = this.#options;
    if (!link.draw(link.faults.stalledWatch)) return false;
    this.#isStalled = true;
    this.#isChanged = true;
    link.report(SimFaultKind.STALLED_WATCH, "watch", keys[0]!);
    return true;
  }

  #entryOf(cell: KvCell | undefined, at: number): Deno.KvEntryMaybe<unknown> {
    if (cell) return readCell(cell);
    return { key: [...this.#options.keys[at]!], value: null, versionstamp: null };
  }

  #end(): void {
    this.#hasEnded = true;
    this.#unlisten();
    this.#options.onEnd(this);
    // One that waits for a change would wait for ever; a crashed process's may.
    if (!this.#isStalled) this.#wake?.();
  }
}
