import { type Clock, systemClock } from "../clock.ts";
import { canonical } from "../enums/canonical.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import { ModeOwner } from "../enums/mode_owner.ts";
import { parseEnumValue } from "../enums/parse_enum_value.ts";
import { showValue } from "../enums/show_value.ts";
import { chooseFallback } from "./classify_health.ts";
import { type CascadeMode, cascadeMode, worseChoice } from "./fallback_cascade.ts";
import { type FallbackClaim, FallbackClaims } from "./fallback_claims.ts";
import {
  type FallbackManagerOptions,
  type FallbackMetrics,
  type FallbackSettings,
  fallbackSettings,
  type ModeOutcome,
  type SetModeOptions,
} from "./fallback_manager_options.ts";
import { type Fallback, FallbackRegistry } from "./fallback_registry.ts";
import { readFallbackSignals } from "./fallback_signals.ts";
import { type FallbackTransition, FallbackTransitions } from "./fallback_transitions.ts";
import type { HealthState } from "./health_state.ts";
import { IsolatedListeners } from "../config/isolated_listeners.ts";

const RECENT_TRANSITIONS = 10;
const TRANSITIONS_DEFAULT = 50;

/**
 * Keeps a node's fallback mode: PRIMARY, HEURISTIC or SAFE. Nobody else does: the node's health
 * (`cascade`), the cluster, recovery actions and people ask for a mode, and the highest of those who
 * ask decides; what the others asked for stands behind it. By its health a node goes down at once,
 * and up only after a while, so that it does not flap.
 *
 * Not guaranteed: that a hold ends on time. No timer runs: it ends with the first cycle or request
 * after its time. Nothing is kept across a restart, which begins in PRIMARY.
 *
 * @example Two failed components
 * ```ts
 * import { FallbackManager } from "@baton/orchestration/health";
 *
 * const manager = new FallbackManager();
 * const mode = manager.cascade({
 *   system: { failed_components: 2 },
 *   retry: { failures_1h: 0 },
 * });
 * if (mode !== "SAFE") throw new Error("unexpected");
 * ```
 */
export class FallbackManager {
  readonly #settings: FallbackSettings;
  readonly #clock: Clock;
  readonly #claims: FallbackClaims = new FallbackClaims();
  readonly #registry: FallbackRegistry = new FallbackRegistry();
  readonly #transitions: FallbackTransitions;
  readonly #listeners: IsolatedListeners<FallbackTransition> = new IsolatedListeners();
  #cascade: CascadeMode;
  #mode: FallbackMode = FallbackMode.PRIMARY;
  #cycles = 0;
  #cyclesWithGaps = 0;
  #lastGaps: readonly string[] = [];
  #outranked = 0;

  /**
   * Makes a manager in PRIMARY.
   *
   * @param options Limits, patience, bounds, and time.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: FallbackManagerOptions = {}) {
    this.#settings = fallbackSettings(options);
    this.#clock = options.clock ?? systemClock;
    this.#transitions = new FallbackTransitions(this.#settings.historyMaxEntries);
    const sinceMs = this.#clock.monotonic();
    this.#cascade = { mode: this.#mode, reason: "started", sinceMs, better: null };
    this.#claim({ owner: ModeOwner.CASCADE, mode: this.#mode, reason: "started", actor: null });
  }

  /** The mode in force. */
  get mode(): FallbackMode {
    return this.#mode;
  }

  /**
   * The mode without what the cluster decided: what this node votes with. A node that voted with the
   * mode that the cluster brought it to could never vote its way back.
   */
  get ownMode(): FallbackMode {
    const own = this.#claims.list().find(({ owner }) => owner !== ModeOwner.CONSENSUS);
    return own?.mode ?? this.#cascade.mode;
  }

