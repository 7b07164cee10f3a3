import { kvProbe } from "../../config/availability/probes/kv_probe.ts";
import { SystemStatus } from "../../enums/system_status.ts";
import type { HealthCheck } from "./health_check.ts";
import { probeCheck } from "./probe_check.ts";

/** Which database {@link kvCheck} reads: one that is open, or a file. */
export type KvCheckOptions =
  | {
    /** A database that is open, and stays so. */
    readonly kv: Pick<Deno.Kv, "get">;
  }
  | {
    /**
     * A file that is opened, read and closed at each look; it must be there, and needs the read and
     * write permissions.
     */
    readonly path: string;
  };

const KEY = ["baton", "probe"];

/**
 * Makes a check that reads a key of Deno KV, which need not be there. How long that may take before
 * the component is degraded is said where it is registered (`slowMs`).
 *
 * @param options Which database.
 * @returns The check.
 * @throws {RangeError} when the path is a URL.
 *
 * @example Watch the store
 * ```ts
 * import { HealthMonitor, kvCheck } from "@baton/orchestration/health";
 *
 * using kv = await Deno.openKv(":memory:");
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "store", check: kvCheck({ kv }), slowMs: 1_000 });
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.status !== "HEALTHY") throw new Error("the store does not answer");
 * ```
 */
export function kvCheck(options: KvCheckOptions): HealthCheck {
  if ("kv" in options) {
    const { kv } = options;
    return {
      async look() {
        await kv.get(KEY);
        return { status: SystemStatus.HEALTHY };
      },
    };
  }
  const { path } = options;
  const probe = kvProbe({ path });
  if (path === ":memory:") return probeCheck(probe);
  return probeCheck(probe, [{ name: "read", path }, { name: "write", path }]);
}
