import assert from "node:assert/strict";
import {
  decideLease,
  type HeldLease,
  type LeaseAction,
  type LeaseObservation,
} from "../../coordination/lease.ts";

/** Held by "a" in term 7, first seen as it stands at 2,000, with a lease of 10,000. */
const heldByOther: LeaseObservation = {
  term: 7,
  holderId: "a",
  incarnation: "a-1",
  leaseMs: 10_000,
  unchangedSinceMs: 2_000,
  reservedFor: null,
};
const resigned: LeaseObservation = { ...heldByOther, holderId: null, incarnation: null };

Deno.test("decideLease tells a follower to take what is free and to wait out what is not", () => {
  const cases: {
    name: string;
    observation: LeaseObservation;
    nowMs: number;
    action: LeaseAction;
  }[] = [
    {
      name: "nobody has ever led",
      observation: { ...resigned, term: 0 },
      nowMs: 2_000,
      action: { kind: "acquire", because: "vacant" },
    },
    {
      name: "the holder has resigned",
      observation: resigned,
      nowMs: 2_000,
      action: { kind: "acquire", because: "vacant" },
    },
    {
      name: "held, just seen",
      observation: heldByOther,
      nowMs: 2_000,
      action: { kind: "wait", untilMs: 12_000 },
    },
    {
      name: "held, a moment before the lease is over",
      observation: heldByOther,
      nowMs: 11_999.999,
      action: { kind: "wait", untilMs: 12_000 },
    },
    {
      name: "held, the lease is over to the moment",
      observation: heldByOther,
      nowMs: 12_000,
      action: { kind: "acquire", because: "expired" },
    },
    {
      name: "the lease that the holder wrote down counts, not the follower's",
      observation: { ...heldByOther, leaseMs: 30_000 },
      nowMs: 31_999,
      action: { kind: "wait", untilMs: 32_000 },
    },
    {
      name: "our id, another process: not ours",
      observation: { ...heldByOther, holderId: "b", incarnation: "b-0" },
      nowMs: 2_000,
      action: { kind: "wait", untilMs: 12_000 },
    },
    {
      name: "our own process, whose term was lost",
      observation: { ...heldByOther, holderId: "b", incarnation: "b-1" },
      nowMs: 2_000,
      action: { kind: "acquire", because: "own" },
    },
    {
      name: "reserved for us",
      observation: { ...resigned, reservedFor: "b" },
      nowMs: 2_000,
      action: { kind: "acquire", because: "reserved" },
    },
    {
      name: "reserved for another",
      observation: { ...resigned, reservedFor: "c" },
      nowMs: 11_999,
      action: { kind: "wait", untilMs: 12_000 },
    },
    {
      name: "reserved for another that did not come",
      observation: { ...resigned, reservedFor: "c" },
      nowMs: 12_000,
      action: { kind: "acquire", because: "expired" },
    },
    {
      name: "held by another, reserved for us by an earlier leader",
      observation: { ...heldByOther, reservedFor: "b" },
      nowMs: 2_000,
      action: { kind: "wait", untilMs: 12_000 },
    },
  ];
  for (const { name, observation, nowMs, action } of cases) {
    const self = { holderId: "b", incarnation: "b-1", held: null };
    assert.deepEqual(decideLease(observation, nowMs, self), action, name);
  }
});

Deno.test("decideLease tells a holder to step down before anything else, then to renew, then to wait", () => {
  const held: HeldLease = { term: 7, validUntilMs: 10_000, renewAtMs: 5_000 };
  const superseded: LeaseAction = { kind: "stepDown", because: "superseded" };
  const expired: LeaseAction = { kind: "stepDown", because: "expired" };
  const cases: {
    name: string;
    change?: Partial<LeaseObservation>;
    held?: Partial<HeldLease>;
    nowMs: number;
    action: LeaseAction;
  }[] = [
    { name: "early", nowMs: 4_999, action: { kind: "wait", untilMs: 5_000 } },
    { name: "renewal due", nowMs: 5_000, action: { kind: "renew" } },
    { name: "renewal overdue, still valid", nowMs: 9_999, action: { kind: "renew" } },
    { name: "validity over to the moment", nowMs: 10_000, action: expired },
    { name: "validity long over", nowMs: 1e9, action: expired },
    { name: "another process", change: { incarnation: "x" }, nowMs: 0, action: superseded },
    { name: "a higher term", change: { term: 8 }, nowMs: 0, action: superseded },
    { name: "a lower term: a restored backup", change: { term: 3 }, nowMs: 0, action: superseded },
    {
      name: "the record is gone",
      change: { term: 0, holderId: null, incarnation: null },
      nowMs: 0,
      action: superseded,
    },
    {
      name: "superseded and expired: superseded",
      change: { term: 8 },
      nowMs: 20_000,
      action: superseded,
    },
    {
      name: "valid for less long than until the renewal",
      held: { renewAtMs: 50_000 },
      nowMs: 0,
      action: { kind: "wait", untilMs: 10_000 },
    },
  ];
  for (const { name, change, held: heldChange, nowMs, action } of cases) {
    const self = { holderId: "a", incarnation: "a-1", held: { ...held, ...heldChange } };
    assert.deepEqual(decideLease({ ...heldByOther, ...change }, nowMs, self), action, name);
  }
});
