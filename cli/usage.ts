import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/**
 * Makes something out of what the user set; a value that the library refuses is wrong usage.
 *
 * @param make Makes it.
 * @returns What was made.
 * @throws {CliError} with exit code 2 for a TypeError or RangeError.
 */
export function usage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new CliError(error.message, {
      code: "USAGE",
      exitCode: ExitCode.USAGE,
      hint: "See --help",
      cause: error,
    });
  }
}
