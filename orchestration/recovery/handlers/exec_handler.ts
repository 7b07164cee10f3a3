import { oneLine } from "../../../config/availability/one_line.ts";
import { messageOf } from "../../../config/availability/settle_probe.ts";
import type { ExecSettings } from "../../../config/schemas/recovery_handler_kinds.ts";
import type { ActionHandler } from "../action_handler.ts";
import { actionEnv } from "./action_env.ts";
import { ActionFailedError } from "./action_failed_error.ts";
import type { FilledParts } from "./action_handler_parts.ts";
import type { StartProcessGroup } from "./process_group.ts";
import { runGroup } from "./run_group.ts";

/**
 * Makes an action that runs a program. It succeeds when the program exits with 0, and reports the
 * last of its stdout.
 */
export function execHandler(
  settings: ExecSettings,
  parts: Pick<FilledParts, "env" | "startProcessGroup">,
): ActionHandler {
  return async (context) => {
    const { action, signal, clock } = context;
    const { code, stdout, stderr } = await runGroup({
      argv: settings.argv,
      cwd: settings.cwd,
      env: actionEnv(context, { pass: settings.env, set: settings.set_env, env: parts.env }),
      graceMs: settings.grace * 1_000,
      maxOutput: settings.max_output,
      signal,
      clock,
      start: startOrFail(action, parts.startProcessGroup),
    });
    if (code === 0) return stdout.trim();
    const failure = { kind: "exit", exitCode: code, stderr: oneLine(stderr.trim()) } as const;
    throw new ActionFailedError(action, failure);
  };
}

/** @returns Starts programs, and says what is wrong when that cannot be done. */
export function startOrFail(action: string, start: StartProcessGroup): StartProcessGroup {
  return (argv, options) => {
    try {
      return start(argv, options);
    } catch (error) {
      const reason = `cannot run ${argv[0]}: ${oneLine(messageOf(error))}`;
      throw new ActionFailedError(action, { kind: "start", reason });
    }
  };
}
