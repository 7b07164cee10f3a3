/**
 * `deno task recovery`: what recovery does in a cluster, for the people who answer for it.
 *
 * @module
 */

import { nearestWord } from "../config/nearest_word.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { OUTPUT } from "./output_setting.ts";
import { recoveryHistory } from "./recovery_history.ts";
import { recoveryPause, recoveryResume } from "./recovery_pause.ts";
import { recoveryReplay } from "./recovery_replay.ts";
import { recoveryStatus } from "./recovery_status.ts";
import { recoveryTrigger } from "./recovery_trigger.ts";
import { runAsProcess, type RunCommand, runCommand, withoutDashes } from "./run_command.ts";
import { usageError } from "./usage.ts";

const COMMANDS: ReadonlyMap<string, RunCommand> = new Map([
  ["status", recoveryStatus],
  ["history", recoveryHistory],
  ["trigger", recoveryTrigger],
  ["pause", recoveryPause],
  ["resume", recoveryResume],
  ["replay", recoveryReplay],
]);

const SETTINGS = { output: OUTPUT } as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton recovery",
  purpose: "Shows and steers what recovery does in a cluster.",
  examples: [
    "deno task recovery status",
    "deno task recovery history --since 1h",
    "deno task recovery trigger restart_web --reason 'new certificate'",
    "deno task recovery pause --reason 'database upgrade' --for 1h",
    "deno task recovery resume",
    "deno task recovery replay --policy new.yaml --history history.jsonl",
  ],
  notes: "Each of them has its own --help.",
  settings: SETTINGS,
  operands: ["<command...>", `${[...COMMANDS.keys()].join(", ")}, and what belongs to it`],
};

/** `deno task recovery`. */
export function recovery(args: readonly string[], io: CliIo): Promise<number> {
  const [name = "", ...rest] = withoutDashes(args);
  const command = COMMANDS.get(name);
  if (command !== undefined) return command(rest, io);
  if (args.length === 0 && io.env("BATON_OUTPUT") !== "json") return showHelp(io);
  return runCommand({ spec: SPEC, args, io, body: (_values, [word = ""]) => refuse(word) });
}

/** Who says nothing is told what there is to say, and that nothing was done. */
async function showHelp(io: CliIo): Promise<number> {
  io.stderr("Say what to do, such as: deno task recovery status\n\n");
  const toStderr = { ...io, stdout: io.stderr };
  await runCommand({
    spec: SPEC,
    args: ["--help"],
    io: toStderr,
    body: async () => await Promise.resolve(ExitCode.OK),
  });
  return ExitCode.USAGE;
}

function refuse(word: string): never {
  const known = [...COMMANDS.keys()];
  const nearest = nearestWord(word, known);
  const hint = known.includes(word)
    ? `Put it first: recovery ${word} OPTIONS`
    : nearest === undefined
    ? `There are: ${known.join(", ")}`
    : `Did you mean ${nearest}?`;
  throw usageError(`unknown command '${word}'`, { hint });
}

if (import.meta.main) await runAsProcess(SPEC.name, recovery);
