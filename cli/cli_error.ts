import { displayText } from "./display_text.ts";

/** Data of a {@link CliError}. */
export interface CliErrorFields {
  /** A stable code for programs, such as "STORE_NOT_WRITABLE". */
  readonly code: string;
  /** The exit code that it means. */
  readonly exitCode: number;
  /** What to do about it, as a sentence without its full stop. */
  readonly hint: string;
  /**
   * Whether it can pass without anybody changing how the command was started.
   *
   * @default false
   */
  readonly passing?: boolean;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** What ends a command: one sentence for people, a code for programs, and what to do. */
export class CliError extends Error {
  /** Tells this error from others. */
  override readonly name = "CliError";
  /** A stable code for programs. */
  readonly code: string;
  /** The exit code that it means. */
  readonly exitCode: number;
  /** What to do about it. */
  readonly hint: string;
  /** Whether it can pass without anybody changing how the command was started. */
  readonly passing: boolean;

  /**
   * @param message What is wrong and where, as a sentence without its full stop.
   * @param fields Codes and hint.
   */
  constructor(message: string, fields: CliErrorFields) {
    super(message, { cause: fields.cause });
    this.code = fields.code;
    this.exitCode = fields.exitCode;
    this.hint = fields.hint;
    this.passing = fields.passing ?? false;
  }
}

/** An error as people and programs are told of it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  /** What to do; null when the message says it, or nothing is known. */
  readonly hint: string | null;
}

/** @returns What to tell about any error. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  if (!(error instanceof Error)) return { code: "UNEXPECTED", message: String(error), hint: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNEXPECTED";
  const hint = code === "UNEXPECTED" ? "Run it again with --log-level debug for the details" : null;
  return { code, message: error.message || error.name, hint };
}

/** @returns The report as one line: `name: message. Hint`. */
export function reportLine(name: string, report: ErrorReport): string {
  const text = report.hint === null ? report.message : `${report.message}. ${report.hint}`;
  return `${name}: ${displayText(text.replace(/\s*\n\s*/g, " "))}\n`;
}
