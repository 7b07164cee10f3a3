import type { ResourceHealth } from "../enums/resource_health.ts";

/**
 * What a node knows about its own health: the document that a health monitor hands out and that
 * heartbeats carry. Keys are wire keys (snake_case). Statuses may come in any letter case; readers
 * canonicalise them at the boundary.
 */
export interface HealthState {
  /** When the document was made, UTC ISO. */
  readonly timestamp?: string;
  /** The node as a whole. */
  readonly system?: {
    /** A `SystemStatus`, in any letter case. */
    readonly status?: string;
    readonly healthy_components?: number;
    readonly degraded_components?: number;
    readonly failed_components?: number;
    readonly total_components?: number;
  };
  /** The node's circuit breaker. */
  readonly circuit_breaker?: {
    readonly available?: boolean;
    /** A `CircuitState` in any letter case, or `ERROR` when it could not be read. */
    readonly state?: string;
    readonly open_duration_seconds?: number;
    readonly failures_total?: number;
    readonly successes_total?: number;
    readonly trips_total?: number;
    readonly consecutive_failures?: number;
  };
  /** How often it had to retry. */
  readonly retry?: {
    /** A `RetryState`, in any letter case. */
    readonly state?: string;
    readonly failures_1h?: number;
    readonly failure_rate?: number;
    readonly total_attempts?: number;
  };
  /** What is left of the machine. */
  readonly resources?: {
    readonly status?: {
      readonly cpu?: ResourceHealth;
      readonly memory?: ResourceHealth;
      readonly disk?: ResourceHealth;
      readonly overall?: ResourceHealth;
    };
    readonly current_metrics?: Readonly<Record<string, number>>;
    readonly available?: boolean;
  };
  /** The mode this node would choose for itself. */
  readonly fallback?: {
    /** A `FallbackMode`, in any letter case. */
    readonly mode?: string;
    readonly cascade_log?: readonly unknown[];
  };
  /** Its parts, by name. */
  readonly components?: Readonly<Record<string, unknown>>;
  /** The latest result of each check, by name. */
  readonly health_checks?: Readonly<Record<string, unknown>>;
  /** Seconds since this process started. */
  readonly uptime_seconds?: number;
}

/** Anything that can say how healthy this node is. */
export interface HealthSource {
  /**
   * Examines the node.
   *
   * @returns The node's health, now.
   */
  getComprehensiveState(): Promise<HealthState>;
}
