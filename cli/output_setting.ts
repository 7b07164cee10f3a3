import { oneOf } from "./parse_values.ts";
import type { Setting } from "./settings.ts";

/** How a command tells its result. */
export const OUTPUT: Setting<"table" | "json"> = {
  flags: "-o, --output <format>",
  env: "BATON_OUTPUT",
  about: "table for people, json for exactly one JSON document, also for errors",
  fallback: "table",
  parse: oneOf(["table", "json"]),
};

/**
 * Says whether errors go out as JSON: asked before the command line is known to be right.
 *
 * @param args The arguments.
 * @param env Reads an environment variable.
 * @returns Whether they do.
 */
export function asksForJson(
  args: readonly string[],
  env: (name: string) => string | undefined,
): boolean {
  const flag = / (?:-o|--output)[ =]?(\w+)/.exec(` ${args.join(" ")}`)?.[1];
  return (flag ?? env(OUTPUT.env)) === "json";
}
