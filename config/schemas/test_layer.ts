import { z } from "zod";
import { LayerExecutionMode } from "../../enums/layer_execution_mode.ts";
import { LlmMode } from "../../enums/llm_mode.ts";
import { name, share, whole } from "./common_shapes.ts";
import { exactPartial } from "./exact_partial.ts";
import { category, type TestCategory } from "./test_category.ts";

/** What a layer may use at most; null where it has no limit of its own. */
export interface LayerResourceLimits {
  /** Memory in MiB, from 128 to 8,192. */
  readonly max_memory_mb: number | null;
  /** Processor time in percent, from 10 to 100. */
  readonly max_cpu_percent: number | null;
  /** How many tests may run at once, from 1 to 16. */
  readonly max_parallel_instances: number | null;
}

/** When a layer counts as passed. */
export interface LayerSuccessCriteria {
  /** Which share of tests must pass, from 0 to 1. Default 0.95. */
  readonly min_pass_rate: number;
  /** How many tests may fail, from 0 to 100. Default 5. */
  readonly max_failures: number;
  /** Whether all critical tests must pass. Default true. */
  readonly critical_tests_must_pass: boolean;
  /** Whether some categories may fail. Default false. */
  readonly allow_partial_success: boolean;
}

/** How a layer talks to a language model. */
export interface LayerLlmRequirements {
  /** To a real one or to a stand-in. Default mock. */
  readonly mode: LlmMode;
  /** How long an answer may take, in seconds, from 30 to 300. Default 60. */
  readonly timeout_seconds: number;
  /** Whether a stand-in will do when the real one is not there. Default true. */
  readonly fallback_to_mock: boolean;
}

/** One layer of tests. */
export interface TestLayer {
  /** Its name for people, of 3 to 50 characters. */
  readonly name: string;
  /** What it is for, in 10 to 200 characters. */
  readonly description: string;
  /** How much it matters, from 1, the most, to 5. */
  readonly priority: number;
  /** Its place among the layers, from 1 to 10. */
  readonly execution_order: number;
  /** How long it may take, in minutes, from 1 to 180. */
  readonly max_duration_minutes: number;
  /** How its categories run. */
  readonly execution_mode: LayerExecutionMode;
  /** Its categories, at least one. */
  readonly categories: readonly TestCategory[];
  /** Whether the first failure ends it. Default false. */
  readonly fail_fast: boolean;
  /** Whether it runs in the background. Default false. */
  readonly background_execution: boolean;
  /** What it may use at most. */
  readonly resource_limits: LayerResourceLimits;
  /** Layers that must have passed before. Default none. */
  readonly dependencies: readonly string[];
  /** Layers that must not run at the same time. Default none. */
  readonly conflicts: readonly string[];
  /** When it counts as passed. */
  readonly success_criteria: LayerSuccessCriteria;
  /** Services that must be there. Default none. */
  readonly required_services: readonly string[];
  /** How it talks to a language model. */
  readonly llm_requirements: LayerLlmRequirements;
  /** What is different in an environment, by its name. Default nothing. */
  readonly environment_overrides: Readonly<Record<string, LayerOverrides>>;
}

/** Settings of a layer of which an override may name some alone. */
export interface NestedLayerSettings {
  /** See {@link TestLayer.resource_limits}. */
  readonly resource_limits: LayerResourceLimits;
  /** See {@link TestLayer.success_criteria}. */
  readonly success_criteria: LayerSuccessCriteria;
  /** See {@link TestLayer.llm_requirements}. */
  readonly llm_requirements: LayerLlmRequirements;
}

/** What is different about a layer in an environment: only what is named. Lists replace lists. */
export type LayerOverrides =
  & Partial<Omit<TestLayer, "environment_overrides" | keyof NestedLayerSettings>>
  & { readonly [K in keyof NestedLayerSettings]?: Partial<NestedLayerSettings[K]> };

const limits = {
  max_memory_mb: whole(128, 8_192).nullable(),
  max_cpu_percent: whole(10, 100).nullable(),
  max_parallel_instances: whole(1, 16).nullable(),
};
const success = {
  min_pass_rate: share(),
  max_failures: whole(0, 100),
  critical_tests_must_pass: z.boolean(),
  allow_partial_success: z.boolean(),
};
const llm = {
  mode: z.enum(LlmMode),
  timeout_seconds: whole(30, 300),
  fallback_to_mock: z.boolean(),
};
const names = () => z.array(name()).max(100);

/** What is the same in a layer and in an override of it. */
const plain = {
  name: z.string().min(3).max(50).describe("Its name for people"),
  description: z.string().min(10).max(200).describe("What it is for"),
  priority: whole(1, 5).describe("How much it matters, 1 the most"),
  execution_order: whole(1, 10).describe("Its place among the layers"),
  max_duration_minutes: z.number().min(1).max(180).describe("How long it may take, in minutes"),
  execution_mode: z.enum(LayerExecutionMode).describe("How its categories run"),
  categories: z.array(category).min(1).max(100).describe("Its categories"),
  fail_fast: z.boolean().describe("Whether the first failure ends it"),
  background_execution: z.boolean().describe("Whether it runs in the background"),
  dependencies: names().describe("Layers that must have passed before"),
  conflicts: names().describe("Layers that must not run at the same time"),
  required_services: names().describe("Services that must be there"),
};

/** The shape of {@link LayerOverrides}. */
export const layerOverrides = z.strictObject({
  ...exactPartial(plain),
  resource_limits: z.strictObject(exactPartial(limits)).exactOptional(),
  success_criteria: z.strictObject(exactPartial(success)).exactOptional(),
  llm_requirements: z.strictObject(exactPartial(llm)).exactOptional(),
});

/** The shape of {@link TestLayer}. */
export const layer = z.strictObject({
  ...plain,
  fail_fast: plain.fail_fast.default(false),
  background_execution: plain.background_execution.default(false),
  dependencies: plain.dependencies.default([]),
  conflicts: plain.conflicts.default([]),
  required_services: plain.required_services.default([]),
  resource_limits: z.strictObject({
    max_memory_mb: limits.max_memory_mb.default(null).describe("Memory in MiB"),
    max_cpu_percent: limits.max_cpu_percent.default(null).describe("Processor time in percent"),
    max_parallel_instances: limits.max_parallel_instances.default(null).describe("Tests at once"),
  }).prefault({}).describe("What it may use at most"),
  success_criteria: z.strictObject({
    min_pass_rate: success.min_pass_rate.default(0.95).describe("Share of tests that must pass"),
    max_failures: success.max_failures.default(5).describe("How many tests may fail"),
    critical_tests_must_pass: success.critical_tests_must_pass.default(true),
    allow_partial_success: success.allow_partial_success.default(false),
  }).prefault({}).describe("When it counts as passed"),
  llm_requirements: z.strictObject({
    mode: llm.mode.default(LlmMode.MOCK),
    timeout_seconds: llm.timeout_seconds.default(60).describe("How long an answer may take"),
    fallback_to_mock: llm.fallback_to_mock.default(true),
  }).prefault({}).describe("How it talks to a language model"),
  environment_overrides: z.record(name(), layerOverrides).default({}).describe(
    "What is different in an environment",
  ),
});
