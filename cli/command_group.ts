import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/** A command and everything it started, in a process group of its own. */
export interface CommandGroup {
  /** The command's process, which leads the group. */
  readonly pid: number;
  /** Resolves to the command's exit code when it ends, 128 + n for a signal. Never rejects. */
  readonly ended: Promise<number>;
  /**
   * Sends a signal to every process of the group; 0 only asks.
   *
   * @returns Whether there was anybody left.
   */
  readonly signal: (signal: Deno.Signal | 0) => boolean;
}

/**
 * Starts a command as the leader of a new process group and session, with this process's streams.
 * It keeps its terminal for reading and writing, but Ctrl-C there reaches only this process.
 *
 * @param command The program and its arguments.
 * @param env Added to the environment that it inherits.
 * @returns The running group.
 * @throws {CliError} with exit code 127 when there is no such program, 126 when it is not executable.
 */
export function startCommandGroup(
  command: readonly [program: string, ...args: string[]],
  env: Readonly<Record<string, string>>,
): CommandGroup {
  const [program, ...args] = command;
  try {
    const child = new Deno.Command(program, {
      args,
      env: { ...env },
      detached: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    return {
      pid: child.pid,
      ended: child.status.then((status) => status.code),
      signal: (signal) => signalGroup(child.pid, signal),
    };
  } catch (error) {
    throw explainSpawnError(program, error);
  }
}

function signalGroup(pid: number, signal: Deno.Signal | 0): boolean {
  // Windows has no process groups: only the command itself can be ended.
  const target = Deno.build.os === "windows" ? pid : -pid;
  try {
    Deno.kill(target, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function explainSpawnError(program: string, error: unknown): unknown {
  const fields = (code: string, exitCode: ExitCode, hint: string) => ({
    code,
    exitCode,
    hint,
    cause: error,
  });
  if (error instanceof Deno.errors.NotFound) {
    return new CliError(
      `Cannot run ${program}: there is no such program`,
      fields("COMMAND_NOT_FOUND", ExitCode.NOT_FOUND, "Check its name, or give its path"),
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new CliError(
      `Cannot run ${program}: it is not executable`,
      fields("COMMAND_NOT_EXECUTABLE", ExitCode.NOT_EXECUTABLE, `Try chmod +x ${program}`),
    );
  }
  if (error instanceof Deno.errors.NotCapable) {
    return new CliError(
      `Cannot run ${program}: running programs is not permitted`,
      fields("PERMISSION_MISSING", ExitCode.USAGE, "Add --allow-run before the script name"),
    );
  }
  return error;
}
