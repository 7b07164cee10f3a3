import type { CliIo } from "./cli_io.ts";

/** @returns How wide the terminal is that shows results; null where they go anywhere else. */
export function terminalColumns(
  { stdoutIsTerminal }: Pick<CliIo, "stdoutIsTerminal">,
): number | null {
  return stdoutIsTerminal ? Deno.consoleSize().columns : null;
}
