import assert from "node:assert/strict";
import { ageMs, formatAge } from "../../cli/age.ts";

const NOW_MS = Date.UTC(2026, 0, 1, 0, 0, 10);

Deno.test("ageMs and formatAge tell the age of what another wrote", () => {
  const cases = [
    { writtenAt: "2026-01-01T00:00:08.500Z", ms: 1_500, text: "1.5s" },
    { writtenAt: "2026-01-01T00:00:20.000Z", ms: 0, text: "0ms" },
    { writtenAt: "yesterday", ms: null, text: "-" },
    { writtenAt: null, ms: null, text: "-" },
  ];
  for (const { writtenAt, ms, text } of cases) {
    assert.equal(ageMs(writtenAt, NOW_MS), ms, String(writtenAt));
    assert.equal(formatAge(writtenAt, NOW_MS), text, String(writtenAt));
  }
});
