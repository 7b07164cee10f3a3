import { type Clock, systemClock } from "../clock.ts";
import { untilUnlocked } from "./busy_retry.ts";

/** Options of {@link openKv}. */
export interface OpenKvOptions {
  /**
   * How long opening may take, in ms.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
  /**
   * Opens a store.
   *
   * @default Deno.openKv
   */
  readonly open?: (storePath: string) => Promise<Deno.Kv>;
  /**
   * Times attempts.
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

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Opens a store as `Deno.openKv` does, and waits its turn: while several processes open one file at
 * the same time, `Deno.openKv` throws `database is locked` in some of them.
 *
 * @param storePath A file, a URL of KV Connect, or `:memory:`; pass it on as `storePath` as well.
 * @param options How long to try.
 * @returns The open store.
 * @throws {DeadlineError} when it does not open in time.
 *
 * @example Open a store and say which it is
 * ```ts
 * import { LeaderElection, openKv } from "@baton/orchestration/coordination";
 *
 * const storePath = ":memory:";
 * using kv = await openKv(storePath);
 * await using election = new LeaderElection({ kv, storePath, name: "reports" });
 * if (await election.tryAcquire() === null) throw new Error("somebody else leads");
 * ```
 */
export async function openKv(storePath: string, options: OpenKvOptions = {}): Promise<Deno.Kv> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, random = Math.random } = options;
  const open = options.open ?? ((path: string) => Deno.openKv(path));
  let isWanted = true;
  const openUnlessLate = async () => {
    const kv = await open(storePath);
    if (!isWanted) kv.close();
    return kv;
  };
  try {
    const untilMs = clock.monotonic() + timeoutMs;
    return await untilUnlocked(openUnlessLate, { untilMs, clock, random });
  } catch (error) {
    isWanted = false;
    throw error;
  }
}
