import assert from "node:assert/strict";
import fc from "fast-check";
import { decideLease, type LeaseObservation } from "../../coordination/lease.ts";
import { PREPARE_SHARE, resolveLeaseTiming, RETRY_SHARE } from "../../coordination/lease_timing.ts";
import { remainingValidityMs } from "../../coordination/lease_validity.ts";
import { checkProperty } from "../support/property.ts";

const time = fc.integer({ min: 0, max: 1_000_000 });
const id = fc.constantFrom("a", "b", "c");
const observation: fc.Arbitrary<LeaseObservation> = fc.record({
  term: fc.integer({ min: 0, max: 5 }),
  holderId: fc.option(id),
  incarnation: fc.option(id),
  leaseMs: fc.integer({ min: 100, max: 100_000 }),
  unchangedSinceMs: time,
  reservedFor: fc.option(id),
});

Deno.test("decideLease lets a follower take what another process holds only after its whole lease", () => {
  checkProperty(fc.property(observation, time, (seen, nowMs) => {
    const action = decideLease(seen, nowMs, { holderId: "a", incarnation: "a", held: null });
    const isHeld = seen.holderId !== null && seen.incarnation !== "a";
    const elapsedMs = nowMs - seen.unchangedSinceMs;
    if (isHeld && action.kind === "acquire") assert.ok(elapsedMs >= seen.leaseMs);
    if (action.kind === "wait") {
      assert.ok(action.untilMs > nowMs, "it would wait for nothing");
      assert.equal(action.untilMs, seen.unchangedSinceMs + seen.leaseMs);
    }
    assert.ok(action.kind === "acquire" || action.kind === "wait");
  }));
});

Deno.test("decideLease takes at last what nobody renews, whoever holds it or has it reserved", () => {
  checkProperty(fc.property(observation, (seen) => {
    const self = { holderId: "a", incarnation: "a", held: null };
    const endMs = seen.unchangedSinceMs + seen.leaseMs;
    assert.equal(decideLease(seen, endMs, self).kind, "acquire");
  }));
});

Deno.test("decideLease never tells a holder to go on that is out of time or not in the record", () => {
  const held = fc.record({
    term: fc.integer({ min: 1, max: 5 }),
    validUntilMs: time,
    renewAtMs: time,
  });
  checkProperty(fc.property(observation, held, time, (seen, held, nowMs) => {
    const action = decideLease(seen, nowMs, { holderId: "a", incarnation: "a", held });
    const isOurs = seen.incarnation === "a" && seen.term === held.term;
    assert.equal(action.kind === "stepDown", !isOurs || nowMs >= held.validUntilMs);
    if (action.kind === "wait") {
      assert.ok(action.untilMs > nowMs && action.untilMs <= held.validUntilMs);
    }
  }));
});

Deno.test("a holder's validity is over before any follower may take the lease, for any timing and lag", () => {
  const leaseMs = fc.integer({ min: 100, max: 86_400_000 });
  const lag = fc.double({ min: 0, max: 100_000, noNaN: true });
  checkProperty(fc.property(leaseMs, lag, lag, (leaseMs, sendLagMs, readLagMs) => {
    const { validityMs } = resolveLeaseTiming({ leaseMs });
    const since = { monotonicMs: 0, wallMs: 0 };
    const firstSeenMs = sendLagMs + readLagMs;
    const takenMs = firstSeenMs + leaseMs;
    const now = { monotonicMs: takenMs, wallMs: takenMs };
    assert.ok(remainingValidityMs(since, validityMs, now) < 0);
  }));
});

Deno.test("resolveLeaseTiming accepts only what leaves room for a late renewal and two attempts", () => {
  const options = fc.record({
    leaseMs: fc.integer({ min: 100, max: 20_000 }),
    renewMs: fc.integer({ min: 1, max: 20_000 }),
    attemptTimeoutMs: fc.integer({ min: 1, max: 20_000 }),
  });
  checkProperty(fc.property(options, (options) => {
    let timing;
    try {
      timing = resolveLeaseTiming(options);
    } catch (error) {
      assert.ok(error instanceof RangeError);
      return;
    }
    const { renewMs, attemptTimeoutMs, validityMs } = timing;
    const slowestMs = attemptTimeoutMs * (PREPARE_SHARE + 1 + 1.1 * RETRY_SHARE + 1);
    assert.ok(renewMs * 1.1 + slowestMs <= validityMs + 1e-6);
    assert.ok(timing.validityMs < timing.leaseMs);
    assert.ok(timing.blindPollMs <= timing.safetyPollMs);
  }));
});
