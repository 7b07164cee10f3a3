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

/**
 * Says whether errors go out as JSON: asked before the command line is known to be right. The last
 * flag decides; what stands behind `--`, or is the value of another flag, is none.
 *
 * @param args The arguments.
 * @param env Reads an environment variable.
 * @param settings The command's settings, among whose flags some take values.
 * @returns Whether they do.
 */
export function asksForJson(
  args: readonly string[],
  env: (name: string) => string | undefined,
  settings: Settings = {},
): boolean {
  const valued = Object.values(settings).filter(({ flags }) => flags.includes("<"))
    .flatMap(({ flags }) => flags.match(/(?<![\w-])--?[\w-]+/g) ?? []);
  let format = env(OUTPUT.env);
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at]!;
    if (arg === "-o" || arg === "--output") format = args[++at] ?? format;
    else if (/^(?:-o|--output=)/.test(arg)) format = arg.replace(/^(?:-o|--output=)/, "");
    else if (valued.includes(arg)) at++;
  }
  return format === "json";
}
