import { type Clock, systemClock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";
import { withDeadline } from "../../coordination/deadline.ts";
import { checkRange } from "../../coordination/lease_timing.ts";
import { enumValues } from "../../enums/enum_values.ts";
import { LogLevel } from "../../enums/log_level.ts";
import type { LogFiles } from "./log_files.ts";
import { type LogFormat, logLine, parseLogFormat } from "./log_line.ts";
import { type LogRotation, parseLogRotation } from "./log_rotation.ts";
import { systemLogFiles } from "./log_system_files.ts";
import { LogPermissionError, LogWriter } from "./log_writer.ts";

/** Options of {@link RecoveryLog}. */
export interface RecoveryLogOptions {
  /** The file, as `log_file` names it. Its folder is made when it is not there. */
  readonly path: string;
  /**
   * When the file begins anew, as `log_rotation` says: `hourly`, `daily`, `weekly`, or "" for never.
   *
   * @default ""
   */
  readonly rotation?: string;
  /**
   * For how many days after the end of their period rotated files are kept; 0 for ever.
   *
   * @default 90
   */
  readonly retentionDays?: number;
  /**
   * The least important entries that are written.
   *
   * @default "INFO"
   */
  readonly level?: LogLevel;
  /**
   * How lines look: `json`, or `text` for people.
   *
   * @default "json"
   */
  readonly format?: string;
  /**
   * Lines that may wait to be written, from 1; more are dropped and counted.
   *
   * @default 10_000
   */
  readonly linesMax?: number;
  /**
   * How long disposing waits for lines to be written, in ms, from 0.
   *
   * @default 5_000
   */
  readonly closeMs?: number;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * The files.
   *
   * @default systemLogFiles
   */
  readonly files?: LogFiles;
}

/** Why a line could not be written, or a file not be rotated or removed. */
export interface RecoveryLogFault {
  /** `not_permitted` when a permission is missing: the text names the flag. */
  readonly kind: "not_permitted" | "failed";
  /** What is wrong, in words. */
  readonly text: string;
}

/** How a log fared so far. */
export interface RecoveryLogMetrics {
  /** Lines that were written. */
  readonly log_lines_written_total: number;
  /** Lines that were given up: too many waited, or the log was closed. */
  readonly log_lines_dropped_total: number;
  /** Lines that wait to be written. */
  readonly log_lines_pending: number;
  /** Files that this process rotated away. */
  readonly log_rotations_total: number;
  /** Rotated files that this process removed. */
  readonly log_files_removed_total: number;
  /** Failed attempts to write, to rotate or to remove. */
  readonly log_faults_total: number;
  /** The last fault; null when there was none. */
  readonly last_log_fault: RecoveryLogFault | null;
}

const FAULT_MAX_CHARS = 300;
const LEVELS = enumValues(LogLevel);
const OPTION_MAX = 1_000_000;

/**
 * The log that recovery keeps in a file of its own: one line for each entry. What goes wrong with the
 * file breaks and delays nobody: it is counted, the lines wait, and the next entry tries again. When
 * nothing is written, nothing runs.
 *
 * Not guaranteed: that lines which wait outlive the process, nor that what was written outlives the
 * machine: nothing is synced. Several processes may write to one file: a line is written in one go, and
 * a file is rotated under a lock (on `<file>.lock`, which stays), so nothing is lost or overwritten. A
 * line that is written while another process rotates may stand at the end of the old file.
 *
 * @example A log for each day, kept for a month
 * ```ts
 * import { RecoveryLog } from "@baton/orchestration/orchestration";
 *
 * const log = new RecoveryLog({ path: "logs/recovery.log", rotation: "daily", retentionDays: 30 });
 * if (log.metrics.log_lines_pending !== 0) throw new Error("nothing is written yet");
 * ```
 */
export class RecoveryLog implements AsyncDisposable {
  readonly #writer: LogWriter;
  readonly #format: LogFormat;
  readonly #rank: number;
  readonly #linesMax: number;
  readonly #closeMs: number;
  readonly #clock: Clock;
  #work: Promise<void> | null = null;
  #isClosed = false;
  #dropped = 0;
  #faults = 0;
  #lastFault: RecoveryLogFault | null = null;

  /**
   * Makes a log. Nothing is opened yet.
   *
   * @param options Which file, and how it is kept.
   * @throws {RangeError} when an option is out of range, or no rotation, format or level.
   */
  constructor(options: RecoveryLogOptions) {
    const { path, retentionDays = 90, level = LogLevel.INFO, linesMax = 10_000 } = options;
    const { closeMs = 5_000, clock = systemClock, files = systemLogFiles } = options;
    const rotation: LogRotation = parseLogRotation(options.rotation ?? "");
    checkRange("retentionDays", retentionDays, 0, OPTION_MAX);
    checkRange("linesMax", linesMax, 1, OPTION_MAX);
    checkRange("closeMs", closeMs, 0, OPTION_MAX);
    this.#rank = LEVELS.indexOf(level);
    if (this.#rank < 0) throw new RangeError(`level must be a log level, got "${level}"`);
    this.#format = parseLogFormat(options.format ?? "");
    this.#linesMax = linesMax;
    this.#closeMs = closeMs;
    this.#clock = clock;
    this.#writer = new LogWriter({
      path,
      rotation,
      retentionDays,
      clock,
      files,
      onFault: (error) => this.#noteFault(error),
    });
  }

  /** How the log fared so far. */
  get metrics(): RecoveryLogMetrics {
    const { written, rotated, removed, queue } = this.#writer;
    return {
      log_lines_written_total: written,
      log_lines_dropped_total: this.#dropped,
      log_lines_pending: queue.length,
      log_rotations_total: rotated,
      log_files_removed_total: removed,
      log_faults_total: this.#faults,
      last_log_fault: this.#lastFault,
    };
  }

  /** What it needs, to be looked at before the first line. */
  get permissions(): readonly Deno.PermissionDescriptor[] {
    const path = this.#writer.folder;
    return [{ name: "read", path }, { name: "write", path }];
  }

  /**
   * Writes an entry, if it is important enough. Never throws, waits for nobody.
   *
   * @param level How important it is.
   * @param entry What it says: plain data; a later change to it is not seen.
   */
  write(level: LogLevel, entry: Readonly<Record<string, unknown>>): void {
    if (LEVELS.indexOf(level) < this.#rank && LEVELS.includes(level)) return;
    if (this.#isClosed || this.#writer.queue.length >= this.#linesMax) this.#dropped++;
    else {
      const atMs = this.#clock.now();
      this.#writer.queue.push({ atMs, text: logLine(this.#format, { atMs, level, entry }) });
    }
    this.#start();
  }

  /** Writes what waits, as far as it can be written. Never rejects. */
  async flush(): Promise<void> {
    await this.#work;
    await this.#start();
  }

  /** Writes what waits, within its time; what is left then is dropped and counted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await withDeadline(this.flush(), this.#closeMs, this.#clock)
      .catch((error) => this.#noteFault(error));
    this.#dropped += this.#writer.queue.splice(0).length;
  }

  /** Begins to write what waits, unless that goes on already. */
  #start(): Promise<void> | null {
    if (this.#work === null && this.#writer.queue.length > 0) this.#work = this.#writeAll();
    return this.#work;
  }

  async #writeAll(): Promise<void> {
    try {
      await this.#writer.writeAll();
    } catch (error) {
      this.#noteFault(error);
    }
    this.#work = null;
  }

  #noteFault(error: unknown): void {
    this.#faults++;
    const isMissing = error instanceof LogPermissionError ||
      error instanceof Deno.errors.NotCapable;
    const text = error instanceof LogPermissionError ? error.message : describeError(error);
    const kind = isMissing ? "not_permitted" : "failed";
    this.#lastFault = { kind, text: text.slice(0, FAULT_MAX_CHARS) };
  }
}
