import { CLUSTER_LANE } from "../orchestration/recovery/lane_keys.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { jsonDocument, jsonLine } from "./json_document.ts";
import { readLatest } from "./latest_entries.ts";
import { OUTPUT } from "./output_setting.ts";
import { parseDuration } from "./parse_duration.ts";
import { oneOf, parseCount } from "./parse_values.ts";
import { renderEntries } from "./recovery_entry_report.ts";
import { listLanes } from "./recovery_overview.ts";
import { RECOVERY_SETTINGS, withRecoveryStore } from "./recovery_store.ts";
import { runCommand } from "./run_command.ts";
import type { Setting, Values } from "./settings.ts";
import { terminalColumns } from "./terminal_columns.ts";

const HISTORY_OUTPUT: Setting<"table" | "json" | "jsonl"> = {
  ...OUTPUT,
  about:
    "table for people, json for exactly one JSON document, also for errors, jsonl for an entry " +
    "a line, which recovery replay reads",
  parse: oneOf(["table", "json", "jsonl"]),
};

const LIMIT: Setting<number> = {
  flags: "--limit <count>",
  env: "BATON_HISTORY_LIMIT",
  about: "how many entries at most, the latest ones",
  fallback: 20,
  parse: parseCount,
};

const SINCE: Setting<number | undefined> = {
  flags: "--since <duration>",
  env: "BATON_HISTORY_SINCE",
  about: "only entries that are no older, such as 1h, or were repeated since",
  fallback: undefined,
  fallbackText: "all that are kept",
  parse: parseDuration,
};

const LANE: Setting<string> = {
  flags: "--lane <lane>",
  env: "BATON_LANE",
  about: "cluster for what the leader did, node:ID for what a node did for itself, or all",
  fallback: "all",
  parse: (text) => {
    if (text === "all" || text === CLUSTER_LANE || /^node:./.test(text)) return text;
    throw new RangeError(`expected cluster, node:ID or all, got "${text}"`);
  },
};

const SETTINGS = {
  output: HISTORY_OUTPUT,
  limit: LIMIT,
  since: SINCE,
  lane: LANE,
  ...RECOVERY_SETTINGS,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton recovery history",
  purpose: "Shows what recovery decided, what became of it, and why.",
  examples: [
    "deno task recovery history --since 1h",
    "deno task recovery history --lane cluster -o json",
    "deno task recovery history --limit 100000 -o jsonl > history.jsonl",
  ],
  notes: `A refusal that repeats the one before it only counts: ×3 stands for three of them,
and LAST says when the last one was. Entries are in the order of that.
Exit codes: 0, 2 wrong usage, 3 the store cannot be read, 69 Deno KV is switched off.`,
  settings: SETTINGS,
};

/** `deno task recovery history`. */
export function recoveryHistory(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: (values) =>
      withRecoveryStore({ command: "history", values, io }, async ({ storage }) => {
        const entries = await entriesOf(storage, values, io.clock.now());
        io.stdout(RENDER[values.output](entries, terminalColumns(io)));
        return ExitCode.OK;
      }),
  });
}

async function entriesOf(
  storage: RecoveryStorage,
  { lane, limit, since }: Values<typeof SETTINGS>,
  nowMs: number,
): Promise<readonly RecoveryActionDict[]> {
  const lanes = lane === "all" ? await listLanes(storage) : [lane];
  const sinceMs = since === undefined ? {} : { sinceMs: nowMs - since };
  return await readLatest(storage, lanes, { limit, ...sinceMs });
}

const RENDER: Readonly<
  Record<
    "table" | "json" | "jsonl",
    (entries: readonly RecoveryActionDict[], columns: number | null) => string
  >
> = {
  table: (entries, columns) =>
    entries.length === 0 ? "No entries\n" : renderEntries(entries, columns),
  json: (entries) => jsonDocument({ entries }),
  jsonl: (entries) => entries.map(jsonLine).join(""),
};
