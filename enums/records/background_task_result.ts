import { BackgroundTaskStatus } from "../background_task_status.ts";
import { E2ETestCategory } from "../e2e_test_category.ts";
import { BackgroundTaskConfig, type BackgroundTaskConfigDict } from "./background_task_config.ts";
import {
  count,
  filledText,
  jsonObject,
  mapOf,
  member,
  nested,
  nullable,
  numberWithin,
  optional,
  required,
  text,
  time,
} from "./field.ts";
import type { JsonObject } from "./json_value.ts";
import { RecordShape } from "./record_shape.ts";
import { ENDS_AFTER_START, secondsBetween } from "./time_span.ts";

/** Wire form of {@link BackgroundTaskResult}: keys in snake_case, null for what is absent. */
export interface BackgroundTaskResultDict {
  /** See {@link BackgroundTaskResult.taskId}. */
  readonly task_id: string;
  /** See {@link BackgroundTaskResult.category}. */
  readonly category: E2ETestCategory;
  /** See {@link BackgroundTaskResult.status}. */
  readonly status: BackgroundTaskStatus;
  /** See {@link BackgroundTaskResult.config}. */
  readonly config: BackgroundTaskConfigDict;
  /** See {@link BackgroundTaskResult.exitCode}. */
  readonly exit_code: number | null;
  /** See {@link BackgroundTaskResult.stdout}. */
  readonly stdout: string;
  /** See {@link BackgroundTaskResult.stderr}. */
  readonly stderr: string;
  /** See {@link BackgroundTaskResult.durationSeconds}. */
  readonly duration_seconds: number;
  /** See {@link BackgroundTaskResult.startTime}. */
  readonly start_time: string | null;
  /** See {@link BackgroundTaskResult.endTime}. */
  readonly end_time: string | null;
  /** See {@link BackgroundTaskResult.testCounts}. */
  readonly test_counts: Readonly<Record<string, number>>;
  /** See {@link BackgroundTaskResult.errorMessage}. */
  readonly error_message: string | null;
  /** See {@link BackgroundTaskResult.resourceUsage}. */
  readonly resource_usage: JsonObject;
  /** See {@link BackgroundTaskResult.retryCount}. */
  readonly retry_count: number;
  /** See {@link BackgroundTaskResult.success}. */
  readonly success: boolean;
}

/** What a {@link BackgroundTaskResult} is made of. The first four must be given. */
export interface BackgroundTaskResultOptions extends
  Partial<
    Omit<
      BackgroundTaskResult,
      | "taskId"
      | "category"
      | "status"
      | "config"
      | "startTime"
      | "endTime"
      | "success"
      | "toDict"
      | "toJSON"
    >
  > {
  /** See {@link BackgroundTaskResult.taskId}. */
  readonly taskId: string;
  /** See {@link BackgroundTaskResult.category}. */
  readonly category: E2ETestCategory;
  /** See {@link BackgroundTaskResult.status}. */
  readonly status: BackgroundTaskStatus;
  /** See {@link BackgroundTaskResult.config}. */
  readonly config: BackgroundTaskConfig;
  /** See {@link BackgroundTaskResult.startTime}. */
  readonly startTime?: Date | string | null;
  /** See {@link BackgroundTaskResult.endTime}. */
  readonly endTime?: Date | string | null;
}

const SHAPE = new RecordShape(
  "BackgroundTaskResult",
  {
    taskId: required(filledText),
    category: required(member(E2ETestCategory)),
    status: required(member(BackgroundTaskStatus)),
    config: required(nested(BackgroundTaskConfig)),
    exitCode: nullable(numberWithin({ isWhole: true })),
    stdout: optional(text, ""),
    stderr: optional(text, ""),
    durationSeconds: optional(numberWithin({ min: 0 }), 0),
    startTime: nullable(time),
    endTime: nullable(time),
    testCounts: optional(mapOf(count), Object.freeze({})),
    errorMessage: nullable(text),
    resourceUsage: optional(jsonObject, Object.freeze({})),
    retryCount: optional(count, 0),
  },
  [ENDS_AFTER_START],
  [{
    field: "durationSeconds",
    isKnown: ({ startTime = null, endTime = null }) => startTime !== null && endTime !== null,
  }],
);

