import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";
import {
  parseStoredWork,
  parseWorkCopy,
  parseWorkRecord,
  type WorkRecord,
} from "../../../coordination/work/work_record.ts";

const record: WorkRecord = {
  ...resolveWorkItem({ id: "w", payload: { a: 1 }, labels: { zone: "eu" }, progressMs: 5 }),
  status: "claimed",
  attempt: 2,
  assignee: "a",
  incarnation: "a-1",
  delayMs: 0,
  progress: 0.5,
  result: null,
  error: "Error: no",
  nonce: "n",
  endedBy: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  writtenAt: "2026-01-01T00:00:01.000Z",
};

const entry = (fields: object = {}, key: Deno.KvKey = ["item", "w"]): Deno.KvEntry<unknown> => ({
  key,
  value: { ...encodeRecord(record), ...fields },
  versionstamp: "01",
});

Deno.test("parseWorkRecord reads what was written, and nothing else of it", () => {
  assert.deepEqual(parseWorkRecord(entry({ extra: 1 })), record);
});

Deno.test("parseWorkRecord names the first field that is not what it should be", () => {
  const cases: { fields: object; fault: RegExp }[] = [
    { fields: { v: 2 }, fault: /version 2 is newer/ },
    { fields: { status: "lost" }, fault: /"status" to be known/ },
    { fields: { payload: "{" }, fault: /"payload" to be JSON/ },
    { fields: { result: "{" }, fault: /"result" to be JSON/ },
    { fields: { attempt: -1 }, fault: /"attempt"/ },
    { fields: { assignee: null }, fault: /"assignee"/ },
    { fields: { progress: "1" }, fault: /"progress"/ },
    { fields: { claimMs: 1 }, fault: /"claimMs"/ },
    { fields: { progressMs: 0 }, fault: /"progressMs"/ },
    { fields: { labels: { a: 1 } }, fault: /"labels"/ },
    { fields: { nonce: undefined }, fault: /"nonce"/ },
  ];
  for (const { fields, fault } of cases) {
    assert.throws(() => parseWorkRecord(entry(fields)), { code: "CORRUPT_RECORD", message: fault });
  }
});

Deno.test("parseStoredWork refuses a record that stands under another id; there may be none", () => {
  assert.deepEqual(parseStoredWork(entry()), { record, versionstamp: "01" });
  assert.equal(parseStoredWork({ key: ["item", "w"], value: null, versionstamp: null }), null);
  assert.throws(() => parseStoredWork(entry({}, ["item", "x"])), /it says it is of "w"/);
});

Deno.test("parseWorkCopy says where the copy stands", () => {
  const key = ["ready", "a", 0, 1, 2];
  assert.deepEqual(parseWorkCopy(entry({}, key)), { key, record, versionstamp: "01" });
});
