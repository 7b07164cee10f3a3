import { Command, CommanderError, Option } from "commander";
import {
  describeSetting,
  readSettings,
  type Setting,
  type Settings,
  type Values,
} from "./settings.ts";
import { usageError } from "./usage.ts";

/** What a command is called and takes. */
export interface CommandSpec<S extends Settings> {
  /** Its name, such as "baton lock". */
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** Two or three ways to call it, each a line. */
  readonly examples: readonly string[];
  /** What else a user must know, below the options. */
  readonly notes?: string;
  /** Its settings, by the name under which the code reads them. */
  readonly settings: S;
  /** What stands after the options, such as ["<command...>", "what to run"]. */
  readonly operands?: readonly [name: string, about: string];
  /**
   * Whether options may also stand behind operands; not for a command that runs another one, whose
   * options those would be.
   *
   * @default false
   */
  readonly optionsAnywhere?: boolean;
}

/** What a command line says. */
export type CommandLine<S extends Settings> =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "run"; readonly values: Values<S>; readonly operands: readonly string[] };

/** Where a command line is read. */
export interface CommandLineOptions {
  /** @returns An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Width of the help, in columns. */
  readonly widthColumns: number;
}

/**
 * Reads a command line. Neither prints nor exits.
 *
 * @param spec The command.
 * @param args The arguments, without the program.
 * @param options Environment and width.
 * @returns The settings and operands, or the help that was asked for.
 * @throws {CliError} with exit code 2 for wrong usage.
 */
export function readCommandLine<S extends Settings>(
  spec: CommandSpec<S>,
  args: readonly string[],
  options: CommandLineOptions,
): CommandLine<S> {
  let help = "";
  const command = buildCommand(spec).configureOutput({
    writeOut: (text) => help += text,
    writeErr: () => {},
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    getOutHelpWidth: () => options.widthColumns,
    getErrHelpWidth: () => options.widthColumns,
  });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "help", text: help };
    throw explainUsage(error);
  }
  const flags = command.opts<Record<string, string | true>>();
  const values = readSettings(spec.settings, {
    flag: (setting) => flags[toOption(setting).attributeName()]?.toString(),
    env: options.env,
  });
  return { kind: "run", values, operands: command.args };
}

function buildCommand<S extends Settings>(spec: CommandSpec<S>): Command {
  const examples = spec.examples.map((each) => `  ${each}`).join("\n");
  const command = new Command(spec.name)
    .description(`${spec.purpose}\n\nExamples:\n${examples}`)
    .helpOption("-h, --help", "show this help")
    .enablePositionalOptions()
    .passThroughOptions(spec.optionsAnywhere !== true)
    .exitOverride();
  if (spec.operands) command.argument(...spec.operands);
  for (const setting of Object.values(spec.settings)) command.addOption(toOption(setting));
  if (spec.notes !== undefined) command.addHelpText("after", `\n${spec.notes}`);
  return command;
}

function toOption(setting: Setting<unknown>): Option {
  const option = new Option(setting.flags, describeSetting(setting));
  return setting.repeatable
    ? option.argParser((text: string, before?: string) =>
      before === undefined ? text : `${before},${text}`
    )
    : option;
}

function explainUsage(error: CommanderError): Error {
  const message = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return usageError(message, { cause: error });
}
