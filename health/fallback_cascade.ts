import { FallbackMode } from "../enums/fallback_mode.ts";
import type { FallbackChoice } from "./classify_health.ts";

/** The mode that a node chose for itself. Times are monotonic, in ms. */
export interface CascadeMode {
  /** The mode. */
  readonly mode: FallbackMode;
  /** Why. */
  readonly reason: string;
  /** Since when. */
  readonly sinceMs: number;
  /** The worst of the better modes that the node was well enough for, and since when; null for none. */
  readonly better: { readonly choice: FallbackChoice; readonly sinceMs: number } | null;
}

/** What {@link cascadeMode} goes by. */
export interface CascadeContext {
  /** The mode by the limits that lead into a mode. */
  readonly entering: FallbackChoice;
  /** The mode by the limits that lead out of one, which are no higher. */
  readonly staying: FallbackChoice;
  /** Whether something is not known: then no better mode is chosen. */
  readonly hasGaps: boolean;
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** How long a mode is kept at least before a better one, in ms. */
  readonly dwellMs: number;
  /** How long the node must have been well enough for a better one without a break, in ms. */
  readonly recoverAfterMs: number;
}

const SEVERITY: Readonly<Record<FallbackMode, number>> = { PRIMARY: 0, HEURISTIC: 1, SAFE: 2 };

/** @returns Whether the first mode is a worse one than the second. */
export function isWorse(mode: FallbackMode, than: FallbackMode): boolean {
  return SEVERITY[mode] > SEVERITY[than];
}

/** @returns The choice of the worse mode; the reasons of both when they choose the same. */
export function worseChoice(a: FallbackChoice, b: FallbackChoice): FallbackChoice {
  if (isWorse(a.mode, b.mode)) return a;
  if (isWorse(b.mode, a.mode) || a.mode === FallbackMode.PRIMARY) return b;
  return { mode: a.mode, reason: `${a.reason}; ${b.reason}` };
}

/**
 * Down at once, up with patience: a worse mode is chosen as soon as a limit is passed, a better one
 * only after the dwell time, and after the node has been well enough for a while without a break.
 *
 * @returns The node's choice from here on; the same when nothing changes.
 */
export function cascadeMode(current: CascadeMode, context: CascadeContext): CascadeMode {
  const { entering, staying, hasGaps, nowMs } = context;
  if (isWorse(entering.mode, current.mode)) {
    return { ...entering, sinceMs: nowMs, better: null };
  }
  const isBetter = isWorse(current.mode, staying.mode) && !hasGaps;
  if (!isBetter) return current.better === null ? current : { ...current, better: null };
  const before = current.better;
  const better = before === null
    ? { choice: staying, sinceMs: nowMs }
    : { ...before, choice: isWorse(before.choice.mode, staying.mode) ? before.choice : staying };
  const hasDwelt = nowMs - current.sinceMs >= context.dwellMs;
  const hasRecovered = nowMs - better.sinceMs >= context.recoverAfterMs;
  if (!hasDwelt || !hasRecovered) return { ...current, better };
  return { ...better.choice, sinceMs: nowMs, better: null };
}
