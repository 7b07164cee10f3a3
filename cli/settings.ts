import { usageError } from "./usage.ts";

/** One thing that can be set by a flag, by an environment variable, or left at its default. */
export interface Setting<T> {
  /** As commander writes it, such as "--lease <duration>"; without a value it is a switch. */
  readonly flags: string;
  /** The environment variable. */
  readonly env: string;
  /** What it is for. */
  readonly about: string;
  /** The value without flag and variable. */
  readonly fallback: T;
  /**
   * The default in words, for the help.
   *
   * @default the fallback as text
   */
  readonly fallbackText?: string;
  /**
   * Whether the flag can be given several times; the texts arrive joined by commas.
   *
   * @default false
   */
  readonly repeatable?: boolean;
  /** Reads the text of flag or variable; throws a RangeError that says what was expected. */
  readonly parse: (text: string) => T;
}

/** The settings of a command, by the name under which it reads them. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of settings. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** Where the texts come from. */
export interface SettingSources {
  /** @returns The text of a setting's flag; undefined when it was not given. */
  readonly flag: (setting: Setting<unknown>) => string | undefined;
  /** @returns The value of an environment variable; undefined when it is not set. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Reads settings: a flag wins over the environment variable, which wins over the default.
 *
 * @param settings The settings.
 * @param sources Flags and environment.
 * @returns Their values.
 * @throws {CliError} when a text cannot be read, with where it came from.
 */
export function readSettings<S extends Settings>(settings: S, sources: SettingSources): Values<S> {
  const values = Object.entries(settings).map(([key, each]) => [key, readSetting(each, sources)]);
  return Object.fromEntries(values) as Values<S>;
}

function readSetting(setting: Setting<unknown>, sources: SettingSources): unknown {
  const flag = sources.flag(setting);
  const text = flag ?? sources.env(setting.env);
  if (text === undefined) return setting.fallback;
  try {
    return setting.parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const source = flag === undefined ? setting.env : longFlag(setting);
    throw usageError(`${source}: ${error.message}`, { cause: error });
  }
}

/** @returns The setting's flag alone, such as "--lease". */
export function longFlag(setting: Setting<unknown>): string {
  return /--[\w-]+/.exec(setting.flags)?.[0] ?? setting.flags;
}

/** @returns The help text of a setting, with default and environment variable. */
export function describeSetting(setting: Setting<unknown>): string {
  const fallback = setting.fallbackText ?? String(setting.fallback);
  return `${setting.about} (default: ${fallback}, env: ${setting.env})`;
}
