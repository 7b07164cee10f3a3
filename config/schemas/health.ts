import type { ConfigSchema } from "../files/config_schema.ts";
import { lazySchema } from "../files/lazy_schema.ts";
import type { HealthDocument } from "./health_document.ts";

/**
 * The schema of `health.yaml`: which components a node watches, and how. All of it has defaults, and
 * without a file nothing is watched.
 *
 * @example Read a file of it
 * ```ts
 * import { healthSchema, parseConfig } from "@baton/orchestration/config";
 *
 * const text = "components: { api: { type: http, url: 'http://127.0.0.1:8000/health' } }";
 * const { config } = await parseConfig(text, healthSchema);
 * if (config.components["api"]?.failure_threshold !== null) throw new Error("that of the file");
 * if (config.failure_threshold !== 3) throw new Error("no default");
 * ```
 */
export const healthSchema: ConfigSchema<HealthDocument> = lazySchema(
  "health",
  async () => (await import("./health_document.ts")).schema,
);
