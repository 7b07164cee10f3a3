import assert from "node:assert/strict";
import {
  checkRange,
  LEASE_MAX_MS,
  LEASE_MIN_MS,
  type LeaseTimingOptions,
  PREPARE_SHARE,
  resolveLeaseTiming,
  RETRY_SHARE,
} from "../../coordination/lease_timing.ts";

Deno.test("resolveLeaseTiming derives everything from the lease when nothing else is given", () => {
  const cases: { name: string; options?: LeaseTimingOptions; wanted: unknown }[] = [
    {
      name: "the default",
      wanted: {
        leaseMs: 10_000,
        renewMs: 10_000 / 3,
        attemptTimeoutMs: 10_000 / 6,
        safetyPollMs: 5_000,
        validityMs: 8_000,
        blindPollMs: 250,
        debounceMs: 100,
      },
    },
    {
      name: "fast",
      options: { leaseMs: 1_200 },
      wanted: {
        leaseMs: 1_200,
        renewMs: 400,
        attemptTimeoutMs: 200,
        safetyPollMs: 600,
        validityMs: 960,
        blindPollMs: 150,
        debounceMs: 12,
      },
    },
    {
      name: "fastest: a blind poll is never longer than the safety poll",
      options: { leaseMs: 120 },
      wanted: {
        leaseMs: 120,
        renewMs: 40,
        attemptTimeoutMs: 20,
        safetyPollMs: 60,
        validityMs: 96,
        blindPollMs: 60,
        debounceMs: 10,
      },
    },
  ];
  for (const { name, options, wanted } of cases) {
    assert.deepEqual(resolveLeaseTiming(options), wanted, name);
  }
});

Deno.test("resolveLeaseTiming takes each option as it is given", () => {
  const options = { leaseMs: 9_000, renewMs: 2_000, attemptTimeoutMs: 700, safetyPollMs: 90 };
  assert.deepEqual(resolveLeaseTiming(options), {
    ...options,
    validityMs: 7_200,
    blindPollMs: 90,
    debounceMs: 90,
  });
});

Deno.test("resolveLeaseTiming refuses what is out of range, with the range and the number", () => {
  const cases: { options: LeaseTimingOptions; message: string }[] = [
    { options: { leaseMs: 99 }, message: range("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS, 99) },
    { options: { leaseMs: NaN }, message: range("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS, NaN) },
    {
      options: { leaseMs: Infinity },
      message: range("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS, Infinity),
    },
    {
      options: { leaseMs: LEASE_MAX_MS + 1 },
      message: range("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS, LEASE_MAX_MS + 1),
    },
    { options: { renewMs: 0 }, message: range("renewMs", 1, 10_000, 0) },
    { options: { renewMs: 10_001 }, message: range("renewMs", 1, 10_000, 10_001) },
    { options: { attemptTimeoutMs: 0.5 }, message: range("attemptTimeoutMs", 1, 10_000, 0.5) },
    { options: { attemptTimeoutMs: -1 }, message: range("attemptTimeoutMs", 1, 10_000, -1) },
    { options: { safetyPollMs: 0 }, message: range("safetyPollMs", 1, 10_000, 0) },
    { options: { safetyPollMs: NaN }, message: range("safetyPollMs", 1, 10_000, NaN) },
    {
      options: { leaseMs: "10000" as unknown as number, renewMs: 20_000 },
      message: "leaseMs must be a number from 100 to 86400000, got 10000",
    },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => resolveLeaseTiming(options), { name: "RangeError", message }, message);
  }
});

Deno.test("resolveLeaseTiming refuses a late renewal and two attempts that outlast the validity", () => {
  const fits = { leaseMs: 10_000, renewMs: 4_000, attemptTimeoutMs: 1_430 };
  assert.equal(resolveLeaseTiming(fits).validityMs, 8_000);
  const cases: { options: LeaseTimingOptions; message: string }[] = [
    {
      options: { ...fits, attemptTimeoutMs: 1_435 },
      message: "renewMs 4000 and attemptTimeoutMs 1435 do not fit leaseMs 10000: a late renewal " +
        "and two attempts take 8002 ms, a holder trusts its lease for 8000 ms (0.8 of it)",
    },
    {
      options: { leaseMs: 1_000, renewMs: 700 },
      message: `renewMs 700 and attemptTimeoutMs ${1_000 / 6} do not fit leaseMs 1000: a late ` +
        "renewal and two attempts take 1189 ms, a holder trusts its lease for 800 ms (0.8 of it)",
    },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => resolveLeaseTiming(options), { name: "RangeError", message }, message);
  }
});

Deno.test("resolveLeaseTiming leaves room for the slowest preparation, two attempts and the pause between", () => {
  const { validityMs, renewMs, attemptTimeoutMs } = resolveLeaseTiming();
  const slowestMs = attemptTimeoutMs * (PREPARE_SHARE + 1 + 1.1 * RETRY_SHARE + 1);
  const totalMs = renewMs * 1.1 + slowestMs;
  assert.ok(totalMs < validityMs, `${totalMs} of ${validityMs} ms`);
});

Deno.test("checkRange takes both ends of the range", () => {
  checkRange("x", 1, 1, 2);
  checkRange("x", 2, 1, 2);
  assert.throws(() => checkRange("x", 2.1, 1, 2), {
    name: "RangeError",
    message: "x must be a number from 1 to 2, got 2.1",
  });
});

function range(name: string, min: number, max: number, got: number): string {
  return `${name} must be a number from ${min} to ${max}, got ${got}`;
}
