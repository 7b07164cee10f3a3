import { type ErrorReport, reportLine, reportOf } from "./cli_error.ts";
import { type CliIo, systemIo } from "./cli_io.ts";
import { type CommandSpec, readCommandLine } from "./command_line.ts";
import { exitCodeOf } from "./exit_code_of.ts";
import { ExitCode } from "./exit_codes.ts";
import type { Settings, Values } from "./settings.ts";

/** A command: reads its arguments, does its work, and gives its exit code. Never rejects. */
export type RunCommand = (args: readonly string[], io: CliIo) => Promise<number>;

/** What a command does once its command line is read. */
export type CommandBody<S extends Settings> = (
  values: Values<S>,
  operands: readonly string[],
) => Promise<number>;

/** Options of {@link runCommand}. */
export interface RunCommandOptions<S extends Settings> {
  readonly spec: CommandSpec<S>;
  readonly args: readonly string[];
  readonly io: CliIo;
  readonly body: CommandBody<S>;
  /**
   * Tells about the error that ended the command.
   *
   * @default one line on stderr
   */
  readonly report?: (report: ErrorReport) => void;
}

const HELP_WIDTH_MAX = 100;

/**
 * Runs a command from its arguments to its exit code. Help goes to stdout; an error becomes one
 * sentence, with its stack only when `--log-level` is debug or trace.
 *
 * @param options Command, arguments and outside.
 * @returns The exit code.
 */
export async function runCommand<S extends Settings>(
  options: RunCommandOptions<S>,
): Promise<number> {
  const { spec, args, io } = options;
  const report = options.report ?? ((each) => io.stderr(reportLine(spec.name, each)));
  let verbose = false;
  try {
    const line = readCommandLine(spec, args, { env: io.env, widthColumns: helpWidth(io) });
    if (line.kind === "help") {
      io.stdout(line.text);
      return ExitCode.OK;
    }
    verbose = isVerbose(line.values);
    return await options.body(line.values, line.operands);
  } catch (error) {
    report(reportOf(error));
    if (verbose) io.stderr(`${stackOf(error)}\n`);
    return exitCodeOf(error);
  }
}

/**
 * Runs a command as this process: with its arguments and streams, to the end of the process. A
 * rejection that nobody handles is told in a line and ends it with exit code 1.
 *
 * @param name The command's name, for that line.
 * @param run The command.
 */
export async function runAsProcess(name: string, run: RunCommand): Promise<never> {
  const io = systemIo();
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    io.stderr(reportLine(name, reportOf(event.reason)));
    void io.flush().finally(() => io.exit(ExitCode.FAILED));
  });
  const code = await run(Deno.args, io);
  await io.flush();
  return io.exit(code);
}

function helpWidth(io: CliIo): number {
  return io.stdoutIsTerminal
    ? Math.min(Deno.consoleSize().columns, HELP_WIDTH_MAX)
    : HELP_WIDTH_MAX;
}

function isVerbose(values: object): boolean {
  return "logLevel" in values && (values.logLevel === "debug" || values.logLevel === "trace");
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
