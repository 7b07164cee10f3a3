/** Variables that Deno lets every program read, although it says "prompt" when asked about them. */
const ALWAYS_READABLE: readonly string[] = ["FORCE_COLOR", "NO_COLOR"];

/**
 * Reads an environment variable where that is permitted. Never prompts.
 *
 * @param name The variable.
 * @returns Its value; undefined when it is not set, is empty, or may not be read.
 */
export function envOf(name: string): string | undefined {
  const readable = ALWAYS_READABLE.includes(name) ||
    Deno.permissions.querySync({ name: "env", variable: name }).state === "granted";
  return readable ? Deno.env.get(name) || undefined : undefined;
}
