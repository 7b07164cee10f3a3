import { composeDocument } from "../config/files/compose_document.ts";
import { ConfigError } from "../config/files/config_error.ts";
import type { ConfigSchema } from "../config/files/config_schema.ts";
import { FaultList } from "../config/files/fault_list.ts";
import { MAX_BYTES_DEFAULT } from "../config/files/parse_config.ts";
import { readConfigText } from "../config/files/read_config_text.ts";
import { healthSchema } from "../config/schemas/health.ts";
import { testLayersSchema } from "../config/schemas/test_layers.ts";
import {
  checkedPoliciesSchema,
  checkedRecoverySchema,
} from "../orchestration/recovery/checked_schemas.ts";
import type { AnyRecoveryDocument } from "../orchestration/recovery/compile_rules.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";

/** The kinds of configuration files that the commands know. */
export const CONFIG_KINDS = ["recovery", "policies", "layers", "health"] as const;

/** A kind of configuration file. */
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** A kind of file that recovery goes by. */
export interface RecoveryKind {
  /** Its name. */
  readonly kind: "policies" | "recovery";
  /** What such a file must look like. */
  readonly schema: ConfigSchema<AnyRecoveryDocument>;
}

const SCHEMAS: Readonly<Record<ConfigKind, ConfigSchema<unknown>>> = {
  recovery: checkedRecoverySchema,
  policies: checkedPoliciesSchema,
  layers: testLayersSchema,
  health: healthSchema,
};

/** @returns The schema of a kind of file. */
export function schemaOf(kind: ConfigKind): ConfigSchema<unknown> {
  return SCHEMAS[kind];
}

/** Keys at the root that only one kind of file has, and then words in the names of files. */
const SIGNS: readonly { kind: ConfigKind; keys: readonly string[]; inName: RegExp }[] = [
  { kind: "layers", keys: ["layers", "execution_config"], inName: /layer/i },
  { kind: "policies", keys: ["recovery_policies", "dry_run_mode"], inName: /polic/i },
  { kind: "recovery", keys: ["redis", "services"], inName: /recovery/i },
  { kind: "health", keys: ["components"], inName: /health/i },
];

/**
 * Tells the kind of a file: by a key at its root that only one kind has, else by its name.
 *
 * @param path The file.
 * @param text What it holds.
 * @returns The kind; null when neither tells.
 */
export function detectKind(path: string, text: string): ConfigKind | null {
  const keys = rootKeys(text);
  const name = path.split("/").at(-1) ?? path;
  const sign = SIGNS.find((each) => each.keys.some((key) => keys.includes(key))) ??
    SIGNS.find(({ inName }) => inName.test(name));
  return sign?.kind ?? null;
}

/**
 * Reads which of its two kinds of files recovery is to go by.
 *
 * @param path The file.
 * @param flag The flag that names the file, for the message.
 * @returns The kind.
 * @throws {CliError} with exit code 2 when it is neither.
 */
export async function readRecoveryKind(path: string, flag: string): Promise<RecoveryKind> {
  const text = await readConfigText(path, MAX_BYTES_DEFAULT).catch(() => null);
  return recoveryKindOf(path, text, flag);
}

/**
 * Tells which of its two kinds of files recovery is to go by.
 *
 * @param path The file.
 * @param text What it holds; null when it cannot be read, which its loading will say.
 * @param flag The flag that names the file, for the message.
 * @returns The kind.
 * @throws {CliError} with exit code 2 when it is neither.
 */
export function recoveryKindOf(path: string, text: string | null, flag: string): RecoveryKind {
  const kind = detectKind(path, text ?? "") ?? (text === null ? "policies" : null);
  if (kind === "policies") return { kind, schema: checkedPoliciesSchema };
  if (kind === "recovery") return { kind, schema: checkedRecoverySchema };
  const found = kind === null ? "its kind cannot be told" : `it is of the kind ${kind}`;
  throw new CliError(`Cannot use ${path} for ${flag}: ${found}`, {
    code: "CONFIG_KIND",
    exitCode: ExitCode.USAGE,
    hint: "It must have recovery_policies at its root, or polic or recovery in its name",
  });
}

function rootKeys(text: string): readonly string[] {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return [...composeDocument(content, new FaultList("", content)).entries.keys()];
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}
