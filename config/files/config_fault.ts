import type { IssueSeverity } from "../../enums/issue_severity.ts";

/** One thing that is wrong with a configuration file, and where. */
export interface ConfigFault {
  /** The file; what {@link parseConfig} was told to call it when there is none. */
  readonly file: string;
  /** Line, from 1; 0 when the fault is about the file as a whole. */
  readonly line: number;
  /** Column in UTF-16 units, from 1; 0 when the fault is about the file as a whole. */
  readonly column: number;
  /** The keys that lead there, such as "layers.smoke.categories[0].name"; "" for the whole. */
  readonly path: string;
  /** Whether it refuses the file or is for information. */
  readonly severity: IssueSeverity;
  /** What is wrong, without place and values. */
  readonly message: string;
  /** What was found, in words. What came out of a variable is not shown, but for its type. */
  readonly got: string;
  /** What was expected, in words. */
  readonly expected: string;
}

/** Keys and indexes that lead from the root of a document to a place in it. */
export type ConfigPath = readonly (string | number)[];

/**
 * Puts a fault into its one form.
 *
 * @param fault The fault.
 * @returns `file:line:column path: message (got …, expected …)`; what is not known is left out.
 *
 * @example Tell somebody what is wrong
 * ```ts
 * import { ConfigError, formatFault, parseConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * try {
 *   await parseConfig("poll_interval: soon", recoverySchema);
 * } catch (error) {
 *   if (!(error instanceof ConfigError)) throw error;
 *   const text = formatFault(error.faults[0]!);
 *   if (!text.startsWith("(text):1:16 poll_interval: ")) throw new Error(text);
 * }
 * ```
 */
export function formatFault(fault: ConfigFault): string {
  const place = fault.line > 0 ? `${fault.file}:${fault.line}:${fault.column}` : fault.file;
  const path = fault.path === "" ? "" : ` ${fault.path}`;
  return `${place}${path}: ${fault.message} (got ${fault.got}, expected ${fault.expected})`;
}

/**
 * Puts a path into words.
 *
 * @param path Keys and indexes.
 * @returns Such as "layers.smoke.categories[0].name"; keys with other characters are quoted.
 */
export function formatPath(path: ConfigPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!/^[\w-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}
