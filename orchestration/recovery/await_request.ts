import type { Clock } from "../../clock.ts";
import { laneKeys } from "./lane_keys.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { readHistory } from "./recovery_history.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";

/** What became of a request. */
export type RequestOutcome =
  | {
    /** It was taken, and this came of it. */
    readonly kind: "ended";
    /** What came of it. */
    readonly entry: RecoveryActionDict;
  }
  | {
    /** It was taken, and has not ended yet. */
    readonly kind: "under_way";
  }
  | {
    /** Nobody took it, and nobody will. */
    readonly kind: "withdrawn";
  };

/** Options of {@link awaitRequest}. */
export interface AwaitRequestOptions {
  /** Where it was left. */
  readonly storage: RecoveryStorage;
  /** The lane in which it was left. */
  readonly lane: string;
  /** How often to look, in ms. */
  readonly everyMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
}

/** What came of it is among the latest entries: nobody does more than this between two looks. */
const ENTRIES_MAX = 100;

/**
 * Waits for what becomes of a request that was left in a lane, and withdraws it when nobody has taken
 * it by the end of the wait.
 *
 * @param id The request.
 * @param options Where it was left, and what ends the wait.
 * @returns What became of it.
 * @throws {StoreUnavailableError} when that cannot be known.
 */
export async function awaitRequest(
  id: string,
  { storage, lane, everyMs, signal, clock }: AwaitRequestOptions,
): Promise<RequestOutcome> {
  while (!signal.aborted) {
    const entry = await entryOfRequest(id, { storage, lane });
    if (entry !== null) return { kind: "ended", entry };
    await clock.sleep(everyMs, { signal }).catch(() => {});
  }
  const key = [...laneKeys(lane).requests, id];
  const left = await storage.get(key);
  if (left !== null && await storage.commit({ checks: [left], deletes: [key] }) !== null) {
    return { kind: "withdrawn" };
  }
  const entry = await entryOfRequest(id, { storage, lane });
  return entry === null ? { kind: "under_way" } : { kind: "ended", entry };
}

/** @returns What came of a request; null when nothing has yet. */
export async function entryOfRequest(
  id: string,
  { storage, lane }: Pick<AwaitRequestOptions, "storage" | "lane">,
): Promise<RecoveryActionDict | null> {
  const entries = await readHistory(storage, [lane], { limit: ENTRIES_MAX });
  return entries.find(({ request_id }) => request_id === id) ?? null;
}
