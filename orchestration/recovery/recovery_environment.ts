import type { Clock } from "../../clock.ts";
import type { CircuitBreaker } from "../../health/circuit_breaker.ts";
import type { FallbackManager } from "../../health/fallback_manager.ts";
import type { HealthSource } from "../../health/health_state.ts";
import type { ActionRegistry } from "./action_registry.ts";
import type { RecoveryRules } from "./recovery_rules.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";
import type { RecoveryTelemetry } from "./recovery_telemetry.ts";

/** Keeps the node's fallback mode. */
export type RecoveryFallback = Pick<FallbackManager, "requestMode" | "cascade">;

/** A circuit breaker, as far as recovery works it. */
export type RecoveryBreaker = Pick<CircuitBreaker, "state" | "open" | "close">;

/** Knows in which phase the system is. */
export interface PhaseStateMachine {
  /**
   * Says in which phase the system is.
   *
   * @returns The phase: a text, or an object with the text as its `value`.
   */
  getCurrentPhase(): unknown;
  /** Brings the system into safe mode; throws when it cannot. */
  forceSafeMode?(): unknown;
}

/** What a {@link PhaseAwareHandler} makes of an anomaly. */
export interface AnomalyAssessment {
  /** How severe it is in this phase, from 0 to 1. */
  readonly severityScore: number;
  /** Why it differs from what was told, for people. */
  readonly reason?: string;
}

/** Judges anomalies by the phase in which they come, before any policy is asked. */
export interface PhaseAwareHandler {
  /**
   * Judges an anomaly.
   *
   * @param anomaly What was told.
   * @param phase The phase; null when it is not known.
   * @returns How severe it is now; null for as told.
   */
  assess(
    anomaly: { readonly anomalyType: string; readonly severityScore: number },
    phase: string | null,
  ): AnomalyAssessment | null | Promise<AnomalyAssessment | null>;
}

/** A member of a cluster, as far as recovery looks at it. */
export interface RecoveryMember {
  /** A `MemberStatus`. */
  readonly status: string;
  /** Its health, 0 to 1; null when it has reported none. */
  readonly healthScore: number | null;
}

/** The cluster, as far as recovery looks at it. A coordinator is one. */
export interface RecoveryCluster {
  /** This node's id. */
  readonly instanceId: string;
  /** Whether this node leads. */
  readonly isLeader: boolean;
  /** Reads the registered members. */
  getNodes(): Promise<readonly RecoveryMember[]>;
}

/** What recovery works with: ports, and what holds at the moment. */
export interface RecoveryEnvironment {
  /** What recovery goes by, now. */
  readonly rules: () => RecoveryRules;
  /** Whether actions are only told of, now. */
  readonly isDryRun: () => boolean;
  /** What does which action. */
  readonly registry: ActionRegistry;
  /** Where it is kept. */
  readonly storage: RecoveryStorage;
  /** Says how the node is; null for nobody. */
  readonly healthMonitor: HealthSource | null;
  /** Is shown the node's health at each look; null for nobody. */
  readonly fallbackManager: RecoveryFallback | null;
  /** Knows the phase; null for nobody. */
  readonly stateMachine: PhaseStateMachine | null;
  /** Judges anomalies by phase; null for nobody. */
  readonly phaseAwareHandler: PhaseAwareHandler | null;
  /** The cluster; null outside one. */
  readonly cluster: () => RecoveryCluster | null;
  /** Tells people, metrics and logs. */
  readonly telemetry: RecoveryTelemetry;
  /** Time. */
  readonly clock: Clock;
  /** Chance; values in [0, 1). */
  readonly random: () => number;
}
