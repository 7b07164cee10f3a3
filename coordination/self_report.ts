import type { Clock } from "../clock.ts";
import { describeError } from "../config/describe_error.ts";
import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import type { HealthSource, HealthState } from "../health/health_state.ts";
import { withDeadline } from "./deadline.ts";
import { computeHealthScore } from "./health_score.ts";
import type { Vote } from "./tally_votes.ts";

/** Whoever keeps this node's fallback mode. */
export interface FallbackModeKeeper {
  /** The mode in force, in any letter case. */
  readonly mode: string;
  /**
   * The mode that the node would be in by its own judgement, if the keeper tells that apart: what it
   * votes with. A node that voted with the mode it was brought to could never vote its way back.
   */
  readonly ownMode?: string;
  /**
   * Changes the mode.
   *
   * @param mode A `FallbackMode`.
   * @returns Whether the node is in that mode afterwards.
   */
  setMode(mode: string): Promise<boolean>;
}

/** What a node says about itself in a heartbeat. */
export interface SelfReport {
  /** 0 (failed) to 1 (well); null when the monitor could not say. */
  readonly healthScore: number | null;
  /** How it votes; null when it abstains. */
  readonly vote: Vote | null;
  /** The health document; null when there is none, or it is too large to carry. */
  readonly state: HealthState | null;
  /** Why the node abstains, or leaves the document out; null when all is well. */
  readonly fault: string | null;
}

/** Options of {@link reportSelf}. */
export interface SelfReportOptions {
  /** Says how healthy the node is; without one it counts as well. */
  readonly healthMonitor: HealthSource | undefined;
  /** Says which mode the node chose for itself; undefined for PRIMARY. */
  readonly ownMode: () => string | undefined;
  /** How long the monitor may take, in ms. */
  readonly timeoutMs: number;
  /** Times the monitor. */
  readonly clock: Clock;
}

/** A heartbeat with a larger document would crowd out the rest of the commit (64 KiB a value). */
const STATE_MAX_LENGTH = 16_384;
/** How some monitors spell a breaker that could not be read. */
const UNREADABLE_CIRCUIT = "ERROR";

/**
 * Asks a node how it is. Never rejects: a monitor that throws, takes too long or answers nonsense
 * makes the node abstain.
 *
 * @param options Whom to ask.
 * @returns Score, vote and document.
 */
export async function reportSelf(options: SelfReportOptions): Promise<SelfReport> {
  const { healthMonitor, ownMode, timeoutMs, clock } = options;
  try {
    if (!healthMonitor) {
      return { healthScore: 1, vote: voteOf({}, ownMode()), state: null, fault: null };
    }
    const asked = healthMonitor.getComprehensiveState();
    const state = await withDeadline(asked, timeoutMs, clock);
    const vote = voteOf(state, ownMode());
    const healthScore = computeHealthScore(state);
    const json = JSON.stringify(state);
    if (json.length <= STATE_MAX_LENGTH) {
      return { healthScore, vote, state: JSON.parse(json), fault: null };
    }
    const fault = `the health document is longer than ${STATE_MAX_LENGTH} characters`;
    return { healthScore, vote, state: null, fault };
  } catch (error) {
    return { healthScore: null, vote: null, state: null, fault: `health: ${describeError(error)}` };
  }
}

/** @throws {TypeError} when a status is none of its set: the node must abstain, not guess. */
function voteOf(state: HealthState, ownMode: string | undefined): Vote {
  const circuit = state.circuit_breaker?.state ?? CircuitState.UNKNOWN;
  const mode = state.fallback?.mode ?? ownMode ?? FallbackMode.PRIMARY;
  const isUnreadable = String(circuit).toUpperCase() === UNREADABLE_CIRCUIT;
  return {
    circuit_breaker_state: isUnreadable
      ? CircuitState.UNKNOWN
      : member("circuit_breaker.state", CircuitState, circuit),
    fallback_mode: member("fallback.mode", FallbackMode, mode),
  };
}

function member<T extends string>(
  field: string,
  members: Readonly<Record<string, T>>,
  value: unknown,
): T {
  const found = canonical(members, value);
  if (found !== undefined) return found;
  const allowed = Object.values(members).join(", ");
  throw new TypeError(`${field} must be one of ${allowed}, got ${JSON.stringify(value)}`);
}
