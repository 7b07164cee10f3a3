import assert from "node:assert/strict";
import { formatDuration, parseDuration } from "../../cli/parse_duration.ts";

Deno.test("parseDuration reads ms and units", () => {
  const cases = [["500", 500], ["0", 0], ["250ms", 250], ["2s", 2_000], ["1.5s", 1_500], [
    " 1m ",
    60_000,
  ], ["2h", 7_200_000]] as const;
  for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text);
});

Deno.test("parseDuration refuses anything else", () => {
  for (const text of ["", "s", "-1s", "2 s", "2d", "1e3", "Infinity", "0x10", "2s3"]) {
    assert.throws(() => parseDuration(text), {
      name: "RangeError",
      message: `expected ms or a duration such as 500ms, 2s or 1m, got "${text}"`,
    });
  }
});

Deno.test("formatDuration takes the largest fitting unit", () => {
  const cases = [
    [0, "0ms"],
    [999, "999ms"],
    [1_000, "1s"],
    [1_540, "1.5s"],
    [90_000, "1.5m"],
    [
      7_200_000,
      "2h",
    ],
    [999.6, "1s"],
    [59_949, "59.9s"],
    [59_960, "1m"],
    [3_599_900, "1h"],
  ] as const;
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});
