import assert from "node:assert/strict";
import {
  checkQuorum,
  type CoordinatorTimingOptions,
  resolveCoordinatorTiming,
} from "../../coordination/coordinator_options.ts";
import { LEASE_MAX_MS } from "../../coordination/lease_timing.ts";

Deno.test("resolveCoordinatorTiming derives everything from the lease when nothing else is given", () => {
  const { heartbeatMs, suspectAfterMissed, deadAfterMissed, evictAfterMs, ...lease } =
    resolveCoordinatorTiming({ leaseMs: 30_000 });
  assert.equal(lease.leaseMs, 30_000);
  assert.equal(heartbeatMs, lease.renewMs);
  assert.deepEqual([suspectAfterMissed, deadAfterMissed], [3, 4]);
  assert.equal(evictAfterMs, 300_000);
  assert.equal(resolveCoordinatorTiming({ leaseMs: 2_000 }).evictAfterMs, 60_000);
  assert.equal(resolveCoordinatorTiming().leaseMs, 10_000);
});

Deno.test("resolveCoordinatorTiming takes each option as it is given", () => {
  const options = {
    leaseMs: 9_000,
    renewMs: 2_000,
    attemptTimeoutMs: 700,
    safetyPollMs: 90,
    heartbeatMs: 1_500,
    suspectAfterMissed: 5,
    deadAfterMissed: 7.5,
    evictAfterMs: 11_250,
  };
  assert.deepEqual(resolveCoordinatorTiming(options), {
    ...options,
    validityMs: 7_200,
    blindPollMs: 90,
    debounceMs: 90,
  });
});

Deno.test("resolveCoordinatorTiming refuses what is out of range or does not fit together", () => {
  const year = 365 * LEASE_MAX_MS;
  const cases: { options: CoordinatorTimingOptions; message: string }[] = [
    { options: { heartbeatMs: 0 }, message: "heartbeatMs must be a number from 1 to 10000, got 0" },
    {
      options: { heartbeatMs: 10_001 },
      message: "heartbeatMs must be a number from 1 to 10000, got 10001",
    },
    {
      options: { suspectAfterMissed: 0 },
      message: "suspectAfterMissed must be a number from 1 to 1000, got 0",
    },
    {
      options: { suspectAfterMissed: NaN },
      message: "suspectAfterMissed must be a number from 1 to 1000, got NaN",
    },
    {
      options: { deadAfterMissed: 1_001 },
      message: "deadAfterMissed must be a number from 1 to 1000, got 1001",
    },
    {
      options: { suspectAfterMissed: 4 },
      message: "deadAfterMissed 4 must be more than suspectAfterMissed 4",
    },
    {
      options: { deadAfterMissed: 2 },
      message: "deadAfterMissed 2 must be more than suspectAfterMissed 3",
    },
    {
      options: { heartbeatMs: 1_000, evictAfterMs: 3_999 },
      message: `evictAfterMs must be a number from 4000 to ${year}, got 3999`,
    },
    {
      options: { heartbeatMs: 1_000, evictAfterMs: Infinity },
      message: `evictAfterMs must be a number from 4000 to ${year}, got Infinity`,
    },
    { options: { leaseMs: 1 }, message: "leaseMs must be a number from 100 to 86400000, got 1" },
  ];
  for (const { options, message } of cases) {
    assert.throws(
      () => resolveCoordinatorTiming(options),
      { name: "RangeError", message },
      message,
    );
  }
});

Deno.test("checkQuorum refuses thresholds and memberships that cannot be counted", () => {
  checkQuorum(1, undefined);
  checkQuorum(0.01, 1_000_000);
  const range = "expectedMembers must be a number from 1 to 1000000, got";
  const cases: { threshold?: number; expected?: number; message: string }[] = [
    { threshold: 0, message: "quorumThreshold must be above 0 and at most 1, got 0" },
    { threshold: NaN, message: "quorumThreshold must be above 0 and at most 1, got NaN" },
    { expected: 0, message: `${range} 0` },
    { expected: NaN, message: `${range} NaN` },
    { expected: 1_000_001, message: `${range} 1000001` },
    { expected: 2.5, message: "expectedMembers must be a whole number, got 2.5" },
  ];
  for (const { threshold = 0.5, expected, message } of cases) {
    assert.throws(() => checkQuorum(threshold, expected), { name: "RangeError", message }, message);
  }
});
