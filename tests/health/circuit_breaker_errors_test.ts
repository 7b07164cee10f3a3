import assert from "node:assert/strict";
import {
  CircuitOpenError,
  CircuitProbeTimeoutError,
  type CircuitRefusal,
} from "../../health/circuit_breaker_errors.ts";

const manual = { actor: "ada", reason: "drill" };
const cases: readonly [refusal: Omit<CircuitRefusal, "breaker">, message: string][] = [
  [{ state: "OPEN", retryAfterMs: 1.2, manual: null }, "it is open for another 2 ms"],
  [
    { state: "OPEN", retryAfterMs: null, manual },
    "it is open until somebody closes it, opened by ada (drill)",
  ],
  [
    { state: "HALF_OPEN", retryAfterMs: 0, manual: null },
    "it is half-open and probed by others",
  ],
];

for (const [refusal, message] of cases) {
  Deno.test(`CircuitOpenError says "${message}"`, () => {
    const error = new CircuitOpenError({ breaker: "b", ...refusal });
    assert.equal(error.message, `Cannot call through circuit breaker "b": ${message}`);
    const { name, code, breaker, state, retryAfterMs, manual } = error;
    assert.deepEqual({ name, code, breaker, state, retryAfterMs, manual }, {
      name: "CircuitOpenError",
      code: "CIRCUIT_OPEN",
      breaker: "b",
      ...refusal,
    });
  });
}

Deno.test("CircuitProbeTimeoutError carries the breaker and how long it waited", () => {
  const { name, code, breaker, timeoutMs, message } = new CircuitProbeTimeoutError("b", 5);
  assert.deepEqual([name, code, breaker, timeoutMs], [
    "CircuitProbeTimeoutError",
    "CIRCUIT_PROBE_TIMEOUT",
    "b",
    5,
  ]);
  assert.match(message, /did not end within 5 ms$/);
});
