import type { ConfigFault } from "./config_fault.ts";
import { ConfigError } from "./config_error.ts";
import type { ConfigSchema } from "./config_schema.ts";
import { loadConfig, type LoadConfigOptions } from "./load_config.ts";
import type { LoadedConfig } from "./parse_config.ts";

/** What {@link RecoveryConfig.reload} says. */
export interface ReloadResult {
  /** Whether the file as it is now is in force. */
  readonly ok: boolean;
  /** What is wrong with the file; none when it is in force. */
  readonly errors: readonly ConfigFault[];
}

/** Options of {@link RecoveryConfig.load}. */
export interface RecoveryConfigOptions<T> extends LoadConfigOptions {
  /** Which file it is: `recoverySchema`, `recoveryPoliciesSchema`, or one of your own. */
  readonly schema: ConfigSchema<T>;
}

/**
 * A configuration whose values are read by dotted paths, and which can be read again. Documents are
 * frozen and replaced whole; two instances share none.
 *
 * @example Read a value, and read the file again
 * ```ts
 * import { RecoveryConfig, recoverySchema } from "@baton/orchestration/config";
 *
 * let text = "thresholds: { failed_components: 3 }";
 * const config = await RecoveryConfig.load("recovery.yaml", {
 *   schema: recoverySchema,
 *   readText: () => Promise.resolve(text),
 * });
 * text = "thresholds: { failed_components: none }";
 * const { ok, errors } = await config.reload();
 * if (ok || errors.length !== 1) throw new Error("it should have been refused");
 * if (config.get("thresholds.failed_components") !== 3) throw new Error("the last good one is gone");
 * ```
 */
export class RecoveryConfig<T> {
  readonly #path: string | undefined;
  readonly #options: RecoveryConfigOptions<T>;
  #loaded: LoadedConfig<T>;
  #lastReload: Promise<unknown> = Promise.resolve();
  #waitingReload: Promise<ReloadResult> | null = null;

  private constructor(
    path: string | undefined,
    options: RecoveryConfigOptions<T>,
    loaded: LoadedConfig<T>,
  ) {
    this.#path = path;
    this.#options = options;
    this.#loaded = loaded;
  }

  /**
   * Loads a configuration.
   *
   * @param path The file; the defaults hold when it is undefined.
   * @param options Which kind of file it is, and how to load it.
   * @returns The configuration.
   * @throws {ConfigError} when the file cannot be used.
   * @throws {TypeError} when there is no path and the schema has no defaults.
   */
  static async load<T>(
    path: string | undefined,
    options: RecoveryConfigOptions<T>,
  ): Promise<RecoveryConfig<T>> {
    const own = { ...options };
    return new RecoveryConfig(path, own, await read(path, own));
  }

  /** The document in force, frozen, with the keys of its file. */
  get document(): T {
    return this.#loaded.config;
  }

  /** The file that is in force; null while the defaults are. */
  get source(): string | null {
    return this.#loaded.source;
  }

  /** Where the document in force contradicts itself. */
  get contradictions(): readonly ConfigFault[] {
    return this.#loaded.contradictions;
  }

  /**
   * Reads a value.
   *
   * @param path Keys joined by dots, such as "thresholds.failed_components". Maps are walked; lists
   * are not.
   * @param fallback What to give where the path leads nowhere, or to nothing.
   * @returns The value, which may be false, 0 or ""; frozen when it is a map or a list.
   */
  get(path: string, fallback?: unknown): unknown {
    let value: unknown = this.#loaded.config;
    for (const key of path.split(".")) {
      const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
      if (!isMap || !Object.hasOwn(value as object, key)) return fallback;
      value = (value as Record<string, unknown>)[key];
    }
    return value ?? fallback;
  }

  /**
   * Reads the file again. The new document replaces the old one whole, or not at all. One reload
   * runs at a time; those asked for meanwhile share the next one.
   *
   * @returns Whether the file is in force, else what is wrong with it. A file that has gone is
   * wrong, unless it was `optional` and never there.
   */
  reload(): Promise<ReloadResult> {
    this.#waitingReload ??= this.#reloadAfter(this.#lastReload);
    return this.#waitingReload;
  }

  #reloadAfter(last: Promise<unknown>): Promise<ReloadResult> {
    const reload = last.then(() => {
      this.#waitingReload = null;
      return this.#readAgain();
    });
    this.#lastReload = reload.catch(() => {});
    return reload;
  }

  async #readAgain(): Promise<ReloadResult> {
    const mayBeAbsent = this.#options.optional === true && this.source === null;
    try {
      this.#loaded = await read(this.#path, { ...this.#options, optional: mayBeAbsent });
      return { ok: true, errors: [] };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { ok: false, errors: error.faults };
    }
  }
}

async function read<T>(
  path: string | undefined,
  options: RecoveryConfigOptions<T>,
): Promise<LoadedConfig<T>> {
  if (path !== undefined) return await loadConfig(path, options.schema, options);
  const config = await options.schema.defaults();
  if (config !== null) return { config, source: null, contradictions: [] };
  throw new TypeError(`Cannot load "${options.schema.name}": it has no defaults, name a file`);
}
