import { displayText } from "../config/display_text.ts";
import { type ConfigFault, formatFault } from "../config/files/config_fault.ts";
import type { ConfigKind } from "./config_kind.ts";
import { jsonDocument } from "./json_document.ts";

/** What was found out about one file. */
export interface ConfigFileReport {
  readonly file: string;
  /** Null when it cannot be told. */
  readonly kind: ConfigKind | null;
  /** All that is wrong with it, errors and warnings. */
  readonly faults: readonly ConfigFault[];
}

/** @returns How many errors there are in a file. */
export function countErrors({ faults }: ConfigFileReport): number {
  return faults.filter(({ severity }) => severity === "error").length;
}

/** @returns The reports for people: a line for each fault, then one for all. */
export function renderConfigReports(reports: readonly ConfigFileReport[]): string {
  const width = "warning".length;
  const lines = reports.flatMap(({ faults }) =>
    faults.map((fault) => `${fault.severity.padEnd(width)}  ${displayText(formatFault(fault))}\n`)
  );
  const errors = reports.reduce((sum, report) => sum + countErrors(report), 0);
  const others = lines.length - errors;
  const files = plural(reports.length, "file");
  const summary = `${files} checked: ${plural(errors, "error")}, ${plural(others, "warning")}\n`;
  return lines.join("") + summary;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @returns The reports for programs: one JSON document. */
export function renderConfigReportsJson(reports: readonly ConfigFileReport[]): string {
  const files = reports.map((report) => ({
    file: report.file,
    kind: report.kind,
    valid: countErrors(report) === 0,
    faults: report.faults,
  }));
  return jsonDocument({ valid: files.every(({ valid }) => valid), files });
}
