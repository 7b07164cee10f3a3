import { displayText } from "../config/display_text.ts";
import { jsonDocument } from "./json_document.ts";

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
  /**
   * What else there is to tell, a line each, such as the faults of a file.
   *
   * @default none
   */
  readonly details?: readonly string[];
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
  /** What else there is to tell, a line each. */
  readonly details: readonly string[];

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
    this.details = fields.details ?? [];
  }
}

/** An error as people and programs are told of it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  /** What to do; null when the message says it, or nothing is known. */
  readonly hint: string | null;
  /** What else there is to tell, a line each; left out when that is nothing. */
  readonly details?: readonly string[];
}

/**
 * Says what to tell about any error.
 *
 * @param error The error.
 * @param detailsHint How to learn more of one that nobody foresaw; null when there is no more.
 * @returns What to tell.
 */
export function reportOf(error: unknown, detailsHint: string | null = null): ErrorReport {
  if (error instanceof CliError) {
    const { code, message, hint, details } = error;
    return { code, message, hint, ...details.length === 0 ? {} : { details } };
  }
  if (!(error instanceof Error)) return { code: "UNEXPECTED", message: String(error), hint: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNEXPECTED";
  const hint = code === "UNEXPECTED" ? detailsHint : null;
  return { code, message: error.message || error.name, hint };
}

/** @returns The report as one line, `name: message. Hint`, and one for each detail. */
export function reportLine(name: string, report: ErrorReport): string {
  const text = report.hint === null ? report.message : `${report.message}. ${report.hint}`;
  const details = report.details?.map((each) => `  ${onOneLine(each)}\n`) ?? [];
  return `${name}: ${onOneLine(text)}\n${details.join("")}`;
}

function onOneLine(text: string): string {
  return displayText(text.replace(/\s*\n\s*/g, " "));
}

/** @returns The report for programs: one JSON document. */
export function renderErrorJson(report: ErrorReport): string {
  return jsonDocument({ error: report });
}
