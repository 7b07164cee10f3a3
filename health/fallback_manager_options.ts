import type { Clock } from "../clock.ts";
import type { FallbackMode } from "../enums/fallback_mode.ts";
import type { ModeOwner } from "../enums/mode_owner.ts";
import { FALLBACK_LIMITS, type FallbackLimits } from "./classify_health.ts";
import type { FallbackTransition } from "./fallback_transitions.ts";
import type { ListenerMetrics } from "../config/isolated_listeners.ts";

/** Options of a fallback manager. */
export interface FallbackManagerOptions {
  /**
   * From where on the node chooses a worse mode for itself.
   *
   * @default { safeFromFailedComponents: 2, heuristicAboveFailures: 50 }
   */
  readonly limits?: Partial<FallbackLimits>;
  /**
   * To where it must come back down before a better mode is chosen; no higher than `limits`.
   *
   * @default safeFromFailedComponents as in limits, heuristicAboveFailures four fifths of it
   */
  readonly releaseLimits?: Partial<FallbackLimits>;
  /**
   * How long the node keeps a mode of its own choice at least before a better one, in ms.
   *
   * @default 60_000
   */
  readonly dwellMs?: number;
  /**
   * How long the node must have been well without a break before a better mode, in ms.
   *
   * @default 30_000
   */
  readonly recoverAfterMs?: number;
  /**
   * How many changes of the mode are kept, from 1.
   *
   * @default 100
   */
  readonly historyMaxEntries?: number;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/** Who asks for a mode, why, and for how long. */
export interface SetModeOptions {
  /** As whom: a higher owner's mode goes before a lower one's. */
  readonly owner: Exclude<ModeOwner, typeof ModeOwner.CASCADE>;
  /** Why, for people. */
  readonly reason: string;
  /**
   * How long the mode is held, in ms. It ends with the first cycle or request after that.
   *
   * @default Infinity: until the owner asks for another or releases it
   */
  readonly holdMs?: number;
  /**
   * Who it is, such as a person's name.
   *
   * @default nobody said
   */
  readonly actor?: string;
}

/** What became of a request for a mode. It stands either way, for as long as it is held. */
export type ModeOutcome =
  | {
    /** The node is in that mode. */
    readonly kind: "in_force";
    /** The mode. */
    readonly mode: FallbackMode;
    /** Whether it was in another before. */
    readonly changed: boolean;
  }
  | {
    /** A higher owner holds another mode. */
    readonly kind: "outranked";
    /** The mode in force. */
    readonly mode: FallbackMode;
    /** Who holds it. */
    readonly by: ModeOwner;
    /** Why that owner holds it. */
    readonly reason: string;
    /** For how much longer, in ms; null for until it is released. */
    readonly remainingMs: number | null;
  };

/** What somebody holds, in the metrics. Keys are wire keys. */
export interface FallbackClaimDict {
  /** Who. */
  readonly owner: ModeOwner;
  /** The mode. */
  readonly mode: FallbackMode;
  /** Why. */
  readonly reason: string;
  /** Who that is; null when nobody said. */
  readonly actor: string | null;
  /** For how much longer, in ms; null for until it is released. */
  readonly remaining_ms: number | null;
}

/** A fallback manager, described. Keys are wire keys. */
export interface FallbackMetrics extends ListenerMetrics {
  /** The mode in force. */
  readonly current_mode: FallbackMode;
  /** The mode without what the cluster decided. */
  readonly own_mode: FallbackMode;
  /** Whether the mode is not PRIMARY. */
  readonly is_degraded: boolean;
  /** Whether the mode is SAFE. */
  readonly is_safe_mode: boolean;
  /** Who holds what, the highest owner first; that one's mode is in force. */
  readonly claims: readonly FallbackClaimDict[];
  /** Changes of the mode, those that fell out of the log included. */
  readonly total_transitions: number;
  /** The last ten, oldest first. */
  readonly recent_transitions: readonly FallbackTransition[];
  /** Health documents looked at. */
  readonly cycles_total: number;
  /** Those in which something was missing or unreadable. */
  readonly cycles_with_gaps_total: number;
  /** What was missing in the last document. */
  readonly last_gaps: readonly string[];
  /** Requests that a higher owner's mode went before. */
  readonly outranked_total: number;
  /** Registered fallbacks whose condition holds. */
  readonly active_fallbacks: readonly string[];
  /** How actions of registered fallbacks failed, by name. */
  readonly fallback_faults: Readonly<Record<string, ListenerMetrics>>;
}

/** Options with their defaults. */
export interface FallbackSettings {
  readonly limits: FallbackLimits;
  readonly releaseLimits: FallbackLimits;
  readonly dwellMs: number;
  readonly recoverAfterMs: number;
  readonly historyMaxEntries: number;
}

/** @returns The options with their defaults. */
export function fallbackSettings(options: FallbackManagerOptions): FallbackSettings {
  const limits = { ...FALLBACK_LIMITS, ...options.limits };
  const releaseLimits = {
    safeFromFailedComponents: limits.safeFromFailedComponents,
    heuristicAboveFailures: limits.heuristicAboveFailures * 0.8,
    ...options.releaseLimits,
  };
  checkLimits(limits, releaseLimits);
  const { dwellMs = 60_000, recoverAfterMs = 30_000, historyMaxEntries = 100 } = options;
  for (const [name, ms] of Object.entries({ dwellMs, recoverAfterMs })) {
    if (!(Number.isFinite(ms) && ms >= 0)) {
      throw new RangeError(`${name} must be at least 0 and finite, got ${ms}`);
    }
  }
  if (!(Number.isSafeInteger(historyMaxEntries) && historyMaxEntries >= 1)) {
    throw new RangeError(
      `historyMaxEntries must be a whole number from 1, got ${historyMaxEntries}`,
    );
  }
  return { limits, releaseLimits, dwellMs, recoverAfterMs, historyMaxEntries };
}

function checkLimits(limits: FallbackLimits, releaseLimits: FallbackLimits): void {
  const lowest = { safeFromFailedComponents: 1, heuristicAboveFailures: 0 } as const;
  for (const name of ["safeFromFailedComponents", "heuristicAboveFailures"] as const) {
    const enter = limits[name];
    const release = releaseLimits[name];
    if (!(enter >= lowest[name] && enter < Infinity)) {
      throw new RangeError(`limits.${name} must be at least ${lowest[name]}, got ${enter}`);
    }
    if (!(release >= lowest[name] && release <= enter)) {
      throw new RangeError(
        `releaseLimits.${name} must be from ${lowest[name]} to ${enter}, got ${release}`,
      );
    }
  }
}
