import { displayText } from "../config/display_text.ts";
import {
  addPause,
  type RecoveryPauseDict,
  removePauses,
} from "../orchestration/recovery/recovery_pause.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { jsonDocument } from "./json_document.ts";
import { OUTPUT } from "./output_setting.ts";
import { parseDuration } from "./parse_duration.ts";
import { parseText } from "./parse_values.ts";
import { RECOVERY_SETTINGS, withRecoveryStore } from "./recovery_store.ts";
import { runCommand } from "./run_command.ts";
import type { Setting } from "./settings.ts";
import { usage, usageError } from "./usage.ts";

/** Who asks, for the history: whose account it is cannot be read without a further permission. */
export const ACTOR: Setting<string> = {
  flags: "--actor <name>",
  env: "BATON_ACTOR",
  about: "who asks, for the history",
  fallback: "operator",
  parse: parseText,
};

const REASON: Setting<string | undefined> = {
  flags: "--reason <text>",
  env: "BATON_REASON",
  about: "why: everybody who looks sees it",
  fallback: undefined,
  fallbackText: "none, it is required",
  parse: parseText,
};

const FOR: Setting<number | undefined> = {
  flags: "--for <duration>",
  env: "BATON_PAUSE_FOR",
  about: "after how long the pause ends by itself, such as 1h",
  fallback: undefined,
  fallbackText: "never, until somebody resumes",
  parse: parseDuration,
};

const PAUSE_SETTINGS = {
  output: OUTPUT,
  reason: REASON,
  forMs: FOR,
  actor: ACTOR,
  ...RECOVERY_SETTINGS,
} as const;

const PAUSE: CommandSpec<typeof PAUSE_SETTINGS> = {
  name: "baton recovery pause",
  purpose: "Keeps recovery from doing anything by itself, in the whole cluster.",
  examples: ["deno task recovery pause --reason 'database upgrade' --for 1h --actor ada"],
  notes: `Actions that run already come to their end; what people trigger runs all the same. Several
pauses can hold at once: recovery goes on when all of them have ended.
Exit codes: 0, 2 wrong usage, 3 the store cannot be had, 69 Deno KV is switched off.`,
  settings: PAUSE_SETTINGS,
};

/** `deno task recovery pause`. */
export function recoveryPause(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: PAUSE,
    args,
    io,
    body: (values) => {
      const { reason, actor, forMs, output } = values;
      if (reason === undefined) {
        const hint = "Say why, so that others know whether they may resume";
        throw usageError("--reason is missing", { hint });
      }
      const options = { reason, actor, ...forMs === undefined ? {} : { expiresInMs: forMs } };
      return withRecoveryStore({ command: "pause", values, io }, async ({ storage }) => {
        const pause = await addPause(storage, options, io.clock.now()).catch((error) =>
          usage(() => {
            throw error;
          })
        );
        io.stdout(
          output === "json"
            ? jsonDocument({ pause })
            : `Paused ${until(pause)}; end it with: deno task recovery resume ${pause.id}\n`,
        );
        return ExitCode.OK;
      });
    },
  });
}

const RESUME_SETTINGS = { output: OUTPUT, ...RECOVERY_SETTINGS } as const;

const RESUME: CommandSpec<typeof RESUME_SETTINGS> = {
  name: "baton recovery resume",
  purpose: "Ends pauses: one by its id, or all of them.",
  examples: [
    "deno task recovery resume",
    "deno task recovery resume 0f8b2c1e-5c2d-4b55-9a06-9f3a3d6f2f11",
  ],
  notes:
    "Exit codes: 0, 1 there is no pause of that id, 2 wrong usage, 3 the store cannot be had,\n" +
    "69 Deno KV is switched off.",
  settings: RESUME_SETTINGS,
  operands: ["[id]", "the pause; all of them without it"],
  optionsAnywhere: true,
};

/** `deno task recovery resume`. */
export function recoveryResume(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: RESUME,
    args,
    io,
    body: (values, [id]) =>
      withRecoveryStore({ command: "resume", values, io }, async ({ storage }) => {
        const ended = await removePauses(storage, id);
        io.stdout(values.output === "json" ? jsonDocument({ ended }) : describeEnded(ended, id));
        return id !== undefined && ended.length === 0 ? ExitCode.FAILED : ExitCode.OK;
      }),
  });
}

function describeEnded(ended: readonly RecoveryPauseDict[], id: string | undefined): string {
  if (ended.length > 0) {
    return ended.map(({ reason, actor }) => `Ended: ${displayText(`${reason} (${actor})`)}\n`)
      .join("");
  }
  return id === undefined ? "There was no pause\n" : `There is no pause ${displayText(id)}\n`;
}

function until(pause: RecoveryPauseDict): string {
  return pause.until === null ? "until somebody resumes" : `until ${pause.until}`;
}
