import { displayText } from "../config/display_text.ts";

/** Something to tell in a line: its name and its text. */
export type Fact = readonly [name: string, text: string];

/** @returns Facts for people, a line each, with their texts below each other. */
export function renderFacts(facts: readonly Fact[]): string {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => `${name.padEnd(width)}  ${displayText(text)}\n`).join("");
}
