import assert from "node:assert/strict";
import { type RetryBackoff, retryBackoff, retryDelayMs } from "../../health/retry_delay.ts";
import type { RetryJitter } from "../../enums/retry_jitter.ts";

const ALMOST_ONE = 1 - Number.EPSILON;

const cases: readonly [
  jitter: RetryJitter,
  failures: number,
  previousMs: number,
  chance: number,
  expectedMs: number,
][] = [
  ["none", 1, 0, 0.9, 500],
  ["none", 2, 500, 0.9, 1_000],
  ["none", 5, 4_000, 0.9, 8_000],
  ["none", 9, 8_000, 0.9, 8_000],
  ["none", 5_000, 8_000, 0.9, 8_000],
  ["full", 1, 0, 0, 0],
  ["full", 2, 0, 0.25, 250],
  ["full", 9, 0, 0.5, 4_000],
  ["equal", 1, 0, 0, 250],
  ["equal", 2, 0, 0.5, 750],
  ["decorrelated", 1, 0, 0, 500],
  ["decorrelated", 1, 0, 0.5, 1_000],
  ["decorrelated", 2, 2_000, 0.5, 3_250],
  ["decorrelated", 3, 8_000, 0.9, 8_000],
];

for (const [jitter, failures, previousMs, chance, expectedMs] of cases) {
  Deno.test(`retryDelayMs gives ${expectedMs} after ${failures} failures with ${jitter} jitter and chance ${chance}`, () => {
    const context = { failures, previousMs, chance };
    assert.equal(retryDelayMs(retryBackoff({ jitter }), context), expectedMs);
  });
}

Deno.test("retryDelayMs never exceeds the longest delay", () => {
  for (const jitter of ["full", "equal", "decorrelated", "none"] as const) {
    const context = { failures: 40, previousMs: 8_000, chance: ALMOST_ONE };
    assert.ok(retryDelayMs(retryBackoff({ jitter }), context) <= 8_000, jitter);
  }
});

Deno.test("retryBackoff has the documented defaults", () => {
  assert.deepEqual(retryBackoff({}), {
    baseDelayMs: 500,
    maxDelayMs: 8_000,
    factor: 2,
    jitter: "full",
  });
});

const invalid: readonly [string, RetryBackoff][] = [
  ["baseDelayMs", { baseDelayMs: -1 }],
  ["baseDelayMs", { baseDelayMs: 9_000 }],
  ["baseDelayMs", { maxDelayMs: Infinity }],
  ["factor", { factor: 0.5 }],
  ["jitter", { jitter: "some" as RetryJitter }],
];

for (const [name, backoff] of invalid) {
  Deno.test(`retryBackoff refuses ${JSON.stringify(backoff)}`, () => {
    assert.throws(() => retryBackoff(backoff), (error: unknown) => {
      return error instanceof RangeError && error.message.startsWith(`${name} must be`);
    });
  });
}

Deno.test("retryDelayMs stays 0 from a base of 0, however often it failed", () => {
  const backoff = retryBackoff({ baseDelayMs: 0, jitter: "none" });
  const failed = { failures: 5_000, previousMs: 0, chance: 0 };
  assert.equal(retryDelayMs(backoff, failed), 0);
});
