import assert from "node:assert/strict";
import { FailureCounter } from "../../health/failure_counter.ts";

const MINUTE_MS = 60_000;

Deno.test("FailureCounter forgets what is an hour old, to the minute", () => {
  const counter = new FailureCounter();
  assert.equal(counter.count(0), 0);
  counter.record(0);
  counter.record(30_000);
  counter.record(10 * MINUTE_MS);
  const cases = [
    [10 * MINUTE_MS, 3],
    [59 * MINUTE_MS + 59_999, 3],
    [60 * MINUTE_MS, 1],
    [69 * MINUTE_MS + 59_999, 1],
    [70 * MINUTE_MS, 0],
  ] as const;
  for (const [atMs, expected] of cases) {
    assert.equal(counter.count(atMs), expected, `at ${atMs} ms`);
  }
});

Deno.test("FailureCounter counts on after any pause", () => {
  const counter = new FailureCounter();
  for (let failure = 0; failure < 1_000; failure++) counter.record(failure);
  assert.equal(counter.count(1_000), 1_000);
  const laterMs = 1_000 * 60 * MINUTE_MS;
  counter.record(laterMs);
  assert.equal(counter.count(laterMs), 1);
});
