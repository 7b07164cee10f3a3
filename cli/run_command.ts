import { renderErrorJson, reportOf } from "./cli_error.ts";
import { type CliIo, systemIo } from "./cli_io.ts";
import { type CommandSpec, readCommandLine } from "./command_line.ts";
import { exitCodeOf } from "./exit_code_of.ts";
import { ExitCode } from "./exit_codes.ts";
import { asksForJson, OUTPUT, type RawCommandLine } from "./output_setting.ts";
import type { Settings, Values } from "./settings.ts";
import { LOG_FORMAT, type LogFormat } from "./shared_settings.ts";
import { tellReport } from "./tell_report.ts";

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
}

const HELP_WIDTH_MAX = 100;
const DETAILS_HINT = "Run it again with --log-level debug for the details";

/**
 * Runs a command from its arguments to its exit code. Help goes to stdout; an error becomes one
 * sentence, a JSON document where the command's output is to be JSON, or a line of its log where that
 * is; its stack is told only when `--log-level` is debug or trace.
 *
 * @param options Command, arguments and outside.
 * @returns The exit code.
 */
export async function runCommand<S extends Settings>(
  options: RunCommandOptions<S>,
): Promise<number> {
  const { spec, io } = options;
  // `deno task NAME -- OPTIONS` hands the dashes on; before operands they have a meaning.
  const args = spec.operands === undefined ? withoutDashes(options.args) : options.args;
  let values: Values<S> | undefined;
  try {
    const line = readCommandLine(spec, args, { env: io.env, widthColumns: helpWidth(io) });
    if (line.kind === "help") {
      io.stdout(line.text);
      return ExitCode.OK;
    }
    values = line.values;
    return await options.body(values, line.operands);
  } catch (error) {
    reportError(error, { ...options, args }, values ?? {});
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
    const settings = { logFormat: LOG_FORMAT };
    const format = logFormatOf({ args: Deno.args, env: io.env, settings });
    tellReport(reportOf(event.reason), { name, format, io });
    void io.flush().finally(() => io.exit(ExitCode.FAILED));
  });
  const code = await run(Deno.args, io);
  await io.flush();
  return io.exit(code);
}

/** @returns Arguments without the two dashes that they may begin with. */
export function withoutDashes(args: readonly string[]): readonly string[] {
  return args[0] === "--" ? args.slice(1) : args;
}

function reportError<S extends Settings>(
  error: unknown,
  { spec, args, io }: RunCommandOptions<S>,
  values: object,
): void {
  const { name, settings } = spec;
  const line = { args, env: io.env, settings };
  const verbose = isVerbose(values);
  const report = reportOf(error, "logLevel" in settings && !verbose ? DETAILS_HINT : null);
  const stack = verbose ? stackOf(error) : undefined;
  // What stands behind operands may be another command's: a line that was read knows better.
  const format = "logFormat" in values ? values.logFormat as LogFormat : logFormatOf(line);
  if (!asksForJson(OUTPUT, line)) return tellReport(report, { name, format, stack, io });
  io.stdout(renderErrorJson(report));
  if (stack !== undefined && format === "json") tellReport(report, { name, format, stack, io });
  else if (stack !== undefined) io.stderr(`${stack}\n`);
}

function logFormatOf(line: RawCommandLine): LogFormat {
  return asksForJson(LOG_FORMAT, line) ? "json" : "pretty";
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
