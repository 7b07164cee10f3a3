import type { ConfigSchema } from "../files/config_schema.ts";
import { lazySchema } from "../files/lazy_schema.ts";
import type { RecoveryDocument } from "./recovery_document.ts";

/**
 * The schema of `recovery.yaml`: basic recovery, driven by thresholds. All of it has defaults.
 *
 * @example Read a file of it
 * ```ts
 * import { parseConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * const { config } = await parseConfig("thresholds: { failed_components: 3 }", recoverySchema);
 * if (config.thresholds.failed_components !== 3) throw new Error("read wrongly");
 * if (config.cooldowns["cache_purge"] !== 600) throw new Error("no defaults");
 * ```
 */
export const recoverySchema: ConfigSchema<RecoveryDocument> = lazySchema(
  "recovery",
  async () => (await import("./recovery_document.ts")).schema,
);
