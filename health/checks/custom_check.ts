import { SystemStatus } from "../../enums/system_status.ts";
import type { HealthCheck, HealthCheckContext, HealthFinding } from "./health_check.ts";

/**
 * A look of one's own: well when it answers with nothing, failed when it throws, else what it says.
 */
export type CustomLook = (
  context: HealthCheckContext,
) => HealthFinding | void | Promise<HealthFinding | void>;

/**
 * Makes a check of a function.
 *
 * @param look Looks; should give up when its signal aborts.
 * @returns The check.
 *
 * @example A queue that must not grow
 * ```ts
 * import { customCheck, HealthMonitor } from "@baton/orchestration/health";
 *
 * const queue = { length: 12 };
 * const check = customCheck(() => ({
 *   status: queue.length < 10 ? "healthy" : "degraded",
 *   metadata: { length: queue.length },
 * }));
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "queue", check });
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.status !== "DEGRADED") throw new Error("12 are too many");
 * ```
 */
export function customCheck(look: CustomLook): HealthCheck {
  return {
    look: async (context) => await look(context) ?? { status: SystemStatus.HEALTHY },
  };
}
