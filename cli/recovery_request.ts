import type { Clock } from "../clock.ts";
import type { LaneKeys } from "../orchestration/recovery/lane_keys.ts";
import type { ManualRequest } from "../orchestration/recovery/manual_request.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";

/** What became of a request. */
export type RequestOutcome =
  | {
    /** It was taken, and this came of it. */
    readonly kind: "ended";
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

/** Options of {@link leaveRequest}. */
export interface LeaveRequestOptions {
  readonly storage: RecoveryStorage;
  /** The lane it is left in. */
  readonly keys: LaneKeys;
  /** How long to wait for what becomes of it, in ms. */
  readonly waitMs: number;
  /** Ends the wait as if it were over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const LOOK_MS = 200;
/** Further entries that others may have made since the last look. */
const ENTRIES_READ = 100;

/**
 * Leaves a request with whoever works in a lane, waits for what becomes of it, and withdraws it when
 * nobody takes it.
 *
 * @param request What is asked for.
 * @param options Where, and for how long to wait.
 * @returns What became of it.
 * @throws {StoreUnavailableError} when it cannot be known whether it was left or withdrawn.
 */
export async function leaveRequest(
  request: ManualRequest,
  options: LeaveRequestOptions,
): Promise<RequestOutcome> {
  const { storage, keys, waitMs, signal, clock } = options;
  const key = [...keys.requests, request.id];
  await storage.commit({ sets: [{ key, value: request }] });
  const untilMs = clock.monotonic() + waitMs;
  while (clock.monotonic() < untilMs && !signal.aborted) {
    const entry = await entryOf(request, options);
    if (entry !== null) return { kind: "ended", entry };
    await clock.sleep(LOOK_MS, { signal }).catch(() => {});
  }
  const left = await storage.get(key);
  if (left !== null && await storage.commit({ checks: [left], deletes: [key] }) !== null) {
    return { kind: "withdrawn" };
  }
  const entry = await entryOf(request, options);
  return entry === null ? { kind: "under_way" } : { kind: "ended", entry };
}

async function entryOf(
  { id }: ManualRequest,
  { storage, keys }: LeaveRequestOptions,
): Promise<RecoveryActionDict | null> {
  const latest = await storage.list(keys.history, { limit: ENTRIES_READ, reverse: true });
  const entries = latest.map(({ value }) => value as RecoveryActionDict);
  return entries.find((entry) => entry.request_id === id) ?? null;
}
