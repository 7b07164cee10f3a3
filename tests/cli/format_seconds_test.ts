import assert from "node:assert/strict";
import { formatSeconds } from "../../cli/format_seconds.ts";

Deno.test("formatSeconds tells the two largest units", () => {
  const cases: readonly [number, string][] = [
    [0, "0 s"],
    [0.4, "0 s"],
    [59, "59 s"],
    [60, "1 m"],
    [83, "1 m 23 s"],
    [86_399, "23 h 59 m"],
    [86_400 + 59, "1 d"],
    [90_000, "1 d 1 h"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatSeconds(seconds), text);
});
