import { SystemStatus } from "../enums/system_status.ts";

/** What one look at a component found. */
export interface Observation {
  readonly name: string;
  readonly status: SystemStatus;
  /** For people: the figures, or what is wrong. */
  readonly message: string;
  /** How long the look took, in ms. */
  readonly latencyMs: number;
  /** The figures. */
  readonly metadata: Readonly<Record<string, number>>;
}

/** A component in a health document: its status, and what went wrong with it so far. */
export interface ComponentDict {
  readonly name: string;
  readonly status: SystemStatus;
  readonly last_updated: string;
  readonly error_count: number;
  readonly warning_count: number;
  readonly last_error: string | null;
  readonly last_error_time: string | null;
  readonly fallback_active: boolean;
  readonly metadata: Readonly<Record<string, number>>;
}

/** A check in a health document. */
export interface HealthCheckDict {
  /** The component. */
  readonly name: string;
  /** What the look found, before thresholds. */
  readonly status: SystemStatus;
  /** For people: the figures, or what is wrong. */
  readonly message: string;
  /** How long the look took, in ms. */
  readonly latency_ms: number;
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** The figures, by name. */
  readonly metadata: Readonly<Record<string, number>>;
}

/** What became of one component since the monitor was made. */
export class ComponentRecord {
  #errors = 0;
  #warnings = 0;
  #lastError: string | null = null;
  #lastErrorTime: string | null = null;

  /** @returns The component after this observation, which counts. */
  update(observation: Observation, timestamp: string): ComponentDict {
    const { name, status, message, metadata } = observation;
    if (status === SystemStatus.DEGRADED) this.#warnings++;
    if (status === SystemStatus.FAILED) {
      this.#errors++;
      this.#lastError = message;
      this.#lastErrorTime = timestamp;
    }
    return {
      name,
      status,
      last_updated: timestamp,
      error_count: this.#errors,
      warning_count: this.#warnings,
      last_error: this.#lastError,
      last_error_time: this.#lastErrorTime,
      fallback_active: false,
      metadata,
    };
  }
}

/** @returns The observation as a check of the document. */
export function toHealthCheck(observation: Observation, timestamp: string): HealthCheckDict {
  const { name, status, message, latencyMs, metadata } = observation;
  return { name, status, message, latency_ms: round(latencyMs), timestamp, metadata };
}

/** @returns The figure with at most three decimals. */
export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
