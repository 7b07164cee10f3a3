import { AVAILABLE, type FeatureProbe, type ProbeResult, unavailable } from "../feature_probe.ts";
import { messageOf } from "../settle_probe.ts";
import { missingPermission } from "./missing_permission.ts";

/** Options of {@link kvProbe}. */
export interface KvProbeOptions {
  /**
   * A database file to open, read and close, or `:memory:`. The file must be there: a probe creates
   * none.
   *
   * @default none: only whether Deno KV is switched on
   */
  readonly path?: string;
}

const MISSING = 'Deno.openKv missing: add "unstable": ["kv"]';

/**
 * Makes a probe that looks whether Deno KV can be used. SQLite may create its `-wal` and `-shm`
 * files beside a database that is opened, and fills a file that is empty.
 *
 * @param options The database; none for the API alone.
 * @returns The probe.
 * @throws {RangeError} when the path is a URL: ask a server with `httpProbe`.
 *
 * @example Is KV switched on?
 * ```ts
 * import { kvProbe, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const feature = { name: "store", about: "a store", probe: kvProbe({ path: ":memory:" }) };
 * const config = new OrchestrationConfig({ features: [feature] });
 * const { reason } = await config.explain("store");
 * if (reason !== null && !reason.includes("unstable")) throw new Error(reason);
 * ```
 */
export function kvProbe(options: KvProbeOptions = {}): FeatureProbe {
  const { path } = options;
  if (path !== undefined && /^https?:/i.test(path)) {
    throw new RangeError(`kvProbe needs a file or :memory:, got "${path}"`);
  }
  return async () => {
    if (typeof Deno.openKv !== "function") return unavailable(MISSING);
    if (path === undefined) return AVAILABLE;
    if (path === ":memory:") return await readOnce(path);
    const missing = await missingPermission({ name: "read", path }) ??
      await missingPermission({ name: "write", path });
    if (missing !== null) return unavailable(missing);
    const fault = await faultOfFile(path);
    return fault === null ? await readOnce(path) : unavailable(fault);
  };
}

async function readOnce(path: string): Promise<ProbeResult> {
  try {
    using kv = await Deno.openKv(path);
    await kv.get(["baton", "probe"]);
    return AVAILABLE;
  } catch (error) {
    return unavailable(`cannot use the database ${path}: ${messageOf(error)}`);
  }
}

async function faultOfFile(path: string): Promise<string | null> {
  try {
    const { isFile } = await Deno.stat(path);
    return isFile ? null : `cannot use the database ${path}: not a file`;
  } catch (error) {
    return `cannot use the database ${path}: ${messageOf(error)}`;
  }
}
