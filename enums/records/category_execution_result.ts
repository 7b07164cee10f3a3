import {
  count,
  filledText,
  flag,
  nullable,
  numberWithin,
  optional,
  required,
  text,
  time,
} from "./field.ts";
import { RecordShape } from "./record_shape.ts";
import { ENDS_AFTER_START, secondsBetween } from "./time_span.ts";

/** Wire form of {@link CategoryExecutionResult}: keys in snake_case, null for what is absent. */
export interface CategoryExecutionResultDict {
  /** See {@link CategoryExecutionResult.categoryName}. */
  readonly category_name: string;
  /** See {@link CategoryExecutionResult.layerName}. */
  readonly layer_name: string;
  /** See {@link CategoryExecutionResult.startTime}. */
  readonly start_time: string;
  /** See {@link CategoryExecutionResult.endTime}. */
  readonly end_time: string | null;
  /** See {@link CategoryExecutionResult.success}. */
  readonly success: boolean;
  /** See {@link CategoryExecutionResult.exitCode}. */
  readonly exit_code: number | null;
  /** See {@link CategoryExecutionResult.testsRun}. */
  readonly tests_run: number;
  /** See {@link CategoryExecutionResult.testsPassed}. */
  readonly tests_passed: number;
  /** See {@link CategoryExecutionResult.testsFailed}. */
  readonly tests_failed: number;
  /** See {@link CategoryExecutionResult.testsSkipped}. */
  readonly tests_skipped: number;
  /** See {@link CategoryExecutionResult.coveragePercentage}. */
  readonly coverage_percentage: number | null;
  /** See {@link CategoryExecutionResult.errorMessage}. */
  readonly error_message: string | null;
  /** See {@link CategoryExecutionResult.stdout}. */
  readonly stdout: string;
  /** See {@link CategoryExecutionResult.stderr}. */
  readonly stderr: string;
  /** See {@link CategoryExecutionResult.durationSeconds}. */
  readonly duration_seconds: number | null;
}

/** What a {@link CategoryExecutionResult} is made of. Category, layer and start must be given. */
export interface CategoryExecutionResultOptions extends
  Partial<
    Omit<
      CategoryExecutionResult,
      | "categoryName"
      | "layerName"
      | "startTime"
      | "endTime"
      | "durationSeconds"
      | "toDict"
      | "toJSON"
    >
  > {
  /** See {@link CategoryExecutionResult.categoryName}. */
  readonly categoryName: string;
  /** See {@link CategoryExecutionResult.layerName}. */
  readonly layerName: string;
  /** See {@link CategoryExecutionResult.startTime}. */
  readonly startTime: Date | string;
  /** See {@link CategoryExecutionResult.endTime}. */
  readonly endTime?: Date | string | null;
}

const SHAPE = new RecordShape("CategoryExecutionResult", {
  categoryName: required(filledText),
  layerName: required(filledText),
  startTime: required(time),
  endTime: nullable(time),
  success: optional(flag, false),
  exitCode: nullable(numberWithin({ isWhole: true })),
  testsRun: optional(count, 0),
  testsPassed: optional(count, 0),
  testsFailed: optional(count, 0),
  testsSkipped: optional(count, 0),
  coveragePercentage: nullable(numberWithin({ min: 0, max: 100 })),
  errorMessage: nullable(text),
  stdout: optional(text, ""),
  stderr: optional(text, ""),
}, [ENDS_AFTER_START]);

/**
 * How a category of a layer ended, or how far it has come.
 *
 * Times are UTC ISO texts; give a `Date` or an ISO text, one without a zone is taken for UTC.
 *
 * @example A category that ran for two seconds
 * ```ts
 * import { CategoryExecutionResult } from "@baton/orchestration/enums";
 *
 * const result = new CategoryExecutionResult({
 *   categoryName: "unit",
 *   layerName: "fast_feedback",
 *   startTime: "2026-01-01T10:00:00Z",
 *   endTime: "2026-01-01T10:00:02Z",
 *   success: true,
 * });
 * if (result.durationSeconds !== 2) throw new Error("unexpected");
 * ```
 */
export class CategoryExecutionResult {
  /** The category; not blank. */
  readonly categoryName: string;
  /** The layer it belongs to; not blank. */
  readonly layerName: string;
  /** When it began. */
  readonly startTime: string;
  /** When it ended, not before it began; null before that. @default null */
  readonly endTime: string | null;
  /** Whether it went well. @default false */
  readonly success: boolean;
  /** The exit code of its process; null when there is none. @default null */
  readonly exitCode: number | null;
  /** How many tests ran. @default 0 */
  readonly testsRun: number;
  /** How many passed. @default 0 */
  readonly testsPassed: number;
  /** How many failed. @default 0 */
  readonly testsFailed: number;
  /** How many were not run. @default 0 */
  readonly testsSkipped: number;
  /** How much of the code they reached, 0 to 100; null when it was not measured. @default null */
  readonly coveragePercentage: number | null;
  /** What went wrong; null when nothing did. @default null */
  readonly errorMessage: string | null;
  /** What its process wrote to standard output. @default "" */
  readonly stdout: string;
  /** What its process wrote to standard error. @default "" */
  readonly stderr: string;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: CategoryExecutionResultOptions) {
    const values = SHAPE.fromOptions(options);
    this.categoryName = values.categoryName;
    this.layerName = values.layerName;
    this.startTime = values.startTime;
    this.endTime = values.endTime;
    this.success = values.success;
    this.exitCode = values.exitCode;
    this.testsRun = values.testsRun;
    this.testsPassed = values.testsPassed;
    this.testsFailed = values.testsFailed;
    this.testsSkipped = values.testsSkipped;
    this.coveragePercentage = values.coveragePercentage;
    this.errorMessage = values.errorMessage;
    this.stdout = values.stdout;
    this.stderr = values.stderr;
    Object.freeze(this);
  }

  /**
   * Reads the wire form. `duration_seconds` is not read but worked out again.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): CategoryExecutionResult {
    return new CategoryExecutionResult(SHAPE.fromDict(dict));
  }

  /** How long it took, in seconds; null until it ended. */
  get durationSeconds(): number | null {
    return secondsBetween(this.startTime, this.endTime);
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): CategoryExecutionResultDict {
    return {
      category_name: this.categoryName,
      layer_name: this.layerName,
      start_time: this.startTime,
      end_time: this.endTime,
      success: this.success,
      exit_code: this.exitCode,
      tests_run: this.testsRun,
      tests_passed: this.testsPassed,
      tests_failed: this.testsFailed,
      tests_skipped: this.testsSkipped,
      coverage_percentage: this.coveragePercentage,
      error_message: this.errorMessage,
      stdout: this.stdout,
      stderr: this.stderr,
      duration_seconds: this.durationSeconds,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): CategoryExecutionResultDict {
    return this.toDict();
  }
}
