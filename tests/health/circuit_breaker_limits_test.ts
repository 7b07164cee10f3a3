import assert from "node:assert/strict";
import {
  type CircuitBreakerLimits,
  circuitBreakerLimits,
} from "../../health/circuit_breaker_limits.ts";

Deno.test("circuitBreakerLimits has the documented defaults", () => {
  assert.deepEqual(circuitBreakerLimits({}), {
    failureThreshold: 5,
    failureRate: { share: 0.5, minCalls: 20, windowMs: 30_000 },
    slowCallMs: Infinity,
    cooldownMs: 5_000,
    cooldownFactor: 2,
    cooldownMaxMs: 60_000,
    cooldownJitter: 0.5,
    stableMs: 60_000,
    successThreshold: 2,
    halfOpenMaxCalls: 2,
    halfOpenTimeoutMs: 5_000,
  });
  assert.equal(circuitBreakerLimits({ cooldownMs: 90_000 }).cooldownMaxMs, 90_000);
  assert.equal(circuitBreakerLimits({ failureRate: null }).failureRate, null);
});

const rate = { share: 0.5, minCalls: 20, windowMs: 30_000 };
const invalid: readonly [name: string, limits: CircuitBreakerLimits][] = [
  ["failureThreshold", { failureThreshold: 0 }],
  ["successThreshold", { successThreshold: 1.5 }],
  ["halfOpenMaxCalls", { halfOpenMaxCalls: NaN }],
  ["slowCallMs", { slowCallMs: 0 }],
  ["cooldownMs", { cooldownMs: 0 }],
  ["cooldownMaxMs", { cooldownMs: 100, cooldownMaxMs: 99 }],
  ["cooldownFactor", { cooldownFactor: 0.9 }],
  ["cooldownJitter", { cooldownJitter: 1.1 }],
  ["stableMs", { stableMs: -1 }],
  ["halfOpenTimeoutMs", { halfOpenTimeoutMs: Infinity }],
  ["failureRate.share", { failureRate: { ...rate, share: 0 } }],
  ["failureRate.minCalls", { failureRate: { ...rate, minCalls: 0 } }],
  ["failureRate.windowMs", { failureRate: { ...rate, windowMs: 0 } }],
];

for (const [name, limits] of invalid) {
  Deno.test(`circuitBreakerLimits refuses ${name} when it is out of range`, () => {
    assert.throws(() => circuitBreakerLimits(limits), (error: unknown) => {
      return error instanceof RangeError && error.message.startsWith(`${name} must be`);
    });
  });
}
