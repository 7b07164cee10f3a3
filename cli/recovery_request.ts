import type { Clock } from "../clock.ts";
import { awaitRequest, type RequestOutcome } from "../orchestration/recovery/await_request.ts";
import { laneKeys } from "../orchestration/recovery/lane_keys.ts";
import type { ManualRequest } from "../orchestration/recovery/manual_request.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";

/** Options of {@link leaveRequest}. */
export interface LeaveRequestOptions {
  readonly storage: RecoveryStorage;
  /** The lane it is left in. */
  readonly lane: string;
  /** How long to wait for what becomes of it, in ms. */
  readonly waitMs: number;
  /** Ends the wait as if it were over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const LOOK_MS = 200;

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
  { storage, lane, waitMs, signal: stop, clock }: LeaveRequestOptions,
): Promise<RequestOutcome> {
  const key = [...laneKeys(lane).requests, request.id];
  await storage.commit({ sets: [{ key, value: request }] });
  const over = new AbortController();
  const cancel = clock.after(waitMs, () => over.abort());
  try {
    const signal = AbortSignal.any([stop, over.signal]);
    return await awaitRequest(request.id, { storage, lane, everyMs: LOOK_MS, signal, clock });
  } finally {
    cancel();
  }
}
