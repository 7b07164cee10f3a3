import { composeDocument } from "../config/files/compose_document.ts";
import { ConfigError } from "../config/files/config_error.ts";
import type { ConfigSchema } from "../config/files/config_schema.ts";
import { FaultList } from "../config/files/fault_list.ts";
import { healthSchema } from "../config/schemas/health.ts";
import { recoverySchema } from "../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../config/schemas/recovery_policies.ts";
import { testLayersSchema } from "../config/schemas/test_layers.ts";

/** The kinds of configuration files that the commands know. */
export const CONFIG_KINDS = ["recovery", "policies", "layers", "health"] as const;

/** A kind of configuration file. */
export type ConfigKind = (typeof CONFIG_KINDS)[number];

const SCHEMAS: Readonly<Record<ConfigKind, ConfigSchema<unknown>>> = {
  recovery: recoverySchema,
  policies: recoveryPoliciesSchema,
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

function rootKeys(text: string): readonly string[] {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return [...composeDocument(content, new FaultList("", content)).entries.keys()];
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}
