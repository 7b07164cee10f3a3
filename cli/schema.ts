/**
 * `deno task schema KIND`: prints the JSON Schema of a configuration file, for editors.
 *
 * @module
 */

import type { CliIo } from "./cli_io.ts";
import type { CommandSpec } from "./command_line.ts";
import { CONFIG_KINDS, schemaOf } from "./config_kind.ts";
import { ExitCode } from "./exit_codes.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import { usageError } from "./usage.ts";

const SPEC: CommandSpec<Record<never, never>> = {
  name: "baton schema",
  purpose: "Prints the JSON Schema (draft-7) of a kind of configuration file.",
  examples: [
    "deno task schema recovery",
    "deno task --quiet schema layers > test_layers.schema.json",
  ],
  notes: "Editors with the YAML language server use it by a first line in the file such as\n" +
    "# yaml-language-server: $schema=./test_layers.schema.json\n" +
    "It lets ${VARIABLES} stand for values of every type.\n" +
    "Exit codes: 0 printed, 2 wrong usage.",
  settings: {},
  operands: ["<kind>", CONFIG_KINDS.join(", ")],
  optionsAnywhere: true,
};

/** `deno task schema`. */
export function schema(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (_values, [word]) => {
      const kind = CONFIG_KINDS.find((each) => each === word);
      if (kind === undefined) {
        throw usageError(`expected ${CONFIG_KINDS.join(", ")}, got "${word}"`);
      }
      io.stdout(`${JSON.stringify(await schemaOf(kind).jsonSchema(), null, 2)}\n`);
      return ExitCode.OK;
    },
  });
}

if (import.meta.main) await runAsProcess(SPEC.name, schema);
