import {
  CorruptRecordError,
  DuplicateInstanceError,
  StoreUnavailableError,
} from "../coordination/errors.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";
import { StoppedError } from "./stop_signals.ts";

/** @returns The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError || error instanceof StoppedError) return error.exitCode;
  if (error instanceof DuplicateInstanceError) return ExitCode.USAGE;
  if (error instanceof StoreUnavailableError) return ExitCode.STORE;
  if (error instanceof CorruptRecordError) return ExitCode.STORE;
  return ExitCode.FAILED;
}
