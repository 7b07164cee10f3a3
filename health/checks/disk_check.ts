import type { Reading } from "../system_resources.ts";
import type { HealthCheck } from "./health_check.ts";
import { missingAny } from "./probe_check.ts";
import { judgeReadings } from "./resource_check.ts";

/** Options of {@link diskCheck}. */
export interface DiskCheckOptions {
  /**
   * Share of the disk in use that degrades the component, above 0.
   *
   * @default 0.8
   */
  readonly warning?: number;
  /**
   * Share of the disk in use that fails the component, up to 1.
   *
   * @default 0.95
   */
  readonly critical?: number;
  /**
   * Measures the share in use of the disk that holds a path, 0 to 1.
   *
   * @default asks the operating system; needs `--allow-read` for the path and `--allow-sys=statfs`
   */
  readonly usedShare?: (path: string) => Promise<Reading>;
}

/**
 * Makes a check of the disk that holds a path: the share of it that this user can no longer fill.
 *
 * @param path A file or folder on the disk.
 * @param options Bounds, as shares.
 * @returns The check.
 * @throws {RangeError} when the bounds are out of order or range.
 *
 * @example Watch the disk of the store
 * ```ts
 * import { diskCheck, HealthMonitor } from "@baton/orchestration/health";
 *
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "disk", check: diskCheck("/var/lib/shop"), intervalMs: 60_000 });
 * ```
 */
export function diskCheck(path: string, options: DiskCheckOptions = {}): HealthCheck {
  const { warning = 0.8, critical = 0.95, usedShare = usedShareOf } = options;
  if (!(warning > 0 && warning < critical && critical <= 1)) {
    throw new RangeError(
      `warning must be above 0 and below critical, which is at most 1, got warning ${warning} ` +
        `and critical ${critical}`,
    );
  }
  return {
    resource: "disk",
    look: async () =>
      judgeReadings({ disk_used_share: await usedShare(path) }, { warning, critical }),
  };
}

/** Deno asks for this kind, but does not list it. */
const STATFS = { name: "sys", kind: "statfs" } as unknown as Deno.SysPermissionDescriptor;

async function usedShareOf(path: string): Promise<Reading> {
  const missing = await missingAny([{ name: "read", path }, STATFS]);
  if (missing !== null) return { kind: "unknown", reason: missing.message ?? "" };
  const { statfs } = await import("node:fs/promises"); // takes 20 ms, which only this should cost
  const { blocks, bavail } = await statfs(path);
  if (!(blocks > 0)) return { kind: "unknown", reason: "the file system has no size" };
  return { kind: "measured", value: 1 - bavail / blocks };
}
