import { ConfigError } from "../config/files/config_error.ts";
import { formatFault } from "../config/files/config_fault.ts";
import { ActionsRefusedError } from "../orchestration/recovery/actions_refused_error.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/**
 * Loads what a command cannot go without; a file that cannot be used is wrong usage.
 *
 * @param load Loads it.
 * @param commandFor Makes the command that grants what is missing, from the reasons for a refusal.
 * @returns What was loaded.
 * @throws {CliError} with exit code 2 and a line for each fault, or for each action that needs a
 * permission.
 */
export async function orRefuse<T>(
  load: () => Promise<T>,
  commandFor?: (reasons: readonly string[]) => string,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw explainRefusal(error, commandFor);
  }
}

function explainRefusal(
  error: unknown,
  commandFor?: (reasons: readonly string[]) => string,
): unknown {
  if (error instanceof ConfigError) {
    return new CliError(`Cannot use ${error.file}`, {
      code: error.code,
      exitCode: ExitCode.USAGE,
      hint: "Correct what is wrong with it",
      details: error.faults.map(formatFault),
      cause: error,
    });
  }
  if (error instanceof ActionsRefusedError) {
    const reasons = error.actions.map(({ reason }) => reason);
    const lines = error.actions.map(({ action, reason }) => `${action}: ${reason}`);
    const isMissing = reasons.some((reason) => reason.includes("--allow-"));
    const command = isMissing ? commandFor?.(reasons) : undefined;
    return new CliError("Cannot do actions that are declared under handlers", {
      code: error.code,
      exitCode: ExitCode.USAGE,
      hint: isMissing
        ? "Start it with what is missing: deno task permits no programs"
        : "Give what is missing, or take these handlers out",
      details: command === undefined ? lines : [...lines, command],
      cause: error,
    });
  }
  return error;
}
