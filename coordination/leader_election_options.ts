import type { Clock } from "../clock.ts";
import type { LeaseTimingOptions } from "./lease_timing.ts";

/** Options of `LeaderElection`. */
export interface LeaderElectionOptions extends LeaseTimingOptions {
  /** The store in which the election is held. */
  readonly kv: Deno.Kv;
  /** Name of the election; whoever names the same one on the same store competes. */
  readonly name: string;
  /**
   * The path or URL that `kv` was opened with. For a local file it lets followers learn within
   * milliseconds what other processes wrote (needs read permission on its `-wal` file); without
   * it they read the store each 100 to 250 ms.
   */
  readonly storePath?: string;
  /**
   * Under which name to stand.
   *
   * @default a random UUID
   */
  readonly holderId?: string;
  /**
   * Where in the store the election's records are kept.
   *
   * @default ["baton"]
   */
  readonly prefix?: Deno.KvKey;
  /**
   * Times everything.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Spreads attempts; values in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/** Options of calls that wait. */
export interface WaitOptions {
  /** Ends the wait: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Who leads, as the store shows it. */
export interface LeaderView {
  /** The holder; null when nobody holds the election. */
  readonly holderId: string | null;
  /** Its term, or the last one there was; 0 when nobody has ever led. */
  readonly term: number;
}
