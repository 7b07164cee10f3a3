import assert from "node:assert/strict";
import { backoffAfter } from "../../../coordination/work/backoff.ts";

Deno.test("backoffAfter doubles with each attempt, up to a minute or the first wait", () => {
  const cases = [
    { backoffMs: 1_000, attempt: 1, waitMs: 1_000 },
    { backoffMs: 1_000, attempt: 2, waitMs: 2_000 },
    { backoffMs: 1_000, attempt: 6, waitMs: 32_000 },
    { backoffMs: 1_000, attempt: 7, waitMs: 60_000 },
    { backoffMs: 1_000, attempt: 100, waitMs: 60_000 },
    { backoffMs: 0, attempt: 9, waitMs: 0 },
    { backoffMs: 90_000, attempt: 3, waitMs: 90_000 },
  ];
  for (const { backoffMs, attempt, waitMs } of cases) {
    assert.equal(backoffAfter(backoffMs, attempt), waitMs, `${backoffMs} after ${attempt}`);
  }
});
