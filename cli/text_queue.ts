import type { Clock } from "../clock.ts";
import { withDeadline } from "../coordination/deadline.ts";

/** Something that takes bytes when it can, perhaps fewer than it was given. */
export interface AsyncByteSink {
  write(bytes: Uint8Array): Promise<number>;
}

/** How many texts wait at most; what comes on top is dropped and counted. */
const QUEUED_MAX = 1_000;

/**
 * Writes texts one after the other without ever making their writer wait: a terminal that is
 * stopped, or a reader that is stuck, must not stop the process that leads.
 */
export class TextQueue {
  readonly #sink: AsyncByteSink;
  readonly #queued: string[] = [];
  #dropped = 0;
  #draining: Promise<void> | undefined;

  /** @param sink Where they go. */
  constructor(sink: AsyncByteSink) {
    this.#sink = sink;
  }

  /** Puts a text at the end. When too many wait already it is dropped, and the next one says so. */
  write(text: string): void {
    if (this.#queued.length >= QUEUED_MAX) {
      this.#dropped++;
      return;
    }
    if (this.#dropped > 0) this.#queued.push(`(${this.#dropped} lines were dropped here)\n`);
    this.#dropped = 0;
    this.#queued.push(text);
    this.#draining ??= this.#drain();
  }

  /**
   * Waits until everything is written, but not for ever.
   *
   * @param timeoutMs How long, in ms.
   * @param clock Times the wait.
   */
  async flush(timeoutMs: number, clock: Clock): Promise<void> {
    await withDeadline(this.#draining, timeoutMs, clock).catch(() => {});
  }

  /** A sink that fails (a closed pipe, a full disk) loses texts, never the process. */
  async #drain(): Promise<void> {
    for (let text = this.#queued.shift(); text !== undefined; text = this.#queued.shift()) {
      try {
        let rest = new TextEncoder().encode(text);
        while (rest.length > 0) rest = rest.subarray(await this.#sink.write(rest));
      } catch {
        this.#dropped++;
      }
    }
    this.#draining = undefined;
  }
}
