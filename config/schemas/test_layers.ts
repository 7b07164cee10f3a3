import type { ConfigSchema } from "../files/config_schema.ts";
import { lazySchema } from "../files/lazy_schema.ts";
import type { TestLayersDocument } from "./test_layers_document.ts";

/**
 * The schema of `test_layers.yaml`. A file says which layers there are; without a file they are the
 * standard layers.
 *
 * @example Find a contradiction
 * ```ts
 * import { parseConfig, testLayersSchema } from "@baton/orchestration/config";
 *
 * const text = `
 * metadata: { version: 1.0.0, description: One layer alone }
 * execution_config:
 *   layer_execution_mode: sequential
 *   global_timeout_minutes: 10
 *   max_global_parallel_tests: 4
 * layers:
 *   smoke:
 *     name: Smoke
 *     description: Does it start at all
 *     priority: 1
 *     execution_order: 1
 *     max_duration_minutes: 5
 *     execution_mode: parallel
 *     dependencies: [smoke]
 *     categories:
 *       - { name: start, timeout_seconds: 60, max_parallel_instances: 1, priority_order: 1 }
 * `;
 * const { contradictions } = await parseConfig(text, testLayersSchema);
 * if (contradictions[0]?.path !== "layers.smoke.dependencies[0]") throw new Error("it went unnoticed");
 * ```
 */
export const testLayersSchema: ConfigSchema<TestLayersDocument> = lazySchema(
  "test layers",
  async () => (await import("./test_layers_document.ts")).schema,
);
