import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import { parseInboxRecord, parseRefusalRecord } from "../../../coordination/work/inbox_record.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";

const record = { ...resolveWorkItem({ id: "w", payload: 1 }), from: "a", nonce: "n" };

Deno.test("parseInboxRecord reads what was written, and refuses what stands elsewhere", () => {
  const parse = (key: Deno.KvKey, fields = {}) =>
    parseInboxRecord({ key, value: { ...encodeRecord(record), ...fields }, versionstamp: "01" });
  assert.deepEqual(parse(["inbox", "w"]), record);
  assert.throws(() => parse(["inbox", "x"]), /it says it is of "w"/);
  assert.throws(() => parse(["inbox", "w"], { from: "" }), /"from"/);
});

Deno.test("parseRefusalRecord reads a reason that is known; there may be none", () => {
  const parse = (value: unknown) =>
    parseRefusalRecord({ key: ["refusal", "w"], value, versionstamp: "01" });
  const refusal = { reason: "no_member", of: "m", nonce: "n" };
  assert.deepEqual(parse({ v: 1, ...refusal }), refusal);
  assert.throws(() => parse({ v: 1, ...refusal, reason: "mood" }), /"reason" to be known/);
  assert.throws(() => parse({ v: 1, ...refusal, of: "" }), /"of"/);
  assert.equal(parseRefusalRecord({ key: ["r"], value: null, versionstamp: null }), null);
});
