import { ExecutionStrategy } from "../execution_strategy.ts";
import {
  count,
  filledText,
  flag,
  jsonObject,
  member,
  nullable,
  optional,
  required,
  text,
  textSet,
  time,
} from "./field.ts";
import type { JsonObject } from "./json_value.ts";
import { RecordShape } from "./record_shape.ts";
import { ENDS_AFTER_START, secondsBetween } from "./time_span.ts";

/** Wire form of {@link LayerExecutionResult}: keys in snake_case, null for what is absent. */
export interface LayerExecutionResultDict {
  /** See {@link LayerExecutionResult.layerName}. */
  readonly layer_name: string;
  /** See {@link LayerExecutionResult.executionStrategy}. */
  readonly execution_strategy: ExecutionStrategy;
  /** See {@link LayerExecutionResult.startTime}. */
  readonly start_time: string;
  /** See {@link LayerExecutionResult.endTime}. */
  readonly end_time: string | null;
  /** See {@link LayerExecutionResult.success}. */
  readonly success: boolean;
  /** See {@link LayerExecutionResult.categoriesExecuted}. */
  readonly categories_executed: readonly string[];
  /** See {@link LayerExecutionResult.categoriesFailed}. */
  readonly categories_failed: readonly string[];
  /** See {@link LayerExecutionResult.categoriesSkipped}. */
  readonly categories_skipped: readonly string[];
  /** See {@link LayerExecutionResult.totalTests}. */
  readonly total_tests: number;
  /** See {@link LayerExecutionResult.passedTests}. */
  readonly passed_tests: number;
  /** See {@link LayerExecutionResult.failedTests}. */
  readonly failed_tests: number;
  /** See {@link LayerExecutionResult.skippedTests}. */
  readonly skipped_tests: number;
  /** See {@link LayerExecutionResult.errorMessage}. */
  readonly error_message: string | null;
  /** See {@link LayerExecutionResult.resourceUsage}. */
  readonly resource_usage: JsonObject;
  /** See {@link LayerExecutionResult.durationSeconds}. */
  readonly duration_seconds: number | null;
  /** See {@link LayerExecutionResult.successRatePercent}: 0 to 100. */
  readonly success_rate: number;
}

/** What a {@link LayerExecutionResult} is made of. The layer's name, strategy and start must be given. */
export interface LayerExecutionResultOptions extends
  Partial<
    Omit<
      LayerExecutionResult,
      | "layerName"
      | "executionStrategy"
      | "startTime"
      | "endTime"
      | "categoriesExecuted"
      | "categoriesFailed"
      | "categoriesSkipped"
      | "durationSeconds"
      | "successRatePercent"
      | "toDict"
      | "toJSON"
    >
  > {
  /** See {@link LayerExecutionResult.layerName}. */
  readonly layerName: string;
  /** See {@link LayerExecutionResult.executionStrategy}. */
  readonly executionStrategy: ExecutionStrategy;
  /** See {@link LayerExecutionResult.startTime}. */
  readonly startTime: Date | string;
  /** See {@link LayerExecutionResult.endTime}. */
  readonly endTime?: Date | string | null;
  /** See {@link LayerExecutionResult.categoriesExecuted}. */
  readonly categoriesExecuted?: readonly string[] | ReadonlySet<string>;
  /** See {@link LayerExecutionResult.categoriesFailed}. */
  readonly categoriesFailed?: readonly string[] | ReadonlySet<string>;
  /** See {@link LayerExecutionResult.categoriesSkipped}. */
  readonly categoriesSkipped?: readonly string[] | ReadonlySet<string>;
}

const SHAPE = new RecordShape("LayerExecutionResult", {
  layerName: required(filledText),
  executionStrategy: required(member(ExecutionStrategy)),
  startTime: required(time),
  endTime: nullable(time),
  success: optional(flag, false),
  categoriesExecuted: optional(textSet, Object.freeze([])),
  categoriesFailed: optional(textSet, Object.freeze([])),
  categoriesSkipped: optional(textSet, Object.freeze([])),
  totalTests: optional(count, 0),
  passedTests: optional(count, 0),
  failedTests: optional(count, 0),
  skippedTests: optional(count, 0),
  errorMessage: nullable(text),
  resourceUsage: optional(jsonObject, Object.freeze({})),
}, [ENDS_AFTER_START, {
  field: "passedTests",
  message: "must not be more than all tests",
  isBroken: ({ passedTests = 0, totalTests = Infinity }) => passedTests > totalTests,
}]);

