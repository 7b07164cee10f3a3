import type { Clock } from "../../clock.ts";
import { InvalidContextError } from "./context_errors.ts";

/** Lets go of something. It may return a promise, which is waited for. */
export type CleanupCallback = () => unknown;

/** What a cleanup did. */
export interface CleanupReport {
  /** How many callbacks ran, failed ones included. */
  readonly callbackCount: number;
  /** How many of them threw, rejected or took too long. */
  readonly failureCount: number;
  /** What they threw, in the order in which they ran. */
  readonly failures: readonly unknown[];
}

/** Most callbacks that wait in a stack. */
export const MAX_CLEANUPS = 1000;

/** How long a callback may take, in ms. */
export const CLEANUP_TIMEOUT_MS = 5000;

/**
 * What is to be done when a context is no longer needed, last registered first. A child's stack joins
 * its parent's with its first callback, in the place of that callback, and leaves it when the child is
 * cleaned up by itself: the parent holds on to nothing else of its children.
 */
export class CleanupStack {
  readonly #clock: Clock;
  readonly #parent: CleanupStack | null;
  readonly #entries = new Set<CleanupCallback | CleanupStack>();
  #done: Promise<CleanupReport> | null = null;

  /**
   * Makes an empty stack.
   *
   * @param clock Measures how long callbacks take.
   * @param parent The stack that runs this one too; null when there is none.
   */
  constructor(clock: Clock, parent: CleanupStack | null) {
    this.#clock = clock;
    this.#parent = parent;
  }

  /**
   * Registers a callback.
   *
   * @param callback What to do.
   * @throws {InvalidContextError} when it is no function, there are too many, or the cleanup of this
   * stack or one above has begun.
   */
  push(callback: CleanupCallback): void {
    if (typeof callback !== "function") throw invalid("a cleanup callback must be a function");
    // A wrapper, because the same function may be registered twice.
    this.#add(() => callback());
  }

  /**
   * Runs all callbacks, one after the other. One that fails does not stop the others. A second call
   * runs nothing and returns what the first one does.
   *
   * @returns What was done. It never rejects.
   */
  run(): Promise<CleanupReport> {
    if (this.#done === null) {
      const { promise, resolve } = Promise.withResolvers<CleanupReport>();
      this.#done = promise; // before the first callback, which may call this again
      void this.#runAll().then((report) => {
        // Only now: a parent's cleanup waits for this one.
        if (this.#parent !== null) this.#parent.#leave(this);
        resolve(report);
      });
    }
    return this.#done;
  }

  #add(entry: CleanupCallback | CleanupStack): void {
    if (this.#entries.has(entry)) return;
    this.#refuseWhenFull();
    if (this.#parent !== null) this.#parent.#add(this);
    this.#entries.add(entry);
  }

  /** A stack that has nothing any more leaves its parent as well, or that would fill with such ones. */
  #leave(child: CleanupStack): void {
    this.#entries.delete(child);
    const isEmpty = this.#entries.size === 0 && this.#done === null;
    if (isEmpty && this.#parent !== null) this.#parent.#leave(this);
  }

  #refuseWhenFull(): void {
    if (this.#done !== null) throw invalid("the context was cleaned up already");
    if (this.#entries.size < MAX_CLEANUPS) return;
    throw invalid(`there are ${MAX_CLEANUPS} cleanup callbacks already`);
  }

  async #runAll(): Promise<CleanupReport> {
    const entries = [...this.#entries].reverse();
    this.#entries.clear();
    const failures: unknown[] = [];
    let callbackCount = 0;
    for (const entry of entries) {
      if (entry instanceof CleanupStack) {
        const report = await entry.run();
        callbackCount += report.callbackCount;
        failures.push(...report.failures);
        continue;
      }
      callbackCount++;
      await this.#runOne(entry).catch((error: unknown) => failures.push(error));
    }
    Object.freeze(failures);
    return Object.freeze({ callbackCount, failureCount: failures.length, failures });
  }

  async #runOne(callback: CleanupCallback): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = this.#clock.after(
      CLEANUP_TIMEOUT_MS,
      () => reject(new Error(`A cleanup callback took more than ${CLEANUP_TIMEOUT_MS} ms`)),
    );
    try {
      await Promise.race([callback(), late]);
    } finally {
      cancel();
    }
  }
}

function invalid(problem: string): InvalidContextError {
  return new InvalidContextError("cleanup", `Cannot register a cleanup: ${problem}`);
}
