import assert from "node:assert/strict";
import {
  batchTimeout,
  checkCountOf,
  composeBatch,
  distinctChecks,
  keyId,
  splitByChecks,
} from "../../coordination/pulse_batch.ts";
import { ScriptedMember } from "../support/scripted_member.ts";

function sent(key: Deno.KvKey, stamp: string | null = null) {
  const member = new ScriptedMember(key);
  member.stamp = stamp;
  return { member, contribution: member.contribute("n")! };
}

Deno.test("composeBatch puts all contributions into one operation with the first one's witness", () => {
  const batch = composeBatch([sent(["a"]), sent(["b"])], "nonce");
  assert.deepEqual(batch.sets.map(({ key }) => key), [["a"], ["b"]]);
  assert.deepEqual(batch.witness, { key: ["a"], nonce: "nonce" });
});

Deno.test("distinctChecks leaves out a check that is there already, and no other", () => {
  const cases = [
    { name: "the same twice", checks: [sent(["a"], "1"), sent(["a"], "1")], count: 1 },
    { name: "one key, two expectations", checks: [sent(["a"], "1"), sent(["a"], "2")], count: 2 },
    { name: "two keys", checks: [sent(["a"], "1"), sent(["b"], "1")], count: 2 },
  ];
  for (const { name, checks, count } of cases) {
    assert.equal(distinctChecks(checks).length, count, name);
  }
});

Deno.test("distinctChecks takes all checks of a contribution", () => {
  const member = new ScriptedMember(["a"], { checkCount: 3 });
  const checks = distinctChecks([{ member, contribution: member.contribute("n")! }, sent(["b"])]);
  assert.deepEqual(checks.map(({ key }) => key), [["a"], ["a", 0], ["a", 1], ["b"]]);
});

Deno.test("splitByChecks fills each batch in order up to the limit of checks, not of members", () => {
  const cases: { counts: number[]; maxChecks: number; batches: number[][] }[] = [
    { counts: [], maxChecks: 10, batches: [] },
    { counts: [1, 3, 2], maxChecks: 10, batches: [[1, 3, 2]] },
    { counts: [3, 3, 3, 1, 1], maxChecks: 10, batches: [[3, 3, 3, 1], [1]] },
    { counts: [3, 3, 3, 3], maxChecks: 10, batches: [[3, 3, 3], [3]] },
    { counts: [1, 1, 1], maxChecks: 1, batches: [[1], [1], [1]] },
    { counts: [3, 1], maxChecks: 2, batches: [[3], [1]] },
  ];
  for (const { counts, maxChecks, batches } of cases) {
    const members = counts.map((checkCount) => new ScriptedMember(["m"], { checkCount }));
    const split = splitByChecks(members, maxChecks);
    const name = `${counts} at most ${maxChecks}`;
    assert.deepEqual(split.map((batch) => batch.map((m) => m.checkCount)), batches, name);
    assert.deepEqual(split.flat(), members, name);
    assert.equal(checkCountOf(members), counts.reduce((a, b) => a + b, 0), name);
  }
});

Deno.test("batchTimeout is the shortest deadline, capped by the longest use", () => {
  const member = (timeoutMs: number, usefulForMs?: number) =>
    new ScriptedMember(["m"], { timeoutMs, ...(usefulForMs !== undefined && { usefulForMs }) });
  const cases = [
    { name: "the shortest", members: [member(100), member(50)], expected: 50 },
    { name: "of no more use", members: [member(100, 20)], expected: 20 },
    { name: "of use to another", members: [member(100, 20), member(100)], expected: 100 },
    { name: "of no use at all", members: [member(100, -5)], expected: 1 },
  ];
  for (const { name, members, expected } of cases) {
    assert.equal(batchTimeout(members), expected, name);
  }
});

Deno.test("keyId tells keys apart whose parts read alike", () => {
  const keys: Deno.KvKey[] = [["a", "b"], ["a,b"], [1], ["1"], [1n], [true], ["true"], []];
  assert.equal(new Set(keys.map(keyId)).size, keys.length);
});
