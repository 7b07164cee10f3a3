import { readConfigText } from "../config/files/read_config_text.ts";
import { isObject } from "../enums/records/field.ts";
import { isEnumValue } from "../enums/enum_values.ts";
import { RecoveryResult } from "../enums/recovery_result.ts";
import { RecoveryTrigger } from "../enums/recovery_trigger.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/** A history as a file holds it. */
export interface HistoryFile {
  /** The entries, as they stand in the file. */
  readonly entries: readonly RecoveryActionDict[];
  /** How many lines cannot be read; other events of recovery's own log do not count. */
  readonly unreadableLines: number;
  /** The numbers of the first of them, from 1. */
  readonly unreadableNumbers: readonly number[];
}

const FILE_MAX_BYTES = 512 * 1_024 * 1_024;
const NUMBERS_SHOWN = 5;

/**
 * Reads a history: an entry a line, as `recovery history -o jsonl` writes it, a log file of recovery,
 * or the document of `recovery history -o json`.
 *
 * @param path The file.
 * @returns The entries, and how many lines cannot be read.
 */
export async function readHistoryFile(path: string): Promise<HistoryFile> {
  return parseHistory(await readConfigText(path, FILE_MAX_BYTES));
}

/** @returns What a text holds; see {@link readHistoryFile}. */
export function parseHistory(text: string): HistoryFile {
  const document = parseJson(text);
  if (isObject(document) && "entries" in document && Array.isArray(document.entries)) {
    return historyOf(document.entries.map((value, index) => ({ value, number: index + 1 })));
  }
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "");
  return historyOf(lines.map(({ line, number }) => ({ value: parseJson(line), number })));
}

/**
 * Refuses a history that holds nothing, or more than can be read: what a replay said of it would not
 * be true.
 *
 * @param path The file.
 * @param file What it holds.
 * @param options Whether lines that cannot be read are left out instead.
 * @returns What it holds.
 * @throws {CliError} with exit code 2.
 */
export function checkHistory(
  path: string,
  file: HistoryFile,
  { skipUnreadable }: { readonly skipUnreadable: boolean },
): HistoryFile {
  const { entries, unreadableLines } = file;
  if (entries.length === 0) throw unusableHistory(path, "no line of it is an entry of a history");
  if (unreadableLines === 0 || skipUnreadable) return file;
  const why = `lines of it cannot be read (${unreadableLines}): ${unreadableLinesOf(file)}`;
  throw unusableHistory(path, why, "Replay the rest of it with --skip-unreadable");
}

/** @returns Which lines cannot be read, for people: the first of them. */
export function unreadableLinesOf({ unreadableLines, unreadableNumbers }: HistoryFile): string {
  return unreadableNumbers.join(", ") + (unreadableLines > unreadableNumbers.length ? ", …" : "");
}

/** @returns What to tell of a history that cannot be replayed. */
export function unusableHistory(
  path: string,
  why: string,
  hint = "Write it with: recovery history --limit 100000 -o jsonl",
): CliError {
  const message = `Cannot use ${path}: ${why}`;
  return new CliError(message, { code: "HISTORY", exitCode: ExitCode.USAGE, hint });
}

function historyOf(
  read: readonly { readonly value: unknown; readonly number: number }[],
): HistoryFile {
  const others = read.filter(({ value }) => !isEntry(value) && !isOtherEvent(value))
    .map(({ number }) => number);
  return {
    entries: read.flatMap(({ value }) => isEntry(value) ? [value] : []),
    unreadableLines: others.length,
    unreadableNumbers: others.slice(0, NUMBERS_SHOWN),
  };
}

/** Recovery's log tells of more than entries, such as of faults. */
function isOtherEvent(value: unknown): boolean {
  return isObject(value) && "event" in value && typeof value.event === "string" &&
    value.event !== "recovery_action";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TEXTS = [
  "id",
  "timestamp",
  "action_type",
  "anomaly_type",
  "chain_id",
  "lane",
  "reason",
] as const;
const NUMBERS = ["seq", "severity_score", "step", "steps", "repeats"] as const;

/** Whether a value is an entry, as far as a replay needs it: log lines carry more besides. */
function isEntry(value: unknown): value is RecoveryActionDict {
  const entry = value as RecoveryActionDict;
  return isObject(value) && TEXTS.every((name) => typeof entry[name] === "string") &&
    NUMBERS.every((name) => Number.isFinite(entry[name])) &&
    !Number.isNaN(Date.parse(entry.timestamp)) && entry.step <= entry.steps &&
    entry.steps <= 1_000 &&
    isEnumValue(RecoveryResult, entry.result) && isEnumValue(RecoveryTrigger, entry.trigger) &&
    isObject(entry.inputs) && isObject(entry.inputs.context) && isObject(entry.inputs.facts) &&
    Number.isFinite(entry.inputs.facts.at_ms);
}
