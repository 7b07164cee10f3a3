import { CircuitState } from "../enums/circuit_state.ts";
import type { ManualOpening } from "./circuit_breaker_state.ts";

/** What a {@link CircuitOpenError} is made of. */
export interface CircuitRefusal {
  /** The breaker's name. */
  readonly breaker: string;
  /** Its state: open, or half-open with as many probing calls as may be. */
  readonly state: CircuitState;
  /** When to ask again, in ms; null when only somebody can close it. */
  readonly retryAfterMs: number | null;
  /** Who opened it, and why; null for the breaker itself. */
  readonly manual: ManualOpening | null;
}

/** A circuit breaker refused a call, which did not happen. */
export class CircuitOpenError extends Error {
  /** Tells this error from others. */
  override readonly name = "CircuitOpenError";
  /** A stable code for programs. */
  readonly code = "CIRCUIT_OPEN";
  /** The breaker's name. */
  readonly breaker: string;
  /** Its state: open, or half-open with as many probing calls as may be. */
  readonly state: CircuitState;
  /** When to ask again, in ms; null when only somebody can close it. */
  readonly retryAfterMs: number | null;
  /** Who opened it, and why; null for the breaker itself. */
  readonly manual: ManualOpening | null;

  /**
   * Makes the error.
   *
   * @param refusal Which breaker, its state, and when to ask again.
   */
  constructor(refusal: CircuitRefusal) {
    super(`Cannot call through circuit breaker "${refusal.breaker}": ${describe(refusal)}`);
    this.breaker = refusal.breaker;
    this.state = refusal.state;
    this.retryAfterMs = refusal.retryAfterMs;
    this.manual = refusal.manual;
  }
}

function describe({ state, retryAfterMs, manual }: CircuitRefusal): string {
  if (state === CircuitState.HALF_OPEN) return "it is half-open and probed by others";
  const until = retryAfterMs === null
    ? "until somebody closes it"
    : `for another ${Math.ceil(retryAfterMs)} ms`;
  const by = manual ? `, opened by ${manual.actor} (${manual.reason})` : "";
  return `it is open ${until}${by}`;
}

/** A call through a half-open breaker did not end in time; its signal was aborted with this. */
export class CircuitProbeTimeoutError extends Error {
  /** Tells this error from others. */
  override readonly name = "CircuitProbeTimeoutError";
  /** A stable code for programs. */
  readonly code = "CIRCUIT_PROBE_TIMEOUT";
  /** The breaker's name. */
  readonly breaker: string;
  /** How long it had, in ms. */
  readonly timeoutMs: number;

  /**
   * Makes the error.
   *
   * @param breaker The breaker's name.
   * @param timeoutMs How long the call had, in ms.
   */
  constructor(breaker: string, timeoutMs: number) {
    super(
      `Cannot close circuit breaker "${breaker}": its probe did not end within ${timeoutMs} ms`,
    );
    this.breaker = breaker;
    this.timeoutMs = timeoutMs;
  }
}
