import assert from "node:assert/strict";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { parseMemberRecord } from "../../coordination/member_record.ts";
import { memberRecord } from "../support/records.ts";

const KEY = ["baton", "cluster", "c", "member", "a"];
const record = memberRecord({ instanceId: "a" });

const parse = (value: unknown, key: Deno.KvKey = KEY) =>
  parseMemberRecord({ key, value, versionstamp: "01" });

Deno.test("parseMemberRecord gives the record back, a vote as it stands", () => {
  assert.deepEqual(parse({ v: 1, ...record }), record);
  const silent = { ...record, healthScore: null, vote: null, state: null };
  assert.deepEqual(parse({ v: 1, ...silent }), silent);
  const odd = { ...record, vote: ["not", "a", "vote"] };
  assert.deepEqual(parse({ v: 1, ...odd }).vote, odd.vote);
});

Deno.test("parseMemberRecord takes an id that is a prototype key", () => {
  const proto = { ...record, instanceId: "__proto__" };
  assert.deepEqual(parse({ v: 1, ...proto }, [...KEY.slice(0, -1), "__proto__"]), proto);
});

Deno.test("parseMemberRecord refuses what is not this member's record (F12)", () => {
  const cases: { name: string; value: unknown; fault: string | RegExp }[] = [
    { name: "a hand-written value", value: "alive", fault: 'expected an object, found "alive"' },
    { name: "another version", value: { ...record, v: 3 }, fault: /version 3 is newer/ },
    {
      name: "another member's id",
      value: { v: 1, ...record, instanceId: "b" },
      fault: 'it says it belongs to "b"',
    },
    { name: "no incarnation", value: { v: 1, ...record, incarnation: "" }, fault: /"incarnation"/ },
    { name: "no date", value: { v: 1, ...record, writtenAt: undefined }, fault: /"writtenAt"/ },
    { name: "a date in ms", value: { v: 1, ...record, writtenAt: 5 }, fault: /"writtenAt"/ },
    { name: "heartbeat of 0", value: { v: 1, ...record, heartbeatMs: 0 }, fault: /"heartbeatMs"/ },
    { name: "heartbeat NaN", value: { v: 1, ...record, heartbeatMs: NaN }, fault: /"heartbeatMs"/ },
    { name: "labels of numbers", value: { v: 1, ...record, labels: { a: 1 } }, fault: /"labels"/ },
    { name: "load below 0", value: { v: 1, ...record, load: -1 }, fault: /"load"/ },
    { name: "endless load", value: { v: 1, ...record, load: Infinity }, fault: /"load"/ },
    { name: "score above 1", value: { v: 1, ...record, healthScore: 2 }, fault: /"healthScore"/ },
    {
      name: "no score at all",
      value: { v: 1, ...record, healthScore: undefined },
      fault: /"healthScore"/,
    },
    { name: "a document in text", value: { v: 1, ...record, state: "{}" }, fault: /"state"/ },
  ];
  for (const { name, value, fault } of cases) {
    assert.throws(() => parse(value), (error) => {
      assert.ok(error instanceof CorruptRecordError, name);
      assert.deepEqual(error.key, KEY);
      if (typeof fault === "string") assert.equal(error.fault, fault, name);
      else assert.match(error.fault, fault, name);
      return true;
    }, name);
  }
});
