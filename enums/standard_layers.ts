import { ExecutionStrategy } from "./execution_strategy.ts";
import { LayerType } from "./layer_type.ts";
import { parseEnumValue } from "./parse_enum_value.ts";
import { LayerDefinition } from "./records/layer_definition.ts";
import { ServiceName } from "./service_name.ts";

const CORE_SERVICES = [ServiceName.POSTGRES, ServiceName.REDIS, ServiceName.BACKEND];

/** The four standard layers by their type, from the fastest to the slowest. Nobody can change them. */
export const STANDARD_LAYERS: Readonly<Record<LayerType, LayerDefinition>> = Object.freeze({
  [LayerType.FAST_FEEDBACK]: new LayerDefinition({
    name: LayerType.FAST_FEEDBACK,
    layerType: LayerType.FAST_FEEDBACK,
    categories: ["smoke", "startup", "unit"],
    executionStrategy: ExecutionStrategy.PARALLEL_LIMITED,
    timeoutMinutes: 5,
    maxParallelCategories: 3,
    requiresRealServices: false,
  }),
  [LayerType.CORE_INTEGRATION]: new LayerDefinition({
    name: LayerType.CORE_INTEGRATION,
    layerType: LayerType.CORE_INTEGRATION,
    categories: ["database", "api", "websocket", "security"],
    timeoutMinutes: 15,
    serviceDependencies: CORE_SERVICES,
  }),
  [LayerType.SERVICE_INTEGRATION]: new LayerDefinition({
    name: LayerType.SERVICE_INTEGRATION,
    layerType: LayerType.SERVICE_INTEGRATION,
    categories: ["agent", "e2e_critical", "frontend", "integration"],
    executionStrategy: ExecutionStrategy.HYBRID_SMART,
    timeoutMinutes: 25,
    maxParallelCategories: 2,
    serviceDependencies: [...CORE_SERVICES, ServiceName.FRONTEND],
    requiresRealLlm: true,
    canRunInParallel: false,
  }),
  [LayerType.E2E_BACKGROUND]: new LayerDefinition({
    name: LayerType.E2E_BACKGROUND,
    layerType: LayerType.E2E_BACKGROUND,
    categories: ["cypress", "e2e", "performance"],
    timeoutMinutes: 90,
    serviceDependencies: [...CORE_SERVICES, ServiceName.CLICKHOUSE, ServiceName.FRONTEND],
    requiresRealLlm: true,
    canRunInParallel: false,
    isBackgroundEligible: true,
  }),
});

/**
 * Finds a standard layer.
 *
 * @param type Its type.
 * @returns The layer.
 * @throws {UnknownEnumValueError} when there is no such type.
 *
 * @example A standard layer with more time
 * ```ts
 * import { getStandardLayer, LayerDefinition } from "@baton/orchestration/enums";
 *
 * const fast = getStandardLayer("fast_feedback");
 * const slow = new LayerDefinition({ ...fast, timeoutMinutes: 10 });
 * if (fast.timeoutMinutes !== 5 || slow.timeoutMinutes !== 10) throw new Error("unexpected");
 * ```
 */
export function getStandardLayer(type: LayerType): LayerDefinition {
  return STANDARD_LAYERS[parseEnumValue(LayerType, type)];
}

/**
 * Lists the standard layers.
 *
 * @returns All four, from the fastest to the slowest; the array is the caller's own.
 *
 * @example The names of all layers
 * ```ts
 * import { getAllStandardLayers } from "@baton/orchestration/enums";
 *
 * const names = getAllStandardLayers().map((layer) => layer.name);
 * if (names[0] !== "fast_feedback" || names.length !== 4) throw new Error("unexpected");
 * ```
 */
export function getAllStandardLayers(): LayerDefinition[] {
  return Object.values(STANDARD_LAYERS);
}
