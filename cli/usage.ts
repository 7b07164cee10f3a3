import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/** What else a usage error tells. */
export interface UsageErrorFields {
  /**
   * What to do about it.
   *
   * @default "See --help"
   */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** @returns The error for a command that was called wrongly. */
export function usageError(message: string, fields: UsageErrorFields = {}): CliError {
  const { hint = "See --help", cause } = fields;
  return new CliError(message, { code: "USAGE", exitCode: ExitCode.USAGE, hint, cause });
}

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
    throw usageError(error.message, { cause: error });
  }
}
