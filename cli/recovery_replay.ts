import { loadConfig } from "../config/files/load_config.ts";
import { FileProblem } from "../config/files/read_config_text.ts";
import type { AnyRecoveryDocument } from "../orchestration/recovery/compile_rules.ts";
import { replayHistory } from "../orchestration/recovery/replay.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { readRecoveryKind } from "./config_kind.ts";
import { orRefuse } from "./config_refusal.ts";
import { ExitCode } from "./exit_codes.ts";
import { OUTPUT } from "./output_setting.ts";
import { oneOf, parseSwitch, parseText } from "./parse_values.ts";
import {
  checkHistory,
  type HistoryFile,
  readHistoryFile,
  unusableHistory,
} from "./recovery_history_file.ts";
import { renderReplay, renderReplayJson } from "./recovery_replay_report.ts";
import { runCommand } from "./run_command.ts";
import type { Setting } from "./settings.ts";
import { usageError } from "./usage.ts";

const POLICY: Setting<string | undefined> = {
  flags: "--policy <file>",
  env: "BATON_POLICY",
  about: "the file to decide by, such as a new recovery_policies.yaml",
  fallback: undefined,
  fallbackText: "none, it is required",
  parse: parseText,
};

const HISTORY: Setting<string | undefined> = {
  flags: "--history <file>",
  env: "BATON_HISTORY",
  about: "what recovery history -o jsonl wrote, or recovery's log file in JSON",
  fallback: undefined,
  fallbackText: "none, it is required",
  parse: parseText,
};

const DRY_RUN: Setting<"recorded" | "policy"> = {
  flags: "--dry-run <as>",
  env: "BATON_REPLAY_DRY_RUN",
  about: "recorded for a dry run where it was one, policy for what the file says",
  fallback: "recorded",
  parse: oneOf(["recorded", "policy"]),
};

const SKIP: Setting<boolean> = {
  flags: "--skip-unreadable",
  env: "BATON_REPLAY_SKIP_UNREADABLE",
  about: "replay the rest of a history of which some lines cannot be read",
  fallback: false,
  fallbackText: "it is refused",
  parse: parseSwitch,
};

const SETTINGS = {
  output: OUTPUT,
  policy: POLICY,
  history: HISTORY,
  dryRun: DRY_RUN,
  skipUnreadable: SKIP,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton recovery replay",
  purpose: "Makes recorded decisions again by another file, and shows what would have differed.",
  examples: [
    "deno task recovery history --limit 100000 -o jsonl > history.jsonl",
    "deno task recovery replay --policy new.yaml --history history.jsonl",
    "deno task recovery replay --policy new.yaml --history logs/recovery.log -o json",
  ],
  notes: `Nothing is run, and no store is opened. What a replay cannot know stands below its table.
Exit codes: 0 nothing differs, 1 something does, 2 wrong usage, or a file that cannot be used.`,
  settings: SETTINGS,
};

/** `deno task recovery replay`. */
export function recoveryReplay(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async ({ policy, history, dryRun, output, skipUnreadable }) => {
      const policyFile = required("--policy", policy);
      const historyFile = required("--history", history);
      const document = await readPolicy(policyFile);
      const file = await readHistory(historyFile, skipUnreadable);
      const report = replayHistory(file.entries, document, {
        dryRun: dryRun === "policy" ? "document" : "recorded",
      });
      io.stdout((output === "json" ? renderReplayJson : renderReplay)(report, file));
      return report.differs ? ExitCode.FAILED : ExitCode.OK;
    },
  });
}

function required(flag: string, value: string | undefined): string {
  if (value !== undefined) return value;
  const hint = "Call it as: recovery replay --policy FILE --history FILE";
  throw usageError(`${flag} is missing`, { hint });
}

async function readPolicy(path: string): Promise<AnyRecoveryDocument> {
  const { schema } = await readRecoveryKind(path, "--policy");
  const { config } = await orRefuse(() => loadConfig(path, schema));
  return config;
}

async function readHistory(path: string, skipUnreadable: boolean): Promise<HistoryFile> {
  const read = readHistoryFile(path).catch((error) => {
    if (error instanceof FileProblem) {
      throw unusableHistory(path, error.got, `Wanted: ${error.expected}`);
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw unusableHistory(path, "there is no such file");
  });
  return checkHistory(path, await read, { skipUnreadable });
}
