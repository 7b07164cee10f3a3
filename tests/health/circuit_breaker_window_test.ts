import assert from "node:assert/strict";
import { CircuitBreakerWindow } from "../../health/circuit_breaker_window.ts";

const limit = { share: 0.5, minCalls: 4, windowMs: 10_000 };

function windowOf(calls: readonly [failed: boolean, atMs: number][]): CircuitBreakerWindow {
  const window = new CircuitBreakerWindow(limit);
  for (const [failed, atMs] of calls) window.record(failed, atMs);
  return window;
}

const cases: readonly [name: string, calls: [boolean, number][], atMs: number, tripped: boolean][] =
  [
    ["too few calls", [[true, 0], [true, 0], [true, 0]], 0, false],
    ["exactly the share", [[true, 0], [false, 0], [true, 0], [false, 0]], 0, true],
    ["below the share", [[true, 0], [false, 0], [false, 0], [false, 0]], 0, false],
    [
      "calls all over the window",
      [[true, 0], [true, 3_000], [true, 6_000], [true, 9_999]],
      9_999,
      true,
    ],
    [
      "a call that fell out",
      [[true, 0], [true, 3_000], [true, 6_000], [true, 9_999]],
      10_000,
      false,
    ],
    [
      "failures that fell out",
      [
        [true, 0],
        [true, 0],
        [false, 10_000],
        [false, 10_000],
        [false, 10_000],
        [true, 10_000],
      ],
      10_000,
      false,
    ],
    ["a long pause", [[true, 0], [true, 0], [true, 0], [true, 0]], 1e9, false],
  ];

for (const [name, calls, atMs, tripped] of cases) {
  Deno.test(`CircuitBreakerWindow ${tripped ? "trips" : "does not trip"} on ${name}`, () => {
    assert.equal(windowOf(calls).isTripped(atMs), tripped);
  });
}

Deno.test("CircuitBreakerWindow forgets everything when it is cleared", () => {
  const window = windowOf([[true, 0], [true, 0], [true, 0], [true, 0]]);
  window.clear();
  window.record(true, 1);
  assert.equal(window.isTripped(1), false);
});
