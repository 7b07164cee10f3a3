import { z } from "zod";
import { FailFastStrategy } from "../../enums/fail_fast_strategy.ts";
import { LayerSchedule } from "../../enums/layer_schedule.ts";
import { ResourceConflictResolution } from "../../enums/resource_conflict_resolution.ts";
import { name, whole } from "./common_shapes.ts";

/** How layers run in the background. */
export interface BackgroundSettings {
  /** Whether any does. Default true. */
  readonly enabled: boolean;
  /** How many may at once, from 0 to 3. Default 1. */
  readonly max_background_layers: number;
  /** Which do. Default none beyond those that say so themselves. */
  readonly background_layers: readonly string[];
  /** How often to look after them, in seconds, from 10 to 300. Default 30. */
  readonly monitoring_interval_seconds: number;
}

/** How all layers run together. */
export interface LayerRunSettings {
  /** In which order. */
  readonly layer_execution_mode: LayerSchedule;
  /** How long all of them may take, in minutes, from 10 to 300. */
  readonly global_timeout_minutes: number;
  /** How many tests may run at once, from 1 to 32. */
  readonly max_global_parallel_tests: number;
  /** How long a layer may take to begin, in seconds, from 5 to 120. Default 30. */
  readonly layer_startup_timeout_seconds: number;
  /** How long to wait between layers, in seconds, from 0 to 60. Default 5. */
  readonly inter_layer_delay_seconds: number;
  /** Memory for all of them, in MiB, from 512 to 16,384. Default 6,144. */
  readonly max_memory_usage_mb: number;
  /** Processor time for all of them, in percent, from 50 to 100. Default 90. */
  readonly max_cpu_usage_percent: number;
  /** What a failure ends, by layer. Default nothing. */
  readonly fail_fast_strategy: Readonly<Record<string, FailFastStrategy>>;
  /** Who gets what two layers want. Default priority_based. */
  readonly resource_conflict_resolution: ResourceConflictResolution;
  /** How layers run in the background. */
  readonly background_execution: BackgroundSettings;
}

const background = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether any layer runs in the background"),
  max_background_layers: whole(0, 3).default(1).describe("How many may at once"),
  background_layers: z.array(name()).max(100).default([]).describe("Which do"),
  monitoring_interval_seconds: whole(10, 300).default(30).describe(
    "How often to look after them, in seconds",
  ),
});

/** The shape of {@link LayerRunSettings}. */
export const runSettings = z.strictObject({
  layer_execution_mode: z.enum(LayerSchedule).describe("In which order layers run"),
  global_timeout_minutes: z.number().min(10).max(300).describe("How long all may take, in minutes"),
  max_global_parallel_tests: whole(1, 32).describe("How many tests may run at once"),
  layer_startup_timeout_seconds: z.number().min(5).max(120).default(30).describe(
    "How long a layer may take to begin, in seconds",
  ),
  inter_layer_delay_seconds: z.number().min(0).max(60).default(5).describe(
    "How long to wait between layers, in seconds",
  ),
  max_memory_usage_mb: whole(512, 16_384).default(6_144).describe("Memory for all, in MiB"),
  max_cpu_usage_percent: whole(50, 100).default(90).describe("Processor time for all, in percent"),
  fail_fast_strategy: z.record(name(), z.enum(FailFastStrategy)).default({}).describe(
    "What a failure ends, by layer",
  ),
  resource_conflict_resolution: z.enum(ResourceConflictResolution)
    .default(ResourceConflictResolution.PRIORITY_BASED).describe("Who gets what two layers want"),
  background_execution: background.prefault({}).describe("How layers run in the background"),
});
