import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import { parseClaimedRecord } from "../../../coordination/work/claimed_record.ts";

const record = { id: "w", member: "a", incarnation: "a-1", claimMs: 1_000, nonce: "n" };

Deno.test("parseClaimedRecord reads what was written, and refuses what stands elsewhere", () => {
  const parse = (key: Deno.KvKey, fields = {}) =>
    parseClaimedRecord({ key, value: { ...encodeRecord(record), ...fields }, versionstamp: "01" });
  assert.deepEqual(parse(["claimed", "a", "w"]), record);
  assert.throws(() => parse(["claimed", "a", "x"]), /it says it is of "w" and "a"/);
  assert.throws(() => parse(["claimed", "b", "w"]), { code: "CORRUPT_RECORD" });
  assert.throws(() => parse(["claimed", "a", "w"], { claimMs: 0 }), /"claimMs"/);
});
