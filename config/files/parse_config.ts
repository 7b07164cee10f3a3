import { type EnvReader, systemEnv } from "../env_reader.ts";
import { concede } from "./concessions.ts";
import type { ConfigFault } from "./config_fault.ts";
import { type MapNode, nodeAt } from "./config_node.ts";
import type { ConfigSchema, SchemaOutcome } from "./config_schema.ts";
import { deepFreeze } from "./deep_freeze.ts";
import { describeFault } from "./describe_fault.ts";
import { FaultList } from "./fault_list.ts";
import { type FilledDocument, fillInDocument } from "./fill_in_document.ts";
import type { SchemaFault } from "./schema_fault.ts";

/** How many bytes of UTF-8 a file may have, where the options do not say. */
export const MAX_BYTES_DEFAULT = 1_048_576;

/** Options of {@link parseConfig}. */
export interface ParseConfigOptions {
  /**
   * What messages call the text.
   *
   * @default "(text)"
   */
  readonly file?: string;
  /**
   * Where variables are read.
   *
   * @default systemEnv
   */
  readonly env?: EnvReader;
  /**
   * Variables that the text may use beyond `ORCHESTRATION_*` and `BATON_*`: names, or prefixes such
   * as "REDIS_*".
   *
   * @default none
   */
  readonly allowEnv?: readonly string[];
  /**
   * How many bytes of UTF-8 the text may have.
   *
   * @default 1 MiB
   */
  readonly maxBytes?: number;
}

/** A configuration that can be used. */
export interface LoadedConfig<T> {
  /** The document, with defaults; frozen, with everything in it. */
  readonly config: T;
  /** The file; null when the defaults are in force because there is none. */
  readonly source: string | null;
  /** Where the document contradicts itself, each with its severity; it can be used all the same. */
  readonly contradictions: readonly ConfigFault[];
}

/**
 * Reads a configuration out of a text: YAML 1.2, and therefore JSON.
 *
 * `${NAME}` and `${NAME:default}` in values are filled in from the environment, once; `$${` is a
 * literal `${`. Refused, each with line and column: duplicate keys, keys that are no texts,
 * `__proto__`, tags, merge keys, several documents, numbers that are not finite, aliases that stand
 * for too much, and whatever the schema refuses.
 *
 * @param text The text.
 * @param schema What it must look like.
 * @param options What the text is called, and which variables it may use.
 * @returns The configuration.
 * @throws {ConfigError} when it cannot be used, with everything that is wrong with it.
 * @throws {RangeError} when `maxBytes` is no whole number above 0.
 *
 * @example A variable with a default
 * ```ts
 * import { fixedEnv, parseConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * const text = "enabled: on\npoll_interval: ${BATON_POLL:15}";
 * const { config } = await parseConfig(text, recoverySchema, { env: fixedEnv({}) });
 * if (!config.enabled || config.poll_interval !== 15) throw new Error("read wrongly");
 * ```
 */
export async function parseConfig<T>(
  text: string,
  schema: ConfigSchema<T>,
  options: ParseConfigOptions = {},
): Promise<LoadedConfig<T>> {
  const { file = "(text)", env = systemEnv, allowEnv = [] } = options;
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const faults = new FaultList(file, content);
  checkSize(content, maxBytesOf(options), faults);
  // The parser of YAML is loaded when there is something to parse, not with the package.
  const { composeDocument } = await import("./compose_document.ts");
  const root = composeDocument(content, faults);
  const code = faults.count > 0 ? "CONFIG_SYNTAX" : "CONFIG_INVALID";
  const document = fillInDocument(root, { env, allowEnv }, faults);
  const outcome = await readBySchema(schema, root, document);
  const found = outcome.kind === "valid" ? outcome.contradictions : outcome.faults;
  const contradictions = new FaultList(file, content);
  const isRefused = outcome.kind === "invalid" || faults.count > 0;
  placeAll(found, { root, document }, isRefused ? faults : contradictions);
  if (isRefused) throw faults.toError(code);
  return deepFreeze({
    config: outcome.value,
    source: options.file ?? null,
    contradictions: contradictions.toArray(),
  });
}

/**
 * Checks the limit of a file's size.
 *
 * @param options Where it may be set.
 * @returns It, in bytes.
 * @throws {RangeError} when it is no whole number above 0.
 */
export function maxBytesOf({ maxBytes = MAX_BYTES_DEFAULT }: ParseConfigOptions): number {
  if (Number.isSafeInteger(maxBytes) && maxBytes > 0) return maxBytes;
  throw new RangeError(`maxBytes must be a whole number above 0, got ${maxBytes}`);
}

function checkSize(text: string, maxBytes: number, faults: FaultList): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxBytes) return;
  faults.add({
    at: null,
    path: [],
    message: "too large",
    got: `${bytes} bytes`,
    expected: `at most ${maxBytes}`,
  });
  throw faults.toError("CONFIG_TOO_LARGE");
}

/** Twice at most: what was read again can bring up a fault that it hid. */
const READINGS_MAX = 3;

async function readBySchema<T>(
  schema: ConfigSchema<T>,
  root: MapNode,
  document: FilledDocument,
): Promise<SchemaOutcome<T>> {
  let outcome = await schema.parse(document.value);
  for (let reading = 1; reading < READINGS_MAX && outcome.kind === "invalid"; reading++) {
    if (!concede(outcome.faults, root, document)) break;
    outcome = await schema.parse(document.value);
  }
  return outcome;
}

/** A document in the text and as values. */
interface ReadDocument {
  readonly root: MapNode;
  readonly document: FilledDocument;
}

/** Places faults, but not at values that could not even be read: of those enough is said. */
function placeAll(found: readonly SchemaFault[], read: ReadDocument, faults: FaultList): void {
  const rest = found.filter(({ path, isAboutKey }) => isAboutKey || !faults.has(path));
  for (const each of rest) place(each, read, faults);
}

function place(fault: SchemaFault, { root, document }: ReadDocument, faults: FaultList): void {
  const { path, severity } = fault;
  const { node, nearest, keyAt } = nodeAt(root, path);
  const isEmpty = node === null || (node.kind === "scalar" && node.value === null);
  faults.add({
    at: (fault.isAboutKey || isEmpty ? keyAt : null) ?? nearest.at,
    path,
    ...describeFault(fault, node, document),
    ...(severity === undefined ? {} : { severity }),
  });
}