  /**
   * One cycle: asks the registered conditions, lets the node choose by its health, and ends holds
   * whose time is over. What the document leaves out never makes a mode better.
   *
   * @param state The node's health, now.
   * @returns The mode in force.
   */
  cascade(state: HealthState): FallbackMode {
    const reading = readFallbackSignals(state);
    const registered = this.#registry.evaluate(state, (error) => this.#listeners.noteFault(error));
    const { limits, releaseLimits, dwellMs, recoverAfterMs } = this.#settings;
    this.#noteGaps([...reading.gaps, ...registered.gaps]);
    this.#cascade = cascadeMode(this.#cascade, {
      entering: worseChoice(chooseFallback(reading.signals, limits), registered.choice),
      staying: worseChoice(chooseFallback(reading.signals, releaseLimits), registered.choice),
      hasGaps: this.#lastGaps.length > 0,
      nowMs: this.#clock.monotonic(),
      dwellMs,
      recoverAfterMs,
    });
    const { mode, reason } = this.#cascade;
    this.#claim({ owner: ModeOwner.CASCADE, mode, reason, actor: null });
    this.#settle();
    return this.#mode;
  }

  /**
   * Asks for a mode, in place of what the same owner asked for before.
   *
   * @param mode A `FallbackMode`, in any letter case.
   * @param options As whom, why, and for how long.
   * @returns Whether the node is in that mode now, or who goes before.
   * @throws {UnknownEnumValueError} when it is no mode, or nobody who may ask for one.
   * @throws {TypeError} when the reason is empty.
   * @throws {RangeError} when `holdMs` is not above 0.
   */
  requestMode(mode: string, options: SetModeOptions): ModeOutcome {
    const wanted = canonical(FallbackMode, mode) ?? parseEnumValue(FallbackMode, mode);
    const { owner, reason, holdMs, actor = null } = checkRequest(options);
    const before = this.#mode;
    this.#claim({ owner, mode: wanted, reason, actor }, holdMs);
    const highest = this.#settle();
    if (highest.mode === wanted) {
      return { kind: "in_force", mode: wanted, changed: wanted !== before };
    }
    this.#outranked++;
    const remainingMs = this.#remainingMs(highest);
    const { mode: inForce, owner: by, reason: theirs } = highest;
    return { kind: "outranked", mode: inForce, by, reason: theirs, remainingMs };
  }

  /**
   * The same as {@link FallbackManager.requestMode}, as a coordinator asks it.
   *
   * @param mode A `FallbackMode`, in any letter case.
   * @param options As whom, why, and for how long. @default the cluster, until it decides otherwise
   * @returns Whether the node is in that mode now.
   */
  setMode(mode: string, options: SetModeOptions = BY_CONSENSUS): Promise<boolean> {
    return Promise.try(() => this.requestMode(mode, options).kind === "in_force");
  }

  /**
   * Takes back what an owner asked for.
   *
   * @param owner Whose request.
   * @returns Whether there was one.
   */
  release(owner: SetModeOptions["owner"]): boolean {
    const claim = this.#claims.take(checkOwner(owner));
    this.#settle();
    return claim !== undefined;
  }

  /**
   * Adds a condition of its own to the cycle.
   *
   * @param name Its name, for reasons and metrics.
   * @param fallback The condition, and what follows from it.
   * @returns Takes it away again, without telling its action.
   * @throws {TypeError} when it has no condition, or nothing follows from it.
   * @throws {RangeError} when the name is taken, or there are a hundred already.
   */
  registerFallback(name: string, fallback: Fallback): () => void {
    return this.#registry.add(name, fallback);
  }

  /**
   * Tells a listener about every change of the mode in force. One that throws is counted; none delays.
   *
   * @param listener What to tell.
   * @returns Takes the listener away again.
   */
  onTransition(listener: (transition: FallbackTransition) => unknown): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Lists the last changes of the mode in force.
   *
   * @param options How many. @default { limit: 50 }
   * @returns The changes, oldest first.
   */
  getTransitions(options: { readonly limit?: number } = {}): readonly FallbackTransition[] {
    return this.#transitions.last(options.limit ?? TRANSITIONS_DEFAULT);
  }

  /**
   * Describes the manager: the mode, who holds what, and what was counted.
   *
   * @returns The figures, now.
   */
  getMetrics(): FallbackMetrics {
    return {
      current_mode: this.#mode,
      own_mode: this.ownMode,
      is_degraded: this.#mode !== FallbackMode.PRIMARY,
      is_safe_mode: this.#mode === FallbackMode.SAFE,
      claims: this.#claims.list().map((claim) => ({
        owner: claim.owner,
        mode: claim.mode,
        reason: claim.reason,
        actor: claim.actor,
        remaining_ms: this.#remainingMs(claim),
      })),
      total_transitions: this.#transitions.total,
      recent_transitions: this.#transitions.last(RECENT_TRANSITIONS),
      cycles_total: this.#cycles,
      cycles_with_gaps_total: this.#cyclesWithGaps,
      last_gaps: this.#lastGaps,
      outranked_total: this.#outranked,
      active_fallbacks: this.#registry.activeNames,
      fallback_faults: this.#registry.faults,
      ...this.#listeners.metrics,
    };
  }

  #claim(claim: Omit<FallbackClaim, "untilMs">, holdMs = Infinity): void {
    this.#claims.put({ ...claim, untilMs: this.#clock.monotonic() + holdMs });
  }

  /** Brings the mode to what the highest owner holds. */
  #settle(): FallbackClaim {
    const ended = this.#claims.expire(this.#clock.monotonic());
    const highest = this.#claims.list()[0]!;
    if (highest.mode === this.#mode) return highest;
    const from = this.#mode;
    this.#mode = highest.mode;
    const holds = ended.map(({ owner }) => `; the hold of ${owner} is over`).join("");
    this.#listeners.tell(this.#transitions.add({
      timestamp: new Date(this.#clock.now()).toISOString(),
      from,
      to: highest.mode,
      reason: highest.reason + holds,
      owner: highest.owner,
      actor: highest.actor,
    }));
    return highest;
  }

  #noteGaps(gaps: readonly string[]): void {
    this.#cycles++;
    if (gaps.length > 0) this.#cyclesWithGaps++;
    this.#lastGaps = gaps;
  }

  #remainingMs({ untilMs }: FallbackClaim): number | null {
    return untilMs === Infinity ? null : Math.max(0, untilMs - this.#clock.monotonic());
  }
}

const BY_CONSENSUS: SetModeOptions = {
  owner: ModeOwner.CONSENSUS,
  reason: "the cluster decided",
};

function checkRequest(options: SetModeOptions): SetModeOptions {
  const { reason, holdMs = Infinity } = options;
  if (typeof reason !== "string" || reason === "") throw new TypeError("reason must say why");
  if (!(typeof holdMs === "number" && holdMs > 0)) {
    throw new RangeError(`holdMs must be a number above 0, got ${showValue(holdMs)}`);
  }
  return { ...options, owner: checkOwner(options.owner) };
}

/** The node's own choice is made by its health alone. */
function checkOwner(owner: SetModeOptions["owner"]): SetModeOptions["owner"] {
  const { CASCADE: _, ...asking } = ModeOwner;
  return canonical(asking, owner) ?? parseEnumValue(asking, owner, "ModeOwner");
}
