import { type Clock, systemClock } from "../clock.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { showValue } from "../enums/show_value.ts";
import { CircuitOpenError, CircuitProbeTimeoutError } from "./circuit_breaker_errors.ts";
import { type CircuitBreakerLimits, circuitBreakerLimits } from "./circuit_breaker_limits.ts";
import { type CircuitBreakerMetrics, describeState, finiteMs } from "./circuit_breaker_metrics.ts";
import type {
  CircuitBreakerEvent,
  CircuitBreakerOptions,
  CircuitCallOptions,
  ManualOpenOptions,
} from "./circuit_breaker_options.ts";
import { runProbe } from "./circuit_breaker_probe.ts";
import {
  type CircuitBreakerSnapshot,
  type CircuitBreakerTotals,
  continueSnapshot,
  takeSnapshot,
  totalsOf,
} from "./circuit_breaker_snapshot.ts";
import {
  admitCall,
  type CallOutcome,
  type CircuitBreakerState,
  type ManualOpening,
  settleCall,
} from "./circuit_breaker_state.ts";
import { CircuitBreakerWindow } from "./circuit_breaker_window.ts";
import { IsolatedListeners } from "../config/isolated_listeners.ts";

const CLOSED: CircuitBreakerState = {
  kind: CircuitState.CLOSED,
  generation: 0,
  sinceMs: 0,
  trips: 0,
  consecutiveFailures: 0,
};

/**
 * Stops calls to what does not answer, and lets a few probe it after a while. It opens after failures
 * in a row or too large a share of them, for a cooldown that grows while probes fail; while half-open
 * a bounded number of calls pass, each with a deadline. No timer runs but those deadlines.
 *
 * Not guaranteed: that a call ends. A closed breaker has no deadline for calls; give them a signal.
 *
 * @example Refuse calls after two failures
 * ```ts
 * import { CircuitBreaker, CircuitOpenError } from "@baton/orchestration/health";
 *
 * const breaker = new CircuitBreaker("orders", { failureThreshold: 2 });
 * const down = () => Promise.reject(new Error("down"));
 * for (let call = 0; call < 2; call++) await breaker.execute(down).catch(() => {});
 * const error = await breaker.execute(() => "never called").catch((thrown) => thrown);
 * if (!(error instanceof CircuitOpenError)) throw new Error("expected a refusal");
 * ```
 */
export class CircuitBreaker {
  /** The breaker's name. */
  readonly name: string;
  readonly #limits: Required<CircuitBreakerLimits>;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #window: CircuitBreakerWindow | null;
  readonly #listeners: IsolatedListeners<CircuitBreakerEvent> = new IsolatedListeners();
  readonly #totals: { -readonly [K in keyof CircuitBreakerTotals]: CircuitBreakerTotals[K] };
  #state: CircuitBreakerState;
  #changedAtWallMs: number;

  /**
   * Makes a breaker.
   *
   * @param name Its name, for errors and events.
   * @param options When it opens, for how long, what an earlier one exported, and ports.
   * @throws {RangeError} when a limit is out of range.
   * @throws {InvalidRecordError} when `initialState` is no snapshot.
   */
  constructor(name: string, options: CircuitBreakerOptions = {}) {
    this.name = name;
    this.#limits = circuitBreakerLimits(options);
    this.#isFailure = options.isFailure ?? (() => true);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#window = this.#limits.failureRate && new CircuitBreakerWindow(this.#limits.failureRate);
    const { initialState } = options;
    this.#state = initialState
      ? continueSnapshot(initialState, this.#time())
      : { ...CLOSED, sinceMs: this.#clock.monotonic() };
    this.#changedAtWallMs = this.#clock.now() - (this.#clock.monotonic() - this.#state.sinceMs);
    this.#totals = totalsOf(initialState);
  }

  /** Where it stands. An open breaker whose cooldown is over shows so until a call probes it. */
  get state(): CircuitBreakerState {
    return this.#state;
  }

  /**
   * Calls a function, unless the breaker refuses.
   *
   * @param run What to call, with a signal that it should heed.
   * @param options What ends the call early.
   * @returns What the function returned.
   * @throws {CircuitOpenError} when the breaker refuses; the function was not called.
   * @throws {CircuitProbeTimeoutError} when a probing call does not end in time.
   */
  async execute<T>(
    run: (signal: AbortSignal) => T | Promise<T>,
    options: CircuitCallOptions = {},
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const isProbe = this.#state.kind !== CircuitState.CLOSED;
    const generation = this.#admit();
    const startedAtMs = this.#clock.monotonic();
    try {
      const result = isProbe
        ? await this.#probe(run, options.signal)
        : await run(options.signal ?? new AbortController().signal);
      const isSlow = this.#clock.monotonic() - startedAtMs > this.#limits.slowCallMs;
      this.#settle(generation, isSlow ? "failure" : "success");
      return result;
    } catch (error) {
      this.#settle(generation, this.#judge(error, options.signal));
      throw error;
    }
  }

  /**
   * Opens it by hand, whatever its state.
   *
   * @param options Who, why, and for how long.
   * @throws {TypeError} when actor or reason is empty.
   * @throws {RangeError} when `holdMs` is not above 0.
   */
  open(options: ManualOpenOptions): void {
    const { actor, reason, holdMs = Infinity } = options;
    checkOpening(options);
    if (!(typeof holdMs === "number" && holdMs > 0)) {
      throw new RangeError(`holdMs must be a number above 0, got ${showValue(holdMs)}`);
    }
    const nowMs = this.#clock.monotonic();
    const { generation, trips, consecutiveFailures } = this.#state;
    this.#change({
      kind: CircuitState.OPEN,
      generation: generation + 1,
      sinceMs: nowMs,
      trips,
      consecutiveFailures,
      untilMs: nowMs + holdMs,
      manual: { actor, reason },
    }, { actor, reason });
  }

