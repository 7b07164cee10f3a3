import { parseConfig } from "../../../config/files/parse_config.ts";
import type { ConfigFault } from "../../../config/files/config_fault.ts";
import { testLayersSchema } from "../../../config/schemas/test_layers.ts";

/** What a test changes about a layer that is in order. */
export type LayerChange = Readonly<Record<string, unknown>>;

/** A category that is in order. */
export const CATEGORY = {
  name: "unit",
  timeout_seconds: 60,
  max_parallel_instances: 1,
  priority_order: 1,
};

/** @returns A layers document as JSON: layers in order one after the other, with changes. */
export function layersText(
  layers: Readonly<Record<string, LayerChange>>,
  rest: Readonly<Record<string, unknown>> = {},
  run: Readonly<Record<string, unknown>> = {},
): string {
  const whole = Object.entries(layers).map(([name, change], index) => [name, {
    name: `Layer ${name}`,
    description: "A layer for tests",
    priority: 1,
    execution_order: index + 1,
    max_duration_minutes: 5,
    execution_mode: "parallel",
    categories: [{ ...CATEGORY, name: `unit_${name}` }],
    ...change,
  }]);
  return JSON.stringify({
    metadata: { version: "1.0.0", description: "Layers for tests" },
    layers: Object.fromEntries(whole),
    execution_config: {
      layer_execution_mode: "sequential",
      global_timeout_minutes: 100,
      max_global_parallel_tests: 4,
      ...run,
    },
    ...rest,
  });
}

/** @returns What contradicts itself in a layers document: severity, path and message. */
export async function contradictions(text: string): Promise<readonly string[]> {
  const show = ({ severity, path, message }: ConfigFault) => `${severity} ${path}: ${message}`;
  return (await parseConfig(text, testLayersSchema)).contradictions.map(show);
}
