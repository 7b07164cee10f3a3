import assert from "node:assert/strict";
import { wantsColour } from "../../cli/colour.ts";

Deno.test("wantsColour weighs NO_COLOR, FORCE_COLOR, the terminal and TERM", () => {
  const cases = [
    { isTerminal: true, env: {}, colour: true },
    { isTerminal: false, env: {}, colour: false },
    { isTerminal: true, env: { TERM: "dumb" }, colour: false },
    { isTerminal: true, env: { NO_COLOR: "1" }, colour: false },
    { isTerminal: false, env: { FORCE_COLOR: "1" }, colour: true },
    { isTerminal: true, env: { FORCE_COLOR: "0" }, colour: false },
    { isTerminal: true, env: { FORCE_COLOR: "1", NO_COLOR: "1" }, colour: false },
  ];
  for (const { isTerminal, env, colour } of cases) {
    const variables: Readonly<Record<string, string>> = { ...env };
    assert.equal(
      wantsColour({ isTerminal, env: (name) => variables[name] }),
      colour,
      JSON.stringify({ isTerminal, env }),
    );
  }
});
