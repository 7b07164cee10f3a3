/** What decides whether output is coloured. */
export interface ColourSigns {
  /** Whether the output goes to a terminal. */
  readonly isTerminal: boolean;
  /** @returns An environment variable. */
  readonly env: (name: string) => string | undefined;
}

/** @returns Whether to colour: NO_COLOR forbids it, FORCE_COLOR demands it, else a terminal decides. */
export function wantsColour(signs: ColourSigns): boolean {
  if (signs.env("NO_COLOR") !== undefined) return false;
  const forced = signs.env("FORCE_COLOR");
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return signs.isTerminal && signs.env("TERM") !== "dumb";
}
