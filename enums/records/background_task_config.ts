import { E2ETestCategory } from "../e2e_test_category.ts";
import { ServiceName } from "../service_name.ts";
import {
  count,
  filledText,
  flag,
  jsonObject,
  mapOf,
  member,
  nullable,
  numberWithin,
  optional,
  required,
  text,
  texts,
  textSet,
} from "./field.ts";
import type { JsonObject } from "./json_value.ts";
import { RecordShape } from "./record_shape.ts";

/** How long a background task or a layer may take, in minutes: a week. */
export const MAX_TIMEOUT_MINUTES = 10_080;

const STANDARD_SERVICES: readonly string[] = Object.freeze([
  ServiceName.BACKEND,
  ServiceName.CLICKHOUSE,
  ServiceName.FRONTEND,
  ServiceName.POSTGRES,
  ServiceName.REDIS,
]);

/** Wire form of {@link BackgroundTaskConfig}: keys in snake_case, null for what is absent. */
export interface BackgroundTaskConfigDict {
  /** See {@link BackgroundTaskConfig.category}. */
  readonly category: E2ETestCategory;
  /** See {@link BackgroundTaskConfig.environment}. */
  readonly environment: string;
  /** See {@link BackgroundTaskConfig.useRealServices}. */
  readonly use_real_services: boolean;
  /** See {@link BackgroundTaskConfig.useRealLlm}. */
  readonly use_real_llm: boolean;
  /** See {@link BackgroundTaskConfig.timeoutMinutes}. */
  readonly timeout_minutes: number;
  /** See {@link BackgroundTaskConfig.maxRetries}. */
  readonly max_retries: number;
  /** See {@link BackgroundTaskConfig.cpuLimitPercent}. */
  readonly cpu_limit_percent: number | null;
  /** See {@link BackgroundTaskConfig.memoryLimitGb}. */
  readonly memory_limit_gb: number | null;
  /** See {@link BackgroundTaskConfig.priority}. */
  readonly priority: number;
  /** See {@link BackgroundTaskConfig.servicesRequired}. */
  readonly services_required: readonly string[];
  /** See {@link BackgroundTaskConfig.additionalArgs}. */
  readonly additional_args: readonly string[];
  /** See {@link BackgroundTaskConfig.envVars}. */
  readonly env_vars: Readonly<Record<string, string>>;
  /** See {@link BackgroundTaskConfig.resourceRequirements}. */
  readonly resource_requirements: JsonObject;
}

/** What a {@link BackgroundTaskConfig} is made of. Only the category must be given. */
export interface BackgroundTaskConfigOptions
  extends
    Partial<Omit<BackgroundTaskConfig, "category" | "servicesRequired" | "toDict" | "toJSON">> {
  /** See {@link BackgroundTaskConfig.category}. */
  readonly category: E2ETestCategory;
  /** See {@link BackgroundTaskConfig.servicesRequired}. */
  readonly servicesRequired?: readonly string[] | ReadonlySet<string>;
}

const SHAPE = new RecordShape("BackgroundTaskConfig", {
  category: required(member(E2ETestCategory)),
  environment: optional(filledText, "development"),
  useRealServices: optional(flag, true),
  useRealLlm: optional(flag, true),
  timeoutMinutes: optional(numberWithin({ above: 0, max: MAX_TIMEOUT_MINUTES }), 30),
  maxRetries: optional(count, 2),
  cpuLimitPercent: nullable(numberWithin({ above: 0, max: 100 })),
  memoryLimitGb: nullable(numberWithin({ above: 0 })),
  priority: optional(numberWithin({ isWhole: true }), 1),
  servicesRequired: optional(textSet, STANDARD_SERVICES),
  additionalArgs: optional(texts, Object.freeze([])),
  envVars: optional(mapOf(text), Object.freeze({})),
  resourceRequirements: optional(jsonObject, Object.freeze({})),
});

/**
 * What a background task runs, and with which means.
 *
 * @example A task that needs two services
 * ```ts
 * import { BackgroundTaskConfig, E2ETestCategory } from "@baton/orchestration/enums";
 *
 * const config = new BackgroundTaskConfig({
 *   category: E2ETestCategory.CYPRESS,
 *   servicesRequired: ["redis", "postgres"],
 * });
 * if (config.timeoutMinutes !== 30) throw new Error("unexpected default");
 * const read = BackgroundTaskConfig.fromDict(JSON.parse(JSON.stringify(config)));
 * if (read.servicesRequired.join() !== "postgres,redis") throw new Error("not sorted");
 * ```
 */
export class BackgroundTaskConfig {
  /** Which tests. */
  readonly category: E2ETestCategory;
  /** The environment they run against; not blank. @default "development" */
  readonly environment: string;
  /** Whether they talk to real services. @default true */
  readonly useRealServices: boolean;
  /** Whether they talk to a real language model. @default true */
  readonly useRealLlm: boolean;
  /** How long one attempt may take, in minutes: above 0, at most a week. @default 30 */
  readonly timeoutMinutes: number;
  /** How often it is tried again after a failure. @default 2 */
  readonly maxRetries: number;
  /** Its share of the processor, above 0 up to 100; null for no limit. @default null */
  readonly cpuLimitPercent: number | null;
  /** Its memory in gigabytes, above 0; null for no limit. @default null */
  readonly memoryLimitGb: number | null;
  /** Which task goes first: the lower, the more urgent. A whole number. @default 1 */
  readonly priority: number;
  /**
   * The services that must be there, sorted. @default backend, clickhouse, frontend, postgres,
   * redis
   */
  readonly servicesRequired: readonly string[];
  /** Further arguments of the command, in their order. @default none */
  readonly additionalArgs: readonly string[];
  /** Further variables of the command's environment. @default none */
  readonly envVars: Readonly<Record<string, string>>;
  /** What it needs of a machine, as whoever hands out resources reads it. @default none */
  readonly resourceRequirements: JsonObject;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: BackgroundTaskConfigOptions) {
    const values = SHAPE.fromOptions(options);
    this.category = values.category;
    this.environment = values.environment;
    this.useRealServices = values.useRealServices;
    this.useRealLlm = values.useRealLlm;
    this.timeoutMinutes = values.timeoutMinutes;
    this.maxRetries = values.maxRetries;
    this.cpuLimitPercent = values.cpuLimitPercent;
    this.memoryLimitGb = values.memoryLimitGb;
    this.priority = values.priority;
    this.servicesRequired = values.servicesRequired;
    this.additionalArgs = values.additionalArgs;
    this.envVars = values.envVars;
    this.resourceRequirements = values.resourceRequirements;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): BackgroundTaskConfig {
    return new BackgroundTaskConfig(SHAPE.fromDict(dict));
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): BackgroundTaskConfigDict {
    return {
      category: this.category,
      environment: this.environment,
      use_real_services: this.useRealServices,
      use_real_llm: this.useRealLlm,
      timeout_minutes: this.timeoutMinutes,
      max_retries: this.maxRetries,
      cpu_limit_percent: this.cpuLimitPercent,
      memory_limit_gb: this.memoryLimitGb,
      priority: this.priority,
      services_required: this.servicesRequired,
      additional_args: this.additionalArgs,
      env_vars: this.envVars,
      resource_requirements: this.resourceRequirements,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): BackgroundTaskConfigDict {
    return this.toDict();
  }
}
