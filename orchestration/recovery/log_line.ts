import type { LogLevel } from "../../enums/log_level.ts";

/** How lines look: `json` for one JSON object, `text` for people. */
export type LogFormat = "json" | "text";

/** What a line is made of. */
export interface LogLineFields {
  /** When it was logged, in ms since the epoch. */
  readonly atMs: number;
  /** How important it is. */
  readonly level: LogLevel;
  /** What it says: plain data. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The longest line, in UTF-16 units. */
const LINE_MAX = 65_536;

/** The moment at the start of a line of either format. */
const LINE_START = /^(?:\{"logged_at":")?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)/;

/**
 * Reads `logging.format`.
 *
 * @param text `json`, `text`, or "" for `json`; in any letter case.
 * @returns The format.
 * @throws {RangeError} when it is none.
 */
export function parseLogFormat(text: string): LogFormat {
  const format = text.trim().toLowerCase() || "json";
  if (format === "json" || format === "text") return format;
  throw new RangeError(`Log format must be "json" or "text", got ${JSON.stringify(text)}`);
}

/**
 * Puts an entry on one line. `logged_at` and `level` stand first; what an entry has under these names
 * is left out. An entry that JSON cannot hold, or that is too long, leaves a line that says so.
 *
 * @param format How the line looks.
 * @param fields What it is made of.
 * @returns The line, with its end.
 */
export function logLine(format: LogFormat, fields: LogLineFields): string {
  const head = { logged_at: new Date(fields.atMs).toISOString(), level: fields.level };
  try {
    const line = lineOf(format, head, fields.entry);
    if (line.length <= LINE_MAX) return `${line}\n`;
    const problem = `the entry takes ${line.length} characters, and ${LINE_MAX} is the limit`;
    return `${lineOf(format, head, { problem })}\n`;
  } catch {
    return `${lineOf(format, head, { problem: "the entry cannot be written as JSON" })}\n`;
  }
}

/**
 * Reads from the start of a file when its first line was logged.
 *
 * @param start The start of the file.
 * @returns In ms since the epoch; null when the file does not begin with a line of this log.
 */
export function loggedAtMs(start: string): number | null {
  const time = Date.parse(LINE_START.exec(start)?.[1] ?? "");
  return Number.isNaN(time) ? null : time;
}

function lineOf(
  format: LogFormat,
  head: { readonly logged_at: string; readonly level: LogLevel },
  entry: Readonly<Record<string, unknown>>,
): string {
  const { logged_at: _time, level: _level, ...rest } = entry;
  if (format === "json") return JSON.stringify({ ...head, ...rest });
  const parts = Object.entries(rest).flatMap(([name, value]) => {
    const text = JSON.stringify(value);
    return text === undefined
      ? []
      : [`${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}=${text}`];
  });
  return [head.logged_at, head.level, ...parts].join(" ");
}
