import type { FeatureProbe } from "../../../../config/availability/feature_probe.ts";
import { settleProbe } from "../../../../config/availability/settle_probe.ts";
import { probeContext } from "../probe_context.ts";

/** @returns Why a probe says no; null when it says yes. */
export async function reasonOf(probe: FeatureProbe, signal?: AbortSignal): Promise<string | null> {
  const result = await settleProbe(probe, probeContext(signal));
  return result.available ? null : result.reason;
}

/** Registers a test that needs more than the environment, ignored where that is not permitted. */
export function testWith(
  permissions: readonly (Deno.PermissionDescriptor & { readonly flag: string })[],
  name: string,
  fn: () => Promise<void>,
): void {
  const missing = permissions.find(({ flag: _flag, ...descriptor }) =>
    Deno.permissions.querySync(descriptor).state !== "granted"
  );
  Deno.test({
    name: missing ? `${name} (needs ${missing.flag})` : name,
    ignore: missing !== undefined,
    fn,
  });
}

export const NET = {
  name: "net",
  host: "127.0.0.1",
  flag: "--allow-net=127.0.0.1",
} as const;
export const RUN = { name: "run", flag: "--allow-run" } as const;
export const READ = { name: "read", flag: "--allow-read" } as const;
export const WRITE = { name: "write", flag: "--allow-write" } as const;
