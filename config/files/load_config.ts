import { describeError } from "../describe_error.ts";
import type { ConfigError, ConfigErrorCode } from "./config_error.ts";
import type { ConfigFault } from "./config_fault.ts";
import type { ConfigSchema } from "./config_schema.ts";
import { FaultList } from "./fault_list.ts";
import {
  type LoadedConfig,
  maxBytesOf,
  parseConfig,
  type ParseConfigOptions,
} from "./parse_config.ts";
import { FileProblem, readConfigText } from "./read_config_text.ts";

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions extends Omit<ParseConfigOptions, "file"> {
  /**
   * Whether the file may be absent: then the defaults hold. A file that is there and cannot be used
   * is never replaced by them.
   *
   * @default false
   */
  readonly optional?: boolean;
  /**
   * Reads the file, in place of Deno: it throws the errors that Deno would. A text of more than
   * `maxBytes` is refused whoever read it, so more than that need not be read.
   *
   * @default one that reads regular files of UTF-8, and never prompts
   */
  readonly readText?: (path: string, maxBytes: number) => Promise<string>;
}

/**
 * Loads a configuration file; nothing is ever written. See {@link parseConfig} for what it may hold.
 *
 * @param path The file; its name ends in .yaml, .yml or .json, in any case.
 * @param schema What it must look like.
 * @param options Whether it may be absent, and which variables it may use.
 * @returns The configuration.
 * @throws {ConfigError} when it cannot be used, with everything that is wrong with it.
 * @throws {RangeError} when `maxBytes` is no whole number above 0.
 *
 * @example A file that may be absent
 * ```ts
 * import { loadConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * const { config, source } = await loadConfig("recovery.yaml", recoverySchema, {
 *   optional: true,
 *   readText: () => Promise.reject(new Deno.errors.NotFound()),
 * });
 * if (source !== null || config.poll_interval !== 30) throw new Error("not the defaults");
 * ```
 */
export async function loadConfig<T>(
  path: string,
  schema: ConfigSchema<T>,
  options: LoadConfigOptions = {},
): Promise<LoadedConfig<T>> {
  const { readText = readConfigText } = options;
  const maxBytes = maxBytesOf(options);
  checkExtension(path);
  let text: string;
  try {
    text = await readText(path, maxBytes);
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound;
    const defaults = isAbsent && options.optional ? await schema.defaults() : null;
    if (defaults === null) throw cannotRead(path, error, options.optional === true);
    return Object.freeze({ config: defaults, source: null, contradictions: Object.freeze([]) });
  }
  return await parseConfig(text, schema, { ...options, file: path });
}

function checkExtension(path: string): void {
  if (/\.(?:ya?ml|json)$/i.test(path)) return;
  const name = path.split("/").at(-1) ?? path;
  const extension = /\.[^.]+$/.exec(name)?.[0] ?? "no extension";
  throw fileError("CONFIG_UNSUPPORTED", path, {
    message: "cannot tell the format by the name",
    got: extension,
    expected: ".yaml, .yml or .json",
  });
}

type Problem = Pick<ConfigFault, "message" | "got" | "expected">;

const CODES: Readonly<Record<FileProblem["kind"], ConfigErrorCode>> = {
  "not-permitted": "CONFIG_NOT_PERMITTED",
  "not-a-file": "CONFIG_UNREADABLE",
  "too-large": "CONFIG_TOO_LARGE",
  "not-utf8": "CONFIG_UNREADABLE",
};

const MESSAGES: Readonly<Record<FileProblem["kind"], string>> = {
  "not-permitted": "the file may not be read",
  "not-a-file": "cannot be read as a file",
  "too-large": "too large",
  "not-utf8": "no text in UTF-8",
};

function cannotRead(path: string, error: unknown, wasOptional: boolean): ConfigError {
  if (error instanceof FileProblem) {
    const { kind, got, expected } = error;
    return fileError(CODES[kind], path, { message: MESSAGES[kind], got, expected }, error);
  }
  if (error instanceof Deno.errors.NotFound) {
    const message = wasOptional ? "no such file, and it has no defaults" : "no such file";
    return fileError(
      "CONFIG_NOT_FOUND",
      path,
      { message, got: "nothing", expected: "a file" },
      error,
    );
  }
  const isNotCapable = error instanceof Deno.errors.NotCapable;
  return fileError(isNotCapable ? "CONFIG_NOT_PERMITTED" : "CONFIG_UNREADABLE", path, {
    message: isNotCapable ? MESSAGES["not-permitted"] : "cannot be read",
    got: isNotCapable ? "no permission" : describeError(error),
    expected: isNotCapable ? `--allow-read=${path}` : "a file that this user may read",
  }, error);
}

function fileError(
  code: ConfigErrorCode,
  path: string,
  problem: Problem,
  cause?: unknown,
): ConfigError {
  const faults = new FaultList(path, "");
  faults.add({ at: null, path: [], ...problem });
  return faults.toError(code, cause);
}
