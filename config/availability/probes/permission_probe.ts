import { AVAILABLE, type FeatureProbe, unavailable } from "../feature_probe.ts";
import { missingPermission } from "./missing_permission.ts";

/**
 * Makes a probe that looks whether a permission was granted.
 *
 * @param descriptor The permission, as `Deno.permissions.query` takes it.
 * @returns The probe; its reason names the flag that is missing.
 *
 * @example Say which flag is missing
 * ```ts
 * import { OrchestrationConfig, permissionProbe } from "@baton/orchestration/config";
 *
 * const probe = permissionProbe({ name: "ffi" });
 * const config = new OrchestrationConfig({ features: [{ name: "native", about: "FFI", probe }] });
 * const { available, reason } = await config.explain("native");
 * if (!available && !reason?.includes("--allow-ffi")) throw new Error("no help");
 * ```
 */
export function permissionProbe(descriptor: Deno.PermissionDescriptor): FeatureProbe {
  const wanted = { ...descriptor };
  return async () => {
    const missing = await missingPermission(wanted);
    return missing === null ? AVAILABLE : unavailable(missing);
  };
}
