import { ExecutionStrategy } from "../../enums/execution_strategy.ts";
import { LayerExecutionMode } from "../../enums/layer_execution_mode.ts";
import { LayerSchedule } from "../../enums/layer_schedule.ts";
import type { LayerDefinition } from "../../enums/records/layer_definition.ts";
import { getAllStandardLayers } from "../../enums/standard_layers.ts";

/** How a file says what a layer's definition calls its strategy. */
const MODES: Readonly<Record<ExecutionStrategy, LayerExecutionMode>> = {
  [ExecutionStrategy.SEQUENTIAL]: LayerExecutionMode.SEQUENTIAL,
  [ExecutionStrategy.PARALLEL_UNLIMITED]: LayerExecutionMode.PARALLEL,
  [ExecutionStrategy.PARALLEL_LIMITED]: LayerExecutionMode.PARALLEL,
  [ExecutionStrategy.HYBRID_SMART]: LayerExecutionMode.HYBRID,
};

const SECONDS_A_MINUTE = 60;

/** The longest that a file may grant a category. */
const CATEGORY_MAX_SECONDS = 3_600;

/** How many tests run at once, where nobody says. */
const PARALLEL_TESTS = 8;

/**
 * Says the standard layers as a file would: each waits for the one before it, those that may run in
 * the background do, and what a definition does not say is left to the defaults of a file.
 *
 * @returns The document, without what has defaults.
 */
export function standardLayersDocument(): Record<string, unknown> {
  const layers = getAllStandardLayers();
  const services = new Set(layers.flatMap((layer) => [...layer.serviceDependencies]));
  return {
    metadata: { version: "1.0.0", description: "The standard layers" },
    layers: Object.fromEntries(
      layers.map((layer, index) => [layer.name, describeLayer(layer, index, layers)]),
    ),
    execution_config: {
      layer_execution_mode: LayerSchedule.WATERFALL_WITH_BACKGROUND,
      global_timeout_minutes: layers.reduce((sum, { timeoutMinutes }) => sum + timeoutMinutes, 0),
      max_global_parallel_tests: PARALLEL_TESTS,
    },
    service_dependencies: Object.fromEntries([...services].map((name) => [name, {}])),
  };
}

function describeLayer(
  layer: LayerDefinition,
  index: number,
  layers: readonly LayerDefinition[],
): Record<string, unknown> {
  const before = layers[index - 1];
  const name = sentence(layer.name);
  return {
    name,
    description: `The standard layer "${name}"`,
    priority: index + 1,
    execution_order: index + 1,
    max_duration_minutes: layer.timeoutMinutes,
    execution_mode: MODES[layer.executionStrategy],
    dependencies: before === undefined ? [] : [before.name],
    background_execution: layer.isBackgroundEligible,
    required_services: [...layer.serviceDependencies],
    categories: [...layer.categories].map((category, place) => ({
      name: category,
      timeout_seconds: Math.min(layer.timeoutMinutes * SECONDS_A_MINUTE, CATEGORY_MAX_SECONDS),
      max_parallel_instances: 1,
      priority_order: place + 1,
      resource_requirements: {
        requires_real_services: layer.requiresRealServices,
        requires_real_llm: layer.requiresRealLlm,
      },
    })),
  };
}

/** @returns "fast_feedback" as "Fast feedback". */
function sentence(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