/**
 * How a layer ended, or how far it has come.
 *
 * Times are UTC ISO texts; give a `Date` or an ISO text, one without a zone is taken for UTC.
 *
 * @example Two of three passed
 * ```ts
 * import { LayerExecutionResult } from "@baton/orchestration/enums";
 *
 * const result = new LayerExecutionResult({
 *   layerName: "fast_feedback",
 *   executionStrategy: "sequential",
 *   startTime: "2026-01-01T10:00:00Z",
 *   totalTests: 3,
 *   passedTests: 2,
 * });
 * if (Math.round(result.successRatePercent) !== 67) throw new Error("unexpected");
 * if (result.durationSeconds !== null) throw new Error("it has not ended");
 * ```
 */
export class LayerExecutionResult {
  /** The layer; not blank. */
  readonly layerName: string;
  /** How its categories were run. */
  readonly executionStrategy: ExecutionStrategy;
  /** When it began. */
  readonly startTime: string;
  /** When it ended, not before it began; null before that. @default null */
  readonly endTime: string | null;
  /** Whether it went well. @default false */
  readonly success: boolean;
  /** The categories that ran, sorted. @default none */
  readonly categoriesExecuted: readonly string[];
  /** The categories that failed, sorted. @default none */
  readonly categoriesFailed: readonly string[];
  /** The categories that were not run, sorted. @default none */
  readonly categoriesSkipped: readonly string[];
  /** How many tests there were. @default 0 */
  readonly totalTests: number;
  /** How many of them passed; never more than all. @default 0 */
  readonly passedTests: number;
  /** How many failed. @default 0 */
  readonly failedTests: number;
  /** How many were not run. @default 0 */
  readonly skippedTests: number;
  /** What went wrong; null when nothing did. @default null */
  readonly errorMessage: string | null;
  /** What it used, as whoever measured it wrote it down. @default none */
  readonly resourceUsage: JsonObject;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: LayerExecutionResultOptions) {
    const values = SHAPE.fromOptions(options);
    this.layerName = values.layerName;
    this.executionStrategy = values.executionStrategy;
    this.startTime = values.startTime;
    this.endTime = values.endTime;
    this.success = values.success;
    this.categoriesExecuted = values.categoriesExecuted;
    this.categoriesFailed = values.categoriesFailed;
    this.categoriesSkipped = values.categoriesSkipped;
    this.totalTests = values.totalTests;
    this.passedTests = values.passedTests;
    this.failedTests = values.failedTests;
    this.skippedTests = values.skippedTests;
    this.errorMessage = values.errorMessage;
    this.resourceUsage = values.resourceUsage;
    Object.freeze(this);
  }

  /**
   * Reads the wire form. `duration_seconds` and `success_rate`, a percentage, are not read but
   * worked out again.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): LayerExecutionResult {
    return new LayerExecutionResult(SHAPE.fromDict(dict));
  }

  /** How long it took, in seconds; null until it ended. */
  get durationSeconds(): number | null {
    return secondsBetween(this.startTime, this.endTime);
  }

  /** How many of a hundred tests passed, 0 to 100; 0 when there were none. */
  get successRatePercent(): number {
    return this.totalTests === 0 ? 0 : this.passedTests / this.totalTests * 100;
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): LayerExecutionResultDict {
    return {
      layer_name: this.layerName,
      execution_strategy: this.executionStrategy,
      start_time: this.startTime,
      end_time: this.endTime,
      success: this.success,
      categories_executed: this.categoriesExecuted,
      categories_failed: this.categoriesFailed,
      categories_skipped: this.categoriesSkipped,
      total_tests: this.totalTests,
      passed_tests: this.passedTests,
      failed_tests: this.failedTests,
      skipped_tests: this.skippedTests,
      error_message: this.errorMessage,
      resource_usage: this.resourceUsage,
      duration_seconds: this.durationSeconds,
      success_rate: this.successRatePercent,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): LayerExecutionResultDict {
    return this.toDict();
  }
}
