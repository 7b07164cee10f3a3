import type { Clock } from "../../clock.ts";
import type { LogFile, LogFiles } from "./log_files.ts";
import { loggedAtMs } from "./log_line.ts";
import { logPeriod, type LogRotation, rotatedName, rotatedUntilMs } from "./log_rotation.ts";

/** Options of {@link LogWriter}. */
export interface LogWriterOptions {
  /** The file. */
  readonly path: string;
  /** When it begins anew. */
  readonly rotation: LogRotation;
  /** For how many days rotated files are kept; 0 for ever. */
  readonly retentionDays: number;
  /** Time. */
  readonly clock: Clock;
  /** The files. */
  readonly files: LogFiles;
  /** Told of what failed although lines can be written: a rotation, a removal. */
  readonly onFault: (error: unknown) => void;
}

/** A line that waits. */
export interface WaitingLine {
  /** When it was logged, in ms since the epoch: it goes to the file of that period. */
  readonly atMs: number;
  /** The line, with its end. */
  readonly text: string;
}

/** The folder of a log may not be read or written; the message names the flags. */
export class LogPermissionError extends Error {
  /** Tells this error from others. */
  override readonly name = "LogPermissionError";
}

/** The file as it is open now. */
interface Current {
  readonly file: LogFile;
  /** The period in which its first line was logged; null while it is empty. */
  readonly period: string | null;
  /** Whether its last line has no end, as a write broke off. */
  readonly isCutOff: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Writes lines to a file, and begins it anew at the first line of a new period. Which period a file is
 * of stands in the file, on its first line: so processes that share it agree, whoever rotates, and so
 * does one that starts again.
 */
export class LogWriter {
  /** The lines that wait, oldest first. The caller bounds it. */
  readonly queue: WaitingLine[] = [];
  /** The folder of the log. */
  readonly folder: string;
  readonly #options: LogWriterOptions;
  readonly #name: string;
  readonly #prefix: string;
  readonly #encoder = new TextEncoder();
  #hasPruned = false;
  #written = 0;
  #rotated = 0;
  #removed = 0;

  /**
   * Makes a writer. Nothing is opened yet.
   *
   * @param options Which file, and how it is kept.
   * @throws {RangeError} when the path names no file.
   */
  constructor(options: LogWriterOptions) {
    const separator = Deno.build.os === "windows" ? /[/\\]/ : /\//;
    const name = options.path.split(separator).at(-1) ?? "";
    if (name === "" || name === "." || name === "..") {
      throw new RangeError(`path must name a file, got ${JSON.stringify(options.path)}`);
    }
    this.#name = name;
    this.#prefix = options.path.slice(0, -name.length);
    this.folder = this.#prefix === "" ? "." : this.#prefix.slice(0, -1) || this.#prefix;
    this.#options = options;
  }

  /** Lines that were written. */
  get written(): number {
    return this.#written;
  }

  /** Files that were rotated away. */
  get rotated(): number {
    return this.#rotated;
  }

  /** Rotated files that were removed. */
  get removed(): number {
    return this.#removed;
  }

  /**
   * Writes what waits, also what is added meanwhile. A line leaves the queue when it is written whole.
   *
   * @throws {LogPermissionError} when the folder may not be read or written.
   * @throws {Error} what the system says when a line cannot be written.
   */
  async writeAll(): Promise<void> {
    const { files } = this.#options;
    const missing = await files.missingPermission(this.folder);
    if (missing !== null) throw new LogPermissionError(missing);
    await files.makeFolder(this.folder);
    if (!this.#hasPruned) await this.#prune();
    while (this.queue.length > 0) await this.#writePeriod(this.queue[0]!);
  }

  /** Writes lines up to the first one that is of a later period than the first that waits. */
  async #writePeriod(first: WaitingLine): Promise<void> {
    const lastPeriod = this.#periodOf(first.atMs);
    const current = await this.#openFor(first);
    using file = current.file;
    let { isCutOff } = current;
    for (let line = this.queue[0]; line !== undefined; line = this.queue[0]) {
      if (this.#periodOf(line.atMs) > lastPeriod) return;
      await appendWhole(file, this.#encoder.encode(isCutOff ? `\n${line.text}` : line.text));
      isCutOff = false;
      if (this.queue.shift() !== undefined) this.#written++;
    }
  }

  /** Opens the file, a new one when it is of an earlier period than the line. */
  async #openFor(line: WaitingLine): Promise<Current> {
    const current = await this.#open();
    if (!this.#isOverdue(current, line)) return current;
    current.file[Symbol.dispose]();
    try {
      if (await this.#rotate(line)) await this.#prune();
    } catch (error) {
      this.#options.onFault(error); // lines are worth more than their order in files
    }
    return await this.#open();
  }

  async #open(): Promise<Current> {
    const file = await this.#options.files.open(this.#options.path);
    try {
      const { start, isCutOff, modifiedMs } = await file.look();
      // A file that somebody else began is taken to be as old as its last line.
      const beganMs = loggedAtMs(start) ?? modifiedMs;
      return { file, isCutOff, period: start === "" ? null : this.#periodOf(beganMs) };
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  #isOverdue({ period }: Current, line: WaitingLine): boolean {
    return period !== null && period < this.#periodOf(line.atMs);
  }

  /**
   * Gives the file the name of its period. Under the lock nobody else does so: whoever had it before
   * may have left a new file, which must stay.
   *
   * @returns Whether it did; not when somebody else does so now, or did just before.
   */
  async #rotate(line: WaitingLine): Promise<boolean> {
    const { files, path } = this.#options;
    using lock = await files.lock(`${path}.lock`);
    if (lock === null) return false;
    const current = await this.#open();
    current.file[Symbol.dispose]();
    if (current.period === null || !this.#isOverdue(current, line)) return false;
    const taken = new Set((await files.list(this.folder)).map(({ name }) => name));
    const name = rotatedName(this.#name, current.period, taken);
    await files.rename(path, this.#prefix + name);
    this.#rotated++;
    return true;
  }

  /** Removes the rotated files that are too old. What fails is tried again at the next rotation. */
  async #prune(): Promise<void> {
    this.#hasPruned = true;
    const { files, retentionDays, clock, onFault } = this.#options;
    if (retentionDays === 0) return;
    const beforeMs = clock.now() - retentionDays * DAY_MS;
    const names = await files.list(this.folder).catch((error) => (onFault(error), []));
    for (const { name, isFile } of names) {
      const untilMs = isFile ? rotatedUntilMs(this.#name, name) : null;
      if (untilMs === null || untilMs > beforeMs) continue;
      await files.remove(this.#prefix + name).then(() => void this.#removed++, onFault);
    }
  }

  #periodOf(atMs: number): string {
    return logPeriod(this.#options.rotation, atMs);
  }
}

async function appendWhole(file: LogFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const count = await file.append(bytes);
  if (count < bytes.length) throw new Error(`only ${count} of ${bytes.length} bytes were written`);
}
