import { CircuitState } from "../enums/circuit_state.ts";
import { InvalidRecordError, type RecordFault } from "../enums/records/invalid_record_error.ts";
import type { CircuitBreakerState, ManualOpening } from "./circuit_breaker_state.ts";

/** What a breaker counted since it was made, or since the one that it continues was. */
export interface CircuitBreakerTotals {
  /** Calls that failed, slow ones included. */
  readonly failures_total: number;
  /** Calls that succeeded. */
  readonly successes_total: number;
  /** How often it opened by itself. */
  readonly trips_total: number;
  /** Calls that it refused. */
  readonly rejected_total: number;
  /** Results that came after the state had changed, and decided nothing. */
  readonly late_total: number;
  /** When a call last failed, UTC ISO; null for never. */
  readonly last_failure_time: string | null;
}

/** A breaker's state as JSON: what the next process continues with. Keys are wire keys. */
export interface CircuitBreakerSnapshot extends CircuitBreakerTotals {
  /** Version of this form. */
  readonly version: 1;
  /** The state; half-open continues as open with nothing left of its cooldown. */
  readonly state: CircuitState;
  /** When it was exported, UTC ISO. */
  readonly exported_at: string;
  /** How long it had been open, in ms; 0 when not open. */
  readonly open_for_ms: number;
  /** What was left of the cooldown, in ms; null for until somebody closes it, and when not open. */
  readonly open_remaining_ms: number | null;
  /** How often it opened since it was last stable. */
  readonly trips: number;
  /** Failures since the last success. */
  readonly consecutive_failures: number;
  /** Who opened it, and why; null for the breaker itself. */
  readonly manual: ManualOpening | null;
}

/** @returns The state as JSON, at a wall time and a monotonic time in ms. */
export function takeSnapshot(
  state: CircuitBreakerState,
  totals: CircuitBreakerTotals,
  time: { readonly wallMs: number; readonly monotonicMs: number },
): CircuitBreakerSnapshot {
  const isOpen = state.kind === CircuitState.OPEN;
  const leftMs = isOpen ? state.untilMs - time.monotonicMs : NaN;
  return {
    version: 1,
    state: state.kind,
    exported_at: new Date(time.wallMs).toISOString(),
    open_for_ms: isOpen ? time.monotonicMs - state.sinceMs : 0,
    open_remaining_ms: Number.isFinite(leftMs) ? Math.max(0, leftMs) : null,
    trips: state.trips,
    consecutive_failures: state.consecutiveFailures,
    manual: isOpen ? state.manual : null,
    ...totals,
  };
}

/**
 * Continues where a snapshot left off. The time since counts toward the cooldown, and as time that
 * it was open; a wall clock that went back leaves all of the cooldown.
 *
 * @returns The state.
 * @throws {InvalidRecordError} when it is no snapshot.
 */
export function continueSnapshot(
  snapshot: CircuitBreakerSnapshot,
  time: { readonly wallMs: number; readonly monotonicMs: number },
): CircuitBreakerState {
  const faults = findFaults(snapshot);
  if (faults.length > 0) throw new InvalidRecordError("CircuitBreakerSnapshot", faults);
  const common = {
    generation: 0,
    sinceMs: time.monotonicMs,
    trips: snapshot.trips,
    consecutiveFailures: snapshot.consecutive_failures,
  };
  if (snapshot.state === CircuitState.CLOSED) return { ...common, kind: CircuitState.CLOSED };
  const sinceExportMs = Math.max(0, time.wallMs - Date.parse(snapshot.exported_at));
  const leftMs = snapshot.state === CircuitState.HALF_OPEN
    ? 0
    : Math.max(0, (snapshot.open_remaining_ms ?? Infinity) - sinceExportMs);
  return {
    ...common,
    kind: CircuitState.OPEN,
    sinceMs: time.monotonicMs - snapshot.open_for_ms - sinceExportMs,
    untilMs: time.monotonicMs + leftMs,
    manual: snapshot.manual && { actor: snapshot.manual.actor, reason: snapshot.manual.reason },
  };
}

/** @returns What the breaker of a snapshot counted; nothing without one. */
export function totalsOf(snapshot: CircuitBreakerSnapshot | undefined): CircuitBreakerTotals {
  return {
    failures_total: snapshot?.failures_total ?? 0,
    successes_total: snapshot?.successes_total ?? 0,
    trips_total: snapshot?.trips_total ?? 0,
    rejected_total: snapshot?.rejected_total ?? 0,
    late_total: snapshot?.late_total ?? 0,
    last_failure_time: snapshot?.last_failure_time ?? null,
  };
}

const COUNTS = [
  "trips",
  "consecutive_failures",
  "failures_total",
  "successes_total",
  "trips_total",
  "rejected_total",
  "late_total",
] as const;

function findFaults(value: unknown): RecordFault[] {
  if (typeof value !== "object" || value === null) {
    return [{ path: "", message: "must be an object" }];
  }
  const fields = value as Partial<Record<keyof CircuitBreakerSnapshot, unknown>>;
  const { manual, open_remaining_ms: leftMs } = fields;
  const isState = fields.state === CircuitState.CLOSED || fields.state === CircuitState.OPEN ||
    fields.state === CircuitState.HALF_OPEN;
  const isForever = leftMs === null && (manual !== null || fields.state !== CircuitState.OPEN);
  const checks: readonly (readonly [path: string, isValid: boolean, message: string])[] = [
    ["version", fields.version === 1, "must be 1"],
    ["state", isState, "must be CLOSED, OPEN or HALF_OPEN"],
    ["exported_at", isTime(fields.exported_at), "must be a time"],
    ["open_for_ms", isDuration(fields.open_for_ms), "must be a duration in ms"],
    ["open_remaining_ms", isForever || isDuration(leftMs), "must be a duration in ms"],
    ["manual", manual === null || isOpening(manual), "must be null, or name actor and reason"],
    [
      "last_failure_time",
      fields.last_failure_time === null || isTime(fields.last_failure_time),
      "must be null or a time",
    ],
    ...COUNTS.map((name) =>
      [name, isCount(fields[name]), "must be a whole number from 0"] as const
    ),
  ];
  return checks.filter(([, isValid]) => !isValid).map(([path, , message]) => ({ path, message }));
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isOpening(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { actor, reason } = value as Partial<Record<keyof ManualOpening, unknown>>;
  return typeof actor === "string" && typeof reason === "string";
}
