import { ExecutionStrategy } from "../execution_strategy.ts";
import { LayerType } from "../layer_type.ts";
import {
  anyNumber,
  flag,
  jsonObject,
  member,
  nullable,
  optional,
  required,
  text,
  textSet,
} from "./field.ts";
import type { JsonObject } from "./json_value.ts";
import { RecordShape } from "./record_shape.ts";

/** Wire form of {@link LayerDefinition}: keys in snake_case, null for what is absent. */
export interface LayerDefinitionDict {
  /** See {@link LayerDefinition.name}. */
  readonly name: string;
  /** See {@link LayerDefinition.layerType}. */
  readonly layer_type: LayerType;
  /** See {@link LayerDefinition.categories}. */
  readonly categories: readonly string[];
  /** See {@link LayerDefinition.executionStrategy}. */
  readonly execution_strategy: ExecutionStrategy;
  /** See {@link LayerDefinition.timeoutMinutes}. */
  readonly timeout_minutes: number;
  /** See {@link LayerDefinition.maxParallelCategories}. */
  readonly max_parallel_categories: number | null;
  /** See {@link LayerDefinition.resourceRequirements}. */
  readonly resource_requirements: JsonObject;
  /** See {@link LayerDefinition.serviceDependencies}. */
  readonly service_dependencies: readonly string[];
  /** See {@link LayerDefinition.environmentRequirements}. */
  readonly environment_requirements: JsonObject;
  /** See {@link LayerDefinition.requiresRealServices}. */
  readonly requires_real_services: boolean;
  /** See {@link LayerDefinition.requiresRealLlm}. */
  readonly requires_real_llm: boolean;
  /** See {@link LayerDefinition.canRunInParallel}. */
  readonly can_run_in_parallel: boolean;
  /** See {@link LayerDefinition.isBackgroundEligible}. */
  readonly is_background_eligible: boolean;
}

/** What a {@link LayerDefinition} is made of. The first three must be given. */
export interface LayerDefinitionOptions extends
  Partial<
    Omit<
      LayerDefinition,
      "name" | "layerType" | "categories" | "serviceDependencies" | "toDict" | "toJSON"
    >
  > {
  /** See {@link LayerDefinition.name}. */
  readonly name: string;
  /** See {@link LayerDefinition.layerType}. */
  readonly layerType: LayerType;
  /** See {@link LayerDefinition.categories}. */
  readonly categories: readonly string[] | ReadonlySet<string>;
  /** See {@link LayerDefinition.serviceDependencies}. */
  readonly serviceDependencies?: readonly string[] | ReadonlySet<string>;
}

const SHAPE = new RecordShape("LayerDefinition", {
  name: required(text),
  layerType: required(member(LayerType)),
  categories: required(textSet),
  executionStrategy: optional(member(ExecutionStrategy), ExecutionStrategy.SEQUENTIAL),
  timeoutMinutes: optional(anyNumber, 30),
  maxParallelCategories: nullable(anyNumber),
  resourceRequirements: optional(jsonObject, Object.freeze({})),
  serviceDependencies: optional(textSet, Object.freeze([])),
  environmentRequirements: optional(jsonObject, Object.freeze({})),
  requiresRealServices: optional(flag, true),
  requiresRealLlm: optional(flag, false),
  canRunInParallel: optional(flag, true),
  isBackgroundEligible: optional(flag, false),
});

/**
 * A layer of tests: its categories, and how they are run.
 *
 * The constructor and `fromDict` check types, not sense: a name may be blank and a timeout negative, so
 * that `validateLayerDefinition` can report all that is wrong with what somebody wrote. The
 * constructor takes numbers that are not finite as well; `fromDict` refuses them, because JSON has
 * none.
 *
 * @example A layer, changed
 * ```ts
 * import { LayerDefinition, LayerType } from "@baton/orchestration/enums";
 *
 * const layer = new LayerDefinition({
 *   name: "smoke",
 *   layerType: LayerType.FAST_FEEDBACK,
 *   categories: ["smoke", "startup"],
 * });
 * const patient = new LayerDefinition({ ...layer, timeoutMinutes: 60 });
 * if (layer.timeoutMinutes !== 30 || patient.timeoutMinutes !== 60) throw new Error("unexpected");
 * ```
 */
export class LayerDefinition {
  /** The layer's name. */
  readonly name: string;
  /** Which of the standard layers it stands for. */
  readonly layerType: LayerType;
  /** Its categories, sorted. */
  readonly categories: readonly string[];
  /** How they are run. @default "sequential" */
  readonly executionStrategy: ExecutionStrategy;
  /** How long the layer may take, in minutes. @default 30 */
  readonly timeoutMinutes: number;
  /** How many categories may run at once; null for no limit. @default null */
  readonly maxParallelCategories: number | null;
  /** What it needs of a machine, as whoever hands out resources reads it. @default none */
  readonly resourceRequirements: JsonObject;
  /** The services it needs, sorted. @default none */
  readonly serviceDependencies: readonly string[];
  /** What it needs of its environment, as whoever prepares it reads it. @default none */
  readonly environmentRequirements: JsonObject;
  /** Whether it needs real services. @default true */
  readonly requiresRealServices: boolean;
  /** Whether it needs a real language model. @default false */
  readonly requiresRealLlm: boolean;
  /** Whether it may run beside other layers. @default true */
  readonly canRunInParallel: boolean;
  /** Whether it may run in the background. @default false */
  readonly isBackgroundEligible: boolean;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: LayerDefinitionOptions) {
    const values = SHAPE.fromOptions(options);
    this.name = values.name;
    this.layerType = values.layerType;
    this.categories = values.categories;
    this.executionStrategy = values.executionStrategy;
    this.timeoutMinutes = values.timeoutMinutes;
    this.maxParallelCategories = values.maxParallelCategories;
    this.resourceRequirements = values.resourceRequirements;
    this.serviceDependencies = values.serviceDependencies;
    this.environmentRequirements = values.environmentRequirements;
    this.requiresRealServices = values.requiresRealServices;
    this.requiresRealLlm = values.requiresRealLlm;
    this.canRunInParallel = values.canRunInParallel;
    this.isBackgroundEligible = values.isBackgroundEligible;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): LayerDefinition {
    return new LayerDefinition(SHAPE.fromDict(dict));
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): LayerDefinitionDict {
    return {
      name: this.name,
      layer_type: this.layerType,
      categories: this.categories,
      execution_strategy: this.executionStrategy,
      timeout_minutes: this.timeoutMinutes,
      max_parallel_categories: this.maxParallelCategories,
      resource_requirements: this.resourceRequirements,
      service_dependencies: this.serviceDependencies,
      environment_requirements: this.environmentRequirements,
      requires_real_services: this.requiresRealServices,
      requires_real_llm: this.requiresRealLlm,
      can_run_in_parallel: this.canRunInParallel,
      is_background_eligible: this.isBackgroundEligible,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): LayerDefinitionDict {
    return this.toDict();
  }
}
