import assert from "node:assert/strict";
import {
  electionKeys,
  encodeRecord,
  fenceKey,
  leaseObservation,
  type LeaseRecord,
  parseLeaseRecord,
  parseTermRecord,
  type TermRecord,
} from "../../coordination/election_records.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";

const keys = electionKeys(["baton"], "host:8080/main");
const term: TermRecord = {
  term: 7,
  holderId: "a",
  incarnation: "a-1",
  nonce: "n-1",
  leaseMs: 10_000,
  storeId: "s-1",
  reservedFor: null,
  writtenAt: "2026-01-01T00:00:00.000Z",
};
const lease: LeaseRecord = {
  term: 7,
  nonce: "n-2",
  leaseMs: 8_000,
  renewals: 3,
  writtenAt: "2026-01-01T00:00:03.000Z",
};

const entry = (key: Deno.KvKey, value: unknown) => ({ key, value, versionstamp: "01" });

Deno.test("electionKeys keeps names in one part each, whatever they hold (F10)", () => {
  assert.deepEqual(keys, {
    prefix: ["baton", "election", "host:8080/main"],
    term: ["baton", "election", "host:8080/main", "term"],
    lease: ["baton", "election", "host:8080/main", "lease"],
    fences: ["baton", "election", "host:8080/main", "fence"],
  });
});

Deno.test("fenceKey is another for every commit that takes a term", () => {
  assert.deepEqual(fenceKey(keys, "n-1"), ["baton", "election", "host:8080/main", "fence", "n-1"]);
  assert.notDeepEqual(fenceKey(keys, "n-1"), fenceKey(keys, "n-2"));
});

Deno.test("election records come back as they were encoded", () => {
  assert.deepEqual(encodeRecord(term), { v: 1, ...term });
  assert.deepEqual(parseTermRecord(entry(keys.term, encodeRecord(term))), term);
  const handedOver = { ...term, holderId: null, reservedFor: "b" };
  assert.deepEqual(parseTermRecord(entry(keys.term, encodeRecord(handedOver))), handedOver);
  assert.deepEqual(parseLeaseRecord(entry(keys.lease, encodeRecord(lease))), lease);
});

Deno.test("election records are null where there is none", () => {
  const none = { value: null, versionstamp: null } as const;
  assert.equal(parseTermRecord({ key: keys.term, ...none }), null);
  assert.equal(parseLeaseRecord({ key: keys.lease, ...none }), null);
});

Deno.test("election records that are not Baton's are reported by key and fault", () => {
  const cases: { name: string; parse: () => unknown; fault: RegExp }[] = [
    { name: "a hand-written leader", parse: parse("term", "node-1"), fault: /expected an object/ },
    { name: "a newer version", parse: parse("term", { ...term, v: 2 }), fault: /newer than 1/ },
    { name: "no term", parse: parse("term", { v: 1 }), fault: /"term" to be a number/ },
    { name: "term 0", parse: parse("term", { v: 1, ...term, term: 0 }), fault: /"term"/ },
    { name: "half a term", parse: parse("term", { v: 1, ...term, term: 1.5 }), fault: /"term"/ },
    {
      name: "term too large",
      parse: parse("term", { v: 1, ...term, term: 2 ** 53 }),
      fault: /"term"/,
    },
    {
      name: "no holder",
      parse: parse("term", { v: 1, ...term, holderId: "" }),
      fault: /"holderId"/,
    },
    {
      name: "an endless lease",
      parse: parse("term", { v: 1, ...term, leaseMs: Infinity }),
      fault: /"leaseMs"/,
    },
    {
      name: "no lease at all",
      parse: parse("term", { v: 1, ...term, leaseMs: 0 }),
      fault: /"leaseMs"/,
    },
    { name: "no nonce", parse: parse("term", { v: 1, ...term, nonce: 1 }), fault: /"nonce"/ },
    {
      name: "no store id",
      parse: parse("term", { v: 1, ...term, storeId: null }),
      fault: /"storeId"/,
    },
    {
      name: "reserved for a number",
      parse: parse("term", { v: 1, ...term, reservedFor: 1 }),
      fault: /"reservedFor"/,
    },
    { name: "a lease that is a list", parse: parse("lease", [1]), fault: /found a list/ },
    {
      name: "renewals below 0",
      parse: parse("lease", { v: 1, ...lease, renewals: -1 }),
      fault: /"renewals"/,
    },
    {
      name: "lease without term",
      parse: parse("lease", { v: 1, ...lease, term: "7" }),
      fault: /"term"/,
    },
  ];
  for (const { name, parse, fault } of cases) {
    assert.throws(parse, (error) => {
      assert.ok(error instanceof CorruptRecordError, name);
      assert.match(error.fault, fault, name);
      return true;
    }, name);
  }
});

Deno.test("leaseObservation takes the holder's latest lease, and no holder after a resignation", () => {
  const resigned = { ...term, holderId: null, reservedFor: "b" };
  const cases: {
    name: string;
    record: TermRecord | null;
    lease: LeaseRecord | null;
    seen: object;
  }[] = [
    {
      name: "nothing there",
      record: null,
      lease: null,
      seen: { term: 0, holderId: null, incarnation: null, leaseMs: 500, reservedFor: null },
    },
    {
      name: "held and renewed: the lease record counts",
      record: term,
      lease,
      seen: { term: 7, holderId: "a", incarnation: "a-1", leaseMs: 8_000, reservedFor: null },
    },
    {
      name: "the lease record is gone",
      record: term,
      lease: null,
      seen: { term: 7, holderId: "a", incarnation: "a-1", leaseMs: 10_000, reservedFor: null },
    },
    {
      name: "resigned: the process that resigned is nobody's",
      record: resigned,
      lease,
      seen: { term: 7, holderId: null, incarnation: null, leaseMs: 8_000, reservedFor: "b" },
    },
  ];
  for (const { name, record, lease, seen } of cases) {
    const sighting = { record, lease, unchangedSinceMs: 42, defaultLeaseMs: 500 };
    assert.deepEqual(leaseObservation(sighting), { ...seen, unchangedSinceMs: 42 }, name);
  }
});

function parse(which: "term" | "lease", value: unknown): () => unknown {
  return which === "term"
    ? () => parseTermRecord(entry(keys.term, value))
    : () => parseLeaseRecord(entry(keys.lease, value));
}
