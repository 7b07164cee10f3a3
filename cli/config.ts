/**
 * `deno task config validate FILE…`: whether configuration files can be used, and what contradicts
 * itself in them.
 *
 * @module
 */

import { type EnvReader, systemEnv } from "../config/env_reader.ts";
import { ConfigError } from "../config/files/config_error.ts";
import type { ConfigFault } from "../config/files/config_fault.ts";
import { loadConfig } from "../config/files/load_config.ts";
import { MAX_BYTES_DEFAULT } from "../config/files/parse_config.ts";
import { readConfigText, type ReadText } from "../config/files/read_config_text.ts";
import type { HealthDocument } from "../config/schemas/health_document.ts";
import type { AnyRecoveryDocument } from "../orchestration/recovery/compile_rules.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { CONFIG_KINDS, type ConfigKind, detectKind, schemaOf } from "./config_kind.ts";
import {
  type ConfigFileReport,
  countErrors,
  renderConfigReports,
  renderConfigReportsJson,
} from "./config_report.ts";
import { ExitCode } from "./exit_codes.ts";
import { OUTPUT } from "./output_setting.ts";
import { oneOf } from "./parse_values.ts";
import { findUnwatched } from "./policy_warnings.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import type { Setting, Values } from "./settings.ts";
import { usageError } from "./usage.ts";

const KIND: Setting<ConfigKind | undefined> = {
  flags: "--kind <kind>",
  env: "BATON_CONFIG_KIND",
  about: CONFIG_KINDS.join(", "),
  fallback: undefined,
  fallbackText: "told by the keys of each file, else by its name",
  parse: oneOf(CONFIG_KINDS),
};

const ALLOW_ENV: Setting<readonly string[]> = {
  flags: "--allow-env <name>",
  env: "BATON_CONFIG_ALLOW_ENV",
  about: "a variable, or a prefix such as REDIS_*, that files may use beyond ORCHESTRATION_* and " +
    "BATON_*; repeatable, or separated by commas",
  fallback: [],
  fallbackText: "none",
  repeatable: true,
  parse: (text) => text.split(",").map((name) => name.trim()).filter((name) => name !== ""),
};

const SETTINGS = { output: OUTPUT, kind: KIND, allowEnv: ALLOW_ENV } as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton config",
  purpose: "Says whether configuration files can be used, with line and column of every fault.",
  examples: [
    "deno task config validate recovery.yaml",
    "deno task config validate config/*.yaml -o json",
    "deno task config validate recovery_policies.yaml health.yaml",
    "deno task config validate recovery.yaml --allow-env REDIS_*",
  ],
  notes: "Where a health file is given too, components that recovery files name must be in it.\n" +
    "Nothing is written. Variables are filled in from the environment, as a program would;\n" +
    "Deno itself must permit those of --allow-env as well.\n" +
    "Exit codes: 0 no errors, perhaps warnings, 1 errors were found, 2 wrong usage.",
  settings: SETTINGS,
  operands: ["<words...>", "validate, and the files"],
  optionsAnywhere: true,
};

/** Where the command reads files and variables. */
export interface ConfigSources {
  readonly readText: ReadText;
  readonly env: EnvReader;
}

const SYSTEM: ConfigSources = { readText: readConfigText, env: systemEnv };

/** `deno task config`. */
export function config(
  args: readonly string[],
  io: CliIo,
  sources: ConfigSources = SYSTEM,
): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (values, operands) => {
      const read: ValidatedFile[] = [];
      for (const path of filesOf(operands)) read.push(await validate(path, values, sources));
      const reports = read.map((each) => withUnwatched(each, read));
      const render = values.output === "json" ? renderConfigReportsJson : renderConfigReports;
      io.stdout(render(reports));
      return reports.some((each) => countErrors(each) > 0) ? ExitCode.FAILED : ExitCode.OK;
    },
  });
}

function filesOf([verb, ...files]: readonly string[]): readonly string[] {
  if (verb === "validate" && files.length > 0) return files;
  const message = verb === "validate" ? "no file to validate" : `unknown command '${verb}'`;
  throw usageError(message, { hint: "Call it as: config validate FILE…" });
}

/** A file, and what it says; undefined where it cannot be used. */
interface ValidatedFile {
  readonly report: ConfigFileReport;
  readonly document?: unknown;
}

async function validate(
  path: string,
  { kind: given, allowEnv }: Values<typeof SETTINGS>,
  { readText, env }: ConfigSources,
): Promise<ValidatedFile> {
  const reading = readText(path, MAX_BYTES_DEFAULT);
  const text = await reading.catch(() => "");
  const kind = given ?? detectKind(path, text);
  try {
    // The kind decides nothing about a file that cannot be read or has no document.
    const schema = schemaOf(kind ?? "recovery");
    const options = { env, allowEnv, readText: () => reading };
    const { config: document, contradictions } = await loadConfig(path, schema, options);
    if (kind === null) return { report: { file: path, kind, faults: [unknownKind(path)] } };
    return { report: { file: path, kind, faults: contradictions }, document };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const isInvalid = error.code === "CONFIG_INVALID" && kind === null;
    const faults = isInvalid ? [unknownKind(path)] : error.faults;
    return { report: { file: path, kind, faults } };
  }
}

/** Adds what a recovery file goes by and the health files beside it do not watch. */
function withUnwatched(
  { report, document }: ValidatedFile,
  all: readonly ValidatedFile[],
): ConfigFileReport {
  const { file, kind, faults } = report;
  const health = all.filter((each) => each.report.kind === "health" && each.document !== undefined);
  const isRecovery = kind === "policies" || kind === "recovery";
  if (!isRecovery || document === undefined || health.length === 0) return report;
  const components = health.flatMap((each) => watchedIn(each.document as HealthDocument));
  const around = {
    file,
    healthFile: health.map(({ report }) => report.file).join(", "),
    components,
  };
  const unwatched = findUnwatched(document as AnyRecoveryDocument, around);
  return { file, kind, faults: [...faults, ...unwatched] };
}

function watchedIn({ components }: HealthDocument): readonly string[] {
  return Object.entries(components).filter(([, { enabled }]) => enabled).map(([name]) => name);
}

function unknownKind(file: string): ConfigFault {
  return {
    file,
    line: 0,
    column: 0,
    path: "",
    severity: "error",
    message: "cannot tell what kind of file it is",
    got: "a name and keys that do not say",
    expected: `--kind ${CONFIG_KINDS.join("|")}`,
  };
}

if (import.meta.main) await runAsProcess(SPEC.name, config);