  /**
   * Closes it by hand, whatever its state; its next cooldown is the first again.
   *
   * @param options Who, and why.
   * @throws {TypeError} when actor or reason is empty.
   */
  close(options: ManualOpening): void {
    checkOpening(options);
    const { generation } = this.#state;
    const closed = { ...CLOSED, generation: generation + 1, sinceMs: this.#clock.monotonic() };
    this.#change(closed, options);
  }

  /**
   * Tells a listener about every change of the state. One that throws is counted; none delays a call.
   *
   * @param listener What to tell.
   * @returns Takes the listener away again.
   */
  onChange(listener: (event: CircuitBreakerEvent) => unknown): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Exports the state for `initialState` of the next breaker. The window of calls is left out.
   *
   * @returns The state as JSON.
   */
  exportState(): CircuitBreakerSnapshot {
    return takeSnapshot(this.#state, this.#totals, this.#time());
  }

  /**
   * Describes the breaker: the `circuit_breaker` of a health document, and what else it counts.
   *
   * @returns The figures, now.
   */
  getMetrics(): CircuitBreakerMetrics {
    return {
      ...describeState(this.#state, this.#clock.monotonic()),
      state_change_time: new Date(this.#changedAtWallMs).toISOString(),
      ...this.#totals,
      ...this.#listeners.metrics,
    };
  }

  /** @returns The generation under which the call goes. */
  #admit(): number {
    const before = this.#state;
    if (before.kind === CircuitState.CLOSED) return before.generation;
    const admission = admitCall(before, this.#clock.monotonic(), this.#limits);
    if (admission.kind === "refused") {
      this.#totals.rejected_total++;
      throw new CircuitOpenError({
        breaker: this.name,
        state: before.kind,
        retryAfterMs: finiteMs(admission.retryAfterMs),
        manual: before.kind === CircuitState.OPEN ? before.manual : null,
      });
    }
    const { generation } = admission.state;
    this.#change(admission.state, { actor: null, reason: "the cooldown is over" });
    return generation;
  }

  async #probe<T>(
    run: (signal: AbortSignal) => T | Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const timeoutMs = this.#limits.halfOpenTimeoutMs;
    const late = () => new CircuitProbeTimeoutError(this.name, timeoutMs);
    return await runProbe(run, { clock: this.#clock, timeoutMs, late, signal });
  }

  #judge(error: unknown, signal: AbortSignal | undefined): CallOutcome {
    if (error instanceof CircuitProbeTimeoutError) return "failure";
    if (signal?.aborted && signal.reason?.name !== "TimeoutError") return "neutral";
    try {
      return this.#isFailure(error) ? "failure" : "success";
    } catch (fault) {
      this.#listeners.noteFault(fault);
      return "failure";
    }
  }

  #settle(generation: number, outcome: CallOutcome): void {
    const nowMs = this.#clock.monotonic();
    this.#count(outcome);
    if (generation !== this.#state.generation) {
      this.#totals.late_total++;
      return;
    }
    if (outcome !== "neutral") this.#window?.record(outcome === "failure", nowMs);
    const next = settleCall(this.#state, outcome, {
      nowMs,
      limits: this.#limits,
      isRateTripped: () => this.#window?.isTripped(nowMs) ?? false,
      random: this.#random,
    });
    if (next === this.#state) return;
    if (next.kind === CircuitState.OPEN) this.#totals.trips_total++;
    const reason = next.kind === CircuitState.OPEN ? "too many failures" : "probes succeeded";
    this.#change(next, { actor: null, reason });
  }

  #count(outcome: CallOutcome): void {
    if (outcome === "success") this.#totals.successes_total++;
    if (outcome !== "failure") return;
    this.#totals.failures_total++;
    this.#totals.last_failure_time = new Date(this.#clock.now()).toISOString();
  }

  #change(
    next: CircuitBreakerState,
    by: { readonly actor: string | null; readonly reason: string },
  ): void {
    const before = this.#state;
    this.#state = next;
    if (before.generation === next.generation) return;
    this.#window?.clear();
    this.#changedAtWallMs = this.#clock.now();
    this.#listeners.tell({
      breaker: this.name,
      from: before.kind,
      to: next.kind,
      reason: by.reason,
      actor: by.actor,
      timestamp: new Date(this.#changedAtWallMs).toISOString(),
      cooldownMs: next.kind === CircuitState.OPEN ? finiteMs(next.untilMs - next.sinceMs) : null,
    });
  }

  #time(): { readonly wallMs: number; readonly monotonicMs: number } {
    return { wallMs: this.#clock.now(), monotonicMs: this.#clock.monotonic() };
  }
}

function checkOpening({ actor, reason }: ManualOpening): void {
  if (typeof actor !== "string" || actor === "") throw new TypeError("actor must name somebody");
  if (typeof reason !== "string" || reason === "") throw new TypeError("reason must say why");
}
