import { canonicalServiceName } from "./canonical_service_name.ts";
import { ExecutionStrategy } from "./execution_strategy.ts";
import { MAX_TIMEOUT_MINUTES } from "./records/background_task_config.ts";
import type { LayerDefinition } from "./records/layer_definition.ts";

/**
 * Finds what makes no sense in a layer.
 *
 * @param layer The layer.
 * @returns One message for each fault, in a fixed order; empty when there is none.
 *
 * @example A layer without a name
 * ```ts
 * import { createCustomLayer, validateLayerDefinition } from "@baton/orchestration/enums";
 *
 * const [fault] = validateLayerDefinition(createCustomLayer(" ", ["unit"]));
 * if (fault !== "Layer name cannot be empty") throw new Error("unexpected");
 * ```
 */
export function validateLayerDefinition(layer: LayerDefinition): string[] {
  const { PARALLEL_LIMITED, PARALLEL_UNLIMITED, HYBRID_SMART } = ExecutionStrategy;
  const { executionStrategy: strategy, timeoutMinutes, maxParallelCategories: limit } = layer;
  const isLimitTooLow = limit !== null && limit <= 0;
  const unknown = layer.serviceDependencies.filter((name) => !canonicalServiceName(name));
  const checks: readonly (readonly [isBroken: boolean, message: string])[] = [
    [isBlank(layer.name), "Layer name cannot be empty"],
    [layer.categories.length === 0, "Layer must have at least one category"],
    [timeoutMinutes <= 0, "Timeout must be positive"],
    [
      strategy === PARALLEL_LIMITED && isLimitTooLow,
      "Max parallel categories must be positive when using PARALLEL_LIMITED strategy",
    ],
    [
      layer.isBackgroundEligible && strategy === PARALLEL_UNLIMITED,
      "Background-eligible layers should not use PARALLEL_UNLIMITED strategy",
    ],
    [!Number.isInteger(timeoutMinutes), "Timeout must be a whole number of minutes"],
    [
      timeoutMinutes > MAX_TIMEOUT_MINUTES,
      `Timeout must not be more than ${MAX_TIMEOUT_MINUTES} minutes`,
    ],
    [
      strategy === PARALLEL_LIMITED && limit === null,
      "Max parallel categories must be set when using PARALLEL_LIMITED strategy",
    ],
    [
      strategy === HYBRID_SMART && isLimitTooLow,
      "Max parallel categories must be positive when using HYBRID_SMART strategy",
    ],
    [
      limit !== null && !Number.isInteger(limit),
      "Max parallel categories must be a whole number",
    ],
    [layer.categories.some(isBlank), "Category names cannot be empty"],
    ...unknown.map((name) => [true, `Unknown service: ${JSON.stringify(name)}`] as const),
  ];
  return checks.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
