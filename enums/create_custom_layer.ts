import { LayerType } from "./layer_type.ts";
import { InvalidRecordError } from "./records/invalid_record_error.ts";
import { LayerDefinition, type LayerDefinitionOptions } from "./records/layer_definition.ts";
import { showUnreadable } from "./show_value.ts";

/** What may be said about a custom layer beside its name and categories. */
export type CustomLayerOptions = Partial<Omit<LayerDefinitionOptions, "name" | "categories">>;

/**
 * Makes a layer of one's own. It is not validated: see `validateLayerDefinition`.
 *
 * @param name The layer's name.
 * @param categories Its categories.
 * @param options The rest. @default the defaults of `LayerDefinition`, with layer type fast_feedback
 * @returns The layer.
 * @throws {InvalidRecordError} when an option is unknown, or something has the wrong type. It is a
 * `TypeError`.
 *
 * @example A layer that runs its categories at once
 * ```ts
 * import { createCustomLayer, validateLayerDefinition } from "@baton/orchestration/enums";
 *
 * const layer = createCustomLayer("contracts", ["pacts", "schemas"], {
 *   executionStrategy: "parallel_limited",
 *   maxParallelCategories: 2,
 * });
 * if (validateLayerDefinition(layer).length > 0) throw new Error("unexpected");
 * ```
 */
export function createCustomLayer(
  name: string,
  categories: LayerDefinitionOptions["categories"],
  options: CustomLayerOptions = {},
): LayerDefinition {
  const rest = copyOptions(options);
  const doubled = ["name", "categories"].filter((key) => Object.hasOwn(rest, key));
  if (doubled.length > 0) {
    const message = "is no option here: it is an argument of its own";
    throw new InvalidRecordError("LayerDefinition", doubled.map((path) => ({ path, message })));
  }
  return new LayerDefinition({ layerType: LayerType.FAST_FEEDBACK, ...rest, name, categories });
}

/** Copies the options, which runs getters. */
function copyOptions(options: CustomLayerOptions): CustomLayerOptions {
  try {
    return { ...options };
  } catch (error) {
    throw new InvalidRecordError("LayerDefinition", [{
      path: "",
      message: showUnreadable(error),
    }]);
  }
}
