import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import { displayWidth } from "./display_width.ts";
import { formatSeconds } from "./format_seconds.ts";
import { shorten } from "./shorten.ts";
import { renderTable } from "./table.ts";
import { wrapText } from "./wrap_text.ts";

const CAUSE_MAX_CHARS = 40;
const WHY_MIN_COLUMNS = 24;
const GAP_COLUMNS = 2;

/**
 * Shows entries of a history as a table.
 *
 * @param entries The entries, in the order in which they are shown.
 * @param columns How wide a terminal is: what is longer goes on in the next line; null for no limit.
 * @returns The table.
 */
export function renderEntries(
  entries: readonly RecoveryActionDict[],
  columns: number | null = null,
): string {
  const hasRepeats = entries.some(({ last_repeated_at: last }) => last !== null);
  const header = [
    "TIME",
    ...hasRepeats ? ["LAST"] : [],
    "LANE",
    "ACTION",
    "CAUSE",
    "STEP",
    "RESULT",
  ];
  const rows = entries.map((entry) => entryRow(entry, hasRepeats));
  const whyColumns = columns === null ? Infinity : columns - widthOf(header, rows);
  const width = Math.max(WHY_MIN_COLUMNS, whyColumns);
  const blank = header.map(() => "");
  const lines = entries.flatMap((entry, index) =>
    wrapText(whyOf(entry), width).map((why, at) => [...at === 0 ? rows[index]! : blank, why])
  );
  return renderTable([...header, "WHY"], lines);
}

/** @returns How many columns the cells before the last one take, with the gap after them. */
function widthOf(header: readonly string[], rows: readonly (readonly string[])[]): number {
  const longest = (column: number) =>
    Math.max(...[header, ...rows].map((cells) => displayWidth(cells[column] ?? "")));
  return header.reduce((sum, _, column) => sum + longest(column) + GAP_COLUMNS, 0);
}

function entryRow(entry: RecoveryActionDict, hasRepeats: boolean): readonly string[] {
  const { timestamp, lane, action_type: action, anomaly_type: cause, step, steps } = entry;
  const { last_repeated_at: last } = entry;
  return [
    shortTime(timestamp),
    ...hasRepeats ? [last === null ? "-" : shortTime(last)] : [],
    lane,
    action === "" ? "-" : action,
    shorten(cause, CAUSE_MAX_CHARS),
    steps === 0 ? "-" : `${step}/${steps}`,
    resultOf(entry),
  ];
}

/** @returns A moment of a history without its milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}

/** More than one attempt is worth a look: a leader may have died in the first. */
function resultOf({ result, repeats, attempts, term }: RecoveryActionDict): string {
  const by = term === null ? "" : `, term ${term}`;
  const tried = attempts > 1 ? ` (${attempts} attempts${by})` : "";
  return `${result}${repeats === 0 ? "" : ` ×${repeats + 1}`}${tried}`;
}

/**
 * Says why an action did not run or failed; what it did when it succeeded.
 *
 * @param entry What became of it.
 * @returns A text on one line.
 */
export function whyOf(entry: RecoveryActionDict): string {
  const { error, reason, report, verified, actor } = entry;
  const by = actor === null ? "" : ` (${actor})`;
  const seen = verified ? ", seen to help" : "";
  const text = error ?? `${reason}${by}${seen}${report ? `: ${report}` : ""}`;
  return text
    .replace(/\s*[\r\n]\s*/g, " ").trim()
    .replace(
      /(not again for )(\d+) s\b/,
      (_, what, seconds) => what + formatSeconds(Number(seconds)),
    );
}
