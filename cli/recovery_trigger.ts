import type { RequestOutcome } from "../orchestration/recovery/await_request.ts";
import { CLUSTER_LANE } from "../orchestration/recovery/lane_keys.ts";
import { type ManualRequest, requestOf } from "../orchestration/recovery/manual_request.ts";
import type { RecoveryActionDict } from "../orchestration/recovery/recovery_action_dict.ts";
import { RecoveryResult } from "../enums/recovery_result.ts";
import { displayText } from "../config/display_text.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { jsonDocument } from "./json_document.ts";
import { OUTPUT } from "./output_setting.ts";
import { formatDuration, parseDuration } from "./parse_duration.ts";
import { parseParams } from "./parse_params.ts";
import { parseSwitch, parseText } from "./parse_values.ts";
import { whyOf } from "./recovery_entry_report.ts";
import { ACTOR } from "./recovery_pause.ts";
import { leaveRequest } from "./recovery_request.ts";
import { RECOVERY_SETTINGS, withRecoveryStore } from "./recovery_store.ts";
import { runCommand } from "./run_command.ts";
import type { Setting, Values } from "./settings.ts";
import { StopSignals } from "./stop_signals.ts";
import { usage } from "./usage.ts";

const REASON: Setting<string> = {
  flags: "--reason <text>",
  env: "BATON_REASON",
  about: "why, for the history",
  fallback: "Manual trigger",
  parse: parseText,
};

const PARAMS: Setting<Readonly<Record<string, unknown>>> = {
  flags: "--param <key=value>",
  env: "BATON_PARAMS",
  about: "what the action is given; a value that is JSON is read as such; repeatable, or a=1,b=x",
  fallback: {},
  fallbackText: "nothing",
  repeatable: true,
  parse: parseParams,
};

const FORCE: Setting<boolean> = {
  flags: "--force",
  env: "BATON_FORCE",
  about: "also in a phase in which the action may not run",
  fallback: false,
  fallbackText: "off",
  parse: parseSwitch,
};

const DEFAULT_WAIT_MS = 30_000;

const WAIT_FOR: Setting<number> = {
  flags: "--wait <duration>",
  env: "BATON_TRIGGER_WAIT",
  about: "how long to wait for what becomes of it",
  fallback: DEFAULT_WAIT_MS,
  fallbackText: formatDuration(DEFAULT_WAIT_MS),
  parse: parseDuration,
};

const SETTINGS = {
  output: OUTPUT,
  reason: REASON,
  actor: ACTOR,
  params: PARAMS,
  force: FORCE,
  waitMs: WAIT_FOR,
  ...RECOVERY_SETTINGS,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton recovery trigger",
  purpose: "Has the cluster's leader run an action now, and says what became of it.",
  examples: [
    "deno task recovery trigger restart_web --reason 'new certificate'",
    "deno task recovery trigger alert_ground --param message=hello --wait 1m",
  ],
  notes:
    `Cooldowns, freezes, pauses and storms do not hold it back; switches, limits, phases and the dry
run do. A request that nobody took in time is withdrawn.
Exit codes: 0 it succeeded, 1 it failed or was refused, 2 wrong usage, 3 the store cannot be had,
69 Deno KV is switched off, 75 nobody took it in time, 124 it was taken and has not ended in time:
it goes on. 129/130/143 after SIGHUP/SIGINT/SIGTERM; it is withdrawn if nobody has taken it.`,
  settings: SETTINGS,
  operands: ["<action>", "the action"],
  optionsAnywhere: true,
};

/** `deno task recovery trigger`. */
export function recoveryTrigger(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: (values, operands) => {
      const request = makeRequest(operands, values, io);
      return withRecoveryStore({ command: "trigger", values, io }, async ({ storage }) => {
        using stop = new StopSignals({
          clock: io.clock,
          onRepeat: ({ exitCode }) => io.exit(exitCode),
        });
        const outcome = await leaveRequest(request, {
          storage,
          lane: CLUSTER_LANE,
          waitMs: values.waitMs,
          signal: stop.signal,
          clock: io.clock,
        });
        return tell(outcome, { request, values, io, stopped: stop.stopped?.exitCode ?? null });
      });
    },
  });
}

function makeRequest(
  [actionType = ""]: readonly string[],
  { reason, actor, params, force }: Values<typeof SETTINGS>,
  io: CliIo,
): ManualRequest {
  return usage(() =>
    requestOf({ actionType, reason, actor, params, force }, {
      node: "operator",
      nowMs: io.clock.now(),
    })
  );
}

interface Telling {
  readonly request: ManualRequest;
  readonly values: Values<typeof SETTINGS>;
  readonly io: CliIo;
  /** The exit code for the signal that ended the wait; null for none. */
  readonly stopped: number | null;
}

function tell(outcome: RequestOutcome, { request, values, io, stopped }: Telling): number {
  const entry = outcome.kind === "ended" ? outcome.entry : null;
  if (values.output === "json") {
    io.stdout(jsonDocument({ request_id: request.id, outcome: outcome.kind, entry }));
  } else io.stdout(`${displayText(describe(outcome, request, values.waitMs))}\n`);
  if (entry !== null) {
    return entry.result === RecoveryResult.SUCCESS ? ExitCode.OK : ExitCode.FAILED;
  }
  if (stopped !== null) return stopped;
  return outcome.kind === "withdrawn" ? ExitCode.TRY_AGAIN : ExitCode.TIMED_OUT;
}

function describe(outcome: RequestOutcome, { action }: ManualRequest, waitMs: number): string {
  switch (outcome.kind) {
    case "ended":
      return describeEntry(outcome.entry);
    case "withdrawn":
      return `${action} was withdrawn: nobody took it within ${
        formatDuration(waitMs)
      }. Is there a ` +
        "leader with --recovery? See deno task recovery status";
    case "under_way":
      return `${action} was taken and has not ended within ${
        formatDuration(waitMs)
      }: it goes on. ` +
        "See deno task recovery history";
    default:
      return outcome satisfies never;
  }
}

function describeEntry(entry: RecoveryActionDict): string {
  const { action_type: action, result, node, duration_seconds: seconds } = entry;
  const time = entry.ended_at === null ? "" : ` after ${formatDuration(seconds * 1_000)}`;
  return `${action}: ${result}${time} on ${node}: ${whyOf(entry)}`;
}
