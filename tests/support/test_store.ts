import { FakeClock } from "../../testing/fake_clock.ts";
import { KvStore } from "../../coordination/kv_store.ts";
import { FlightCounter, TrackingKv, type TrackingKvOptions } from "./tracking_kv.ts";

/** A store in memory, a clock that waits for it, and a handle on it for each simulated process. */
export class TestStore implements Disposable {
  /** The store itself: what a test looks into and meddles with. */
  readonly raw: Deno.Kv;
  /** Stands still until it is advanced; waits for calls in flight before it moves. */
  readonly clock: FakeClock;
  readonly #flights: FlightCounter;

  private constructor(raw: Deno.Kv) {
    this.raw = raw;
    this.#flights = new FlightCounter();
    this.clock = new FakeClock({ settle: this.#flights.settle });
  }

  /** Opens an empty store. */
  static async open(): Promise<TestStore> {
    return new TestStore(await Deno.openKv(":memory:"));
  }

  /** A handle for one more process. */
  handle(options: TrackingKvOptions = {}): TrackingKv {
    return new TrackingKv(this.raw, { flights: this.#flights, ...options });
  }

  /** A port for one more process. */
  port(handle: TrackingKv, random: () => number = () => 0.5): KvStore {
    return new KvStore(handle.kv, { clock: this.clock, random });
  }

  /** Waits until nothing is under way. */
  settle(): Promise<void> {
    return this.#flights.settle();
  }

  /**
   * Lets time pass until a promise settles.
   *
   * @param promise What is waited for.
   * @param maxMs For how long at most; in steps of `stepMs`.
   */
  async until<T>(promise: PromiseLike<T>, maxMs = 120_000, stepMs = 25): Promise<T> {
    let settled = false;
    const done = () => settled = true;
    promise.then(done, done);
    await this.settle();
    for (let passedMs = 0; !settled && passedMs < maxMs; passedMs += stepMs) {
      await this.clock.advance(stepMs);
    }
    if (!settled) throw new Error(`still pending after ${maxMs} ms`);
    return await promise;
  }

  /** What stands under a key. */
  async read(key: Deno.KvKey): Promise<Record<string, unknown> | null> {
    return (await this.raw.get<Record<string, unknown>>(key)).value;
  }

  /** Closes the store. */
  [Symbol.dispose](): void {
    this.raw.close();
  }
}
