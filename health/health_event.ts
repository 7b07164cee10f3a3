import type { SystemStatus } from "../enums/system_status.ts";
import type { HealthCheckDict } from "./component_record.ts";

/** Something that a {@link HealthMonitor} saw. */
export type HealthEvent =
  | {
    /** A component was looked at, or reported on. */
    readonly kind: "checked";
    /** What the look found, before thresholds. */
    readonly check: HealthCheckDict;
  }
  | {
    /** A component's status changed. */
    readonly kind: "changed";
    /** The component's name. */
    readonly component: string;
    /** Its status before. */
    readonly from: SystemStatus;
    /** Its status now. */
    readonly to: SystemStatus;
    /** Why: what the look found. */
    readonly message: string;
    /** When, UTC ISO. */
    readonly timestamp: string;
  };

/**
 * Hears what a {@link HealthMonitor} sees: for metrics, logs and notices. It can neither delay nor
 * break the monitor; what it throws is counted, and so are events that it is too slow for.
 */
export type HealthSink = (event: HealthEvent) => void | Promise<void>;