/**
 * How a background task ended, or how far it has come.
 *
 * Times are UTC ISO texts; give a `Date` or an ISO text, one without a zone is taken for UTC.
 *
 * @example A task that went well
 * ```ts
 * import { BackgroundTaskConfig, BackgroundTaskResult } from "@baton/orchestration/enums";
 *
 * const result = new BackgroundTaskResult({
 *   taskId: "t1",
 *   category: "e2e",
 *   status: "completed",
 *   config: new BackgroundTaskConfig({ category: "e2e" }),
 *   exitCode: 0,
 *   startTime: "2026-01-01T10:00:00Z",
 *   endTime: "2026-01-01T10:05:00Z",
 * });
 * if (!result.success || result.durationSeconds !== 300) throw new Error("unexpected");
 * ```
 */
export class BackgroundTaskResult {
  /** Identifies the task; not blank. */
  readonly taskId: string;
  /** Which tests it ran. */
  readonly category: E2ETestCategory;
  /** How far it has come. */
  readonly status: BackgroundTaskStatus;
  /** What it was told to run. */
  readonly config: BackgroundTaskConfig;
  /** The exit code of its process; null when there is none. @default null */
  readonly exitCode: number | null;
  /** What its process wrote to standard output. @default "" */
  readonly stdout: string;
  /** What its process wrote to standard error. @default "" */
  readonly stderr: string;
  /**
   * How long it took, in seconds: from start to end when both are known, else what was given.
   * @default 0
   */
  readonly durationSeconds: number;
  /** When it began; null before that. @default null */
  readonly startTime: string | null;
  /** When it ended, not before it began; null before that. @default null */
  readonly endTime: string | null;
  /** Numbers of tests by kind, such as `total` and `passed`. @default none */
  readonly testCounts: Readonly<Record<string, number>>;
  /** What went wrong; null when nothing did. @default null */
  readonly errorMessage: string | null;
  /** What it used, as whoever measured it wrote it down. @default none */
  readonly resourceUsage: JsonObject;
  /** How often it was tried again. @default 0 */
  readonly retryCount: number;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: BackgroundTaskResultOptions) {
    const values = SHAPE.fromOptions(options);
    this.taskId = values.taskId;
    this.category = values.category;
    this.status = values.status;
    this.config = values.config;
    this.exitCode = values.exitCode;
    this.stdout = values.stdout;
    this.stderr = values.stderr;
    this.durationSeconds = secondsBetween(values.startTime, values.endTime) ??
      values.durationSeconds;
    this.startTime = values.startTime;
    this.endTime = values.endTime;
    this.testCounts = values.testCounts;
    this.errorMessage = values.errorMessage;
    this.resourceUsage = values.resourceUsage;
    this.retryCount = values.retryCount;
    Object.freeze(this);
  }

  /**
   * Reads the wire form. `success` is not read but worked out again, and so is
   * `duration_seconds` where both times are known.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): BackgroundTaskResult {
    return new BackgroundTaskResult(SHAPE.fromDict(dict));
  }

  /** Whether it completed, and its process, if it told, with exit code 0. */
  get success(): boolean {
    const isCleanExit = this.exitCode === null || this.exitCode === 0;
    return this.status === BackgroundTaskStatus.COMPLETED && isCleanExit;
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): BackgroundTaskResultDict {
    return {
      task_id: this.taskId,
      category: this.category,
      status: this.status,
      config: this.config.toDict(),
      exit_code: this.exitCode,
      stdout: this.stdout,
      stderr: this.stderr,
      duration_seconds: this.durationSeconds,
      start_time: this.startTime,
      end_time: this.endTime,
      test_counts: this.testCounts,
      error_message: this.errorMessage,
      resource_usage: this.resourceUsage,
      retry_count: this.retryCount,
      success: this.success,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): BackgroundTaskResultDict {
    return this.toDict();
  }
}
