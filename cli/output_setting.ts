import { oneOf } from "./parse_values.ts";
import type { Setting, Settings } from "./settings.ts";

/** How a command tells its result. */
export const OUTPUT: Setting<"table" | "json"> = {
  flags: "-o, --output <format>",
  env: "BATON_OUTPUT",
  about: "table for people, json for exactly one JSON document, also for errors",
  fallback: "table",
  parse: oneOf(["table", "json"]),
};

/** A command line before it is known to be right. */
export interface RawCommandLine {
  readonly args: readonly string[];
  /** @returns An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The command's settings, among whose flags some take values. */
  readonly settings: Settings;
}

/**
 * Says whether a command is asked for JSON, also when its command line is wrong. The last flag
 * decides; what stands behind `--`, or is the value of another flag, is none.
 *
 * @param setting What takes the word json: the output, or the log.
 * @param line The command line.
 * @returns Whether it is; false for a command without that setting.
 */
export function asksForJson(setting: Setting<unknown>, line: RawCommandLine): boolean {
  const { args, env, settings } = line;
  if (!Object.values(settings).some(({ flags }) => flags === setting.flags)) return false;
  const names = flagNames(setting);
  const valued = Object.values(settings).filter(({ flags }) => flags.includes("<"))
    .flatMap(flagNames);
  let format = env(setting.env);
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at]!;
    const joined = names.map((name) => name.startsWith("--") ? `${name}=` : name)
      .find((start) => arg.startsWith(start) && !names.includes(arg));
    if (names.includes(arg)) format = args[++at] ?? format;
    else if (joined !== undefined) format = arg.slice(joined.length);
    else if (valued.includes(arg)) at++;
  }
  return format === "json";
}

/** @returns The flags of a setting alone, such as "-o" and "--output". */
function flagNames({ flags }: Setting<unknown>): readonly string[] {
  return flags.match(/(?<![\w-])--?[\w-]+/g) ?? [];
}
