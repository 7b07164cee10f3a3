import { BackgroundTaskStatus } from "./background_task_status.ts";
import { parseEnumValue } from "./parse_enum_value.ts";

const FINAL: readonly BackgroundTaskStatus[] = Object.freeze([]);

/** What may follow each status. A starting task may hang in the check of a service. */
const NEXT: Readonly<Record<BackgroundTaskStatus, readonly BackgroundTaskStatus[]>> = {
  queued: Object.freeze([BackgroundTaskStatus.STARTING, BackgroundTaskStatus.CANCELLED]),
  starting: Object.freeze([
    BackgroundTaskStatus.RUNNING,
    BackgroundTaskStatus.FAILED,
    BackgroundTaskStatus.CANCELLED,
    BackgroundTaskStatus.TIMEOUT,
  ]),
  running: Object.freeze([
    BackgroundTaskStatus.COMPLETED,
    BackgroundTaskStatus.FAILED,
    BackgroundTaskStatus.CANCELLED,
    BackgroundTaskStatus.TIMEOUT,
  ]),
  completed: FINAL,
  failed: FINAL,
  cancelled: FINAL,
  timeout: FINAL,
};

/** A background task cannot go from the one status to the other. */
export class IllegalTransitionError extends Error {
  /** Tells this error from others. */
  override readonly name = "IllegalTransitionError";
  /** A stable code for programs. */
  readonly code = "ILLEGAL_TRANSITION";
  /** The status that the task has. */
  readonly from: BackgroundTaskStatus;
  /** The status that it was to get. */
  readonly to: BackgroundTaskStatus;
  /** What it may get; empty when its status is final. */
  readonly allowed: readonly BackgroundTaskStatus[];

  /**
   * Makes the error.
   *
   * @param from The status that the task has. Nothing is allowed after a text that is none.
   * @param to The status that it was to get.
   */
  constructor(from: BackgroundTaskStatus, to: BackgroundTaskStatus) {
    const allowed = Object.hasOwn(NEXT, from) ? NEXT[from] : undefined;
    super(`Cannot change a background task from ${from} to ${to}: ${describeNext(from, allowed)}`);
    this.from = from;
    this.to = to;
    this.allowed = allowed ?? FINAL;
  }
}

function describeNext(
  from: BackgroundTaskStatus,
  allowed: readonly BackgroundTaskStatus[] | undefined,
): string {
  if (allowed === undefined) return `${from} is no status`;
  return allowed.length === 0 ? `${from} is final` : `allowed are ${allowed.join(", ")}`;
}

/**
 * Says whether a background task may go from one status to another. No status follows itself.
 *
 * @param from The status that it has.
 * @param to The status that it would get.
 * @returns True when it may.
 * @throws {UnknownEnumValueError} when one of them is no status.
 *
 * @example A task that ended does not run again
 * ```ts
 * import { canTransition } from "@baton/orchestration/enums";
 *
 * if (!canTransition("queued", "starting")) throw new Error("unreachable");
 * if (canTransition("completed", "running")) throw new Error("unreachable");
 * ```
 */
export function canTransition(from: BackgroundTaskStatus, to: BackgroundTaskStatus): boolean {
  const next = NEXT[parseEnumValue(BackgroundTaskStatus, from)];
  return next.includes(parseEnumValue(BackgroundTaskStatus, to));
}

/**
 * Goes from one status of a background task to another.
 *
 * @param from The status that it has.
 * @param to The status that it is to get.
 * @returns The new status.
 * @throws {IllegalTransitionError} when it may not.
 * @throws {UnknownEnumValueError} when one of them is no status.
 *
 * @example Start a task
 * ```ts
 * import { BackgroundTaskStatus, transition } from "@baton/orchestration/enums";
 *
 * let status: BackgroundTaskStatus = BackgroundTaskStatus.QUEUED;
 * status = transition(status, BackgroundTaskStatus.STARTING);
 * ```
 */
export function transition(
  from: BackgroundTaskStatus,
  to: BackgroundTaskStatus,
): BackgroundTaskStatus {
  if (!canTransition(from, to)) throw new IllegalTransitionError(from, to);
  return to;
}

/**
 * Says whether a background task has come to its end.
 *
 * @param status The status that it has.
 * @returns True when no other status can follow.
 * @throws {UnknownEnumValueError} when it is no status.
 *
 * @example Wait no longer
 * ```ts
 * import { isFinalStatus } from "@baton/orchestration/enums";
 *
 * if (!isFinalStatus("timeout") || isFinalStatus("running")) throw new Error("unreachable");
 * ```
 */
export function isFinalStatus(status: BackgroundTaskStatus): boolean {
  return NEXT[parseEnumValue(BackgroundTaskStatus, status)].length === 0;
}
