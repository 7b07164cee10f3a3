/**
 * `deno task availability`: which features can be used here, and why the others cannot.
 *
 * @module
 */

import { UnknownFeatureError } from "../config/availability/availability_errors.ts";
import { checkFeatureNames } from "../config/availability/check_feature_names.ts";
import { OrchestrationConfig } from "../config/availability/orchestration_config.ts";
import { findMissing, renderAvailability, renderAvailabilityJson } from "./availability_report.ts";
import { CliError } from "./cli_error.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { configureLogging } from "./logging.ts";
import { OUTPUT } from "./output_setting.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import type { Setting } from "./settings.ts";
import { LOG_FORMAT, logLevel } from "./shared_settings.ts";

const REQUIRE: Setting<readonly string[]> = {
  flags: "--require <names>",
  env: "BATON_REQUIRE",
  about: "features that must be available for exit code 0; repeat it, or separate by commas",
  fallback: [],
  fallbackText: "none",
  repeatable: true,
  parse: parseNames,
};

const SETTINGS = {
  output: OUTPUT,
  require: REQUIRE,
  logLevel: logLevel("error"),
  logFormat: LOG_FORMAT,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton availability",
  purpose: "Shows which features can be used here, and why the others cannot.",
  examples: [
    "deno task availability",
    "deno task availability --require docker",
    "ORCHESTRATION_DOCKER_AVAILABLE=no deno task availability -o json",
  ],
  notes: "Set ORCHESTRATION_<FEATURE>_AVAILABLE to override what was found.\n" +
    "Exit codes: 0 all required features are available, 1 some are not, 2 wrong usage.",
  settings: SETTINGS,
};

/** `deno task availability`. */
export function availability(
  args: readonly string[],
  io: CliIo,
  config: OrchestrationConfig = new OrchestrationConfig({ clock: io.clock }),
): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (values) => {
      configureLogging({ level: values.logLevel, format: values.logFormat }, io);
      checkRequired(values.require, config);
      // Also what an override decides: the report tells what the override masks.
      await config.ready();
      const status = await config.explainAll();
      const render = values.output === "json" ? renderAvailabilityJson : renderAvailability;
      io.stdout(render(status, values.require));
      return findMissing(status, values.require).length === 0 ? ExitCode.OK : ExitCode.FAILED;
    },
  });
}

function checkRequired(names: readonly string[], config: OrchestrationConfig): void {
  try {
    checkFeatureNames(names, config.featureNames);
  } catch (error) {
    if (!(error instanceof UnknownFeatureError)) throw error;
    throw new CliError(`--require: ${error.message}`, {
      code: error.code,
      exitCode: ExitCode.USAGE,
      hint: "See --help",
      cause: error,
    });
  }
}

function parseNames(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new RangeError(`expected names of features, got "${text}"`);
  return [...new Set(names)];
}

if (import.meta.main) await runAsProcess(SPEC.name, availability);
