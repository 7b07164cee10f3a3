import { displayText } from "../config/display_text.ts";
import type {
  ReplayedDecisionDict,
  ReplayReport,
} from "../orchestration/recovery/replay_report.ts";
import { jsonDocument } from "./json_document.ts";
import { shortTime } from "./recovery_entry_report.ts";
import { type HistoryFile, unreadableLinesOf } from "./recovery_history_file.ts";
import { shorten } from "./shorten.ts";
import { renderTable } from "./table.ts";

const WHY_MAX_CHARS = 80;
const ROWS_MAX = 1_000;

/** @returns What differs, for people: a table, then a line that sums up, then what is not known. */
export function renderReplay(report: ReplayReport, file: HistoryFile): string {
  const others = report.decisions.filter(({ change }) => change !== "same");
  const header = ["TIME", "CAUSE", "STEP", "ACTION", "WAS", "IS", "WHY"];
  const hidden = others.length - ROWS_MAX;
  return [
    others.length === 0 ? "" : renderTable(header, others.slice(0, ROWS_MAX).map(rowOf)),
    hidden > 0 ? `and ${hidden} more: see -o json\n` : "",
    others.length === 0 ? "" : "\n",
    `${summaryOf(report, file)}\n`,
    ...report.limits.map((limit) => `  ${displayText(limit)}\n`),
  ].join("");
}

function rowOf(decision: ReplayedDecisionDict): readonly string[] {
  const { timestamp, anomaly_type: cause, step, replayed_step: now, assumed } = decision;
  const steps = step === now ? `${step ?? "-"}` : `${step ?? "-"} → ${now ?? "-"}`;
  return [
    shortTime(timestamp),
    cause,
    steps,
    decision.action_type === "" ? "-" : decision.action_type,
    decision.id === null ? "no such step" : words(decision.recorded),
    `${words(decision.replayed)}${assumed ? " (assumed)" : ""}`,
    shorten(whyOf(decision), WHY_MAX_CHARS),
  ];
}

/** Why it is so now; where it runs now, what had kept it from that. */
function whyOf(
  { replayed, replayed_reason: now, recorded_reason: then }: ReplayedDecisionDict,
): string {
  if (now !== null) return now;
  return replayed === "run" && then !== null ? `was: ${then}` : "-";
}

function words(outcome: string): string {
  return outcome === "not_asked" ? "not asked" : outcome;
}

function summaryOf({ counts, decisions }: ReplayReport, file: HistoryFile): string {
  const { replayed, same, changed, added, gone, unknown, assumed } = counts;
  const parts = [
    `${same} the same`,
    `${changed} changed`,
    `${added} added`,
    `${gone} gone`,
    ...unknown > 0 ? [`${unknown} that cannot be told`] : [],
    ...assumed > 0 ? [`${assumed} of all these assumed`] : [],
  ];
  const repeats = decisions.reduce((sum, each) => sum + each.repeats, 0);
  const counted = repeats === 0 ? "" : `; ${repeats} repeated refusals only counted, not replayed`;
  const summary = `${replayed} decisions replayed: ${parts.join(", ")}${counted}`;
  if (file.unreadableLines === 0) return summary;
  return `${summary}\n${file.unreadableLines} lines of the history cannot be read: ${
    unreadableLinesOf(file)
  }`;
}

/** @returns All of it, for programs: one JSON document. */
export function renderReplayJson(report: ReplayReport, file: HistoryFile): string {
  return jsonDocument({ ...report, lines_ignored: file.unreadableLines });
}
