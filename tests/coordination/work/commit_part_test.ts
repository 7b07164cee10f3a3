import assert from "node:assert/strict";
import {
  type CommitPart,
  countFitting,
  keyText,
  mergeParts,
} from "../../../coordination/work/commit_part.ts";

const part = (id: string, more: Partial<CommitPart> = {}): CommitPart => ({
  checks: [{ key: ["term"], versionstamp: "1" }, { key: [id], versionstamp: null }],
  sets: [{ key: [id], value: { nonce: id } }, { key: ["bell"], value: { nonce: id } }],
  deletes: [["old", id]],
  sums: [{ key: ["n"], amount: 1n }],
  witness: { key: [id], nonce: id },
  bytes: 100,
  ...more,
});

Deno.test("countFitting counts the parts that go together", () => {
  const cases = [
    { name: "all", parts: [part("a"), part("b")], checks: 3, bytes: 200, count: 2 },
    { name: "a check too many", parts: [part("a"), part("b")], checks: 2, bytes: 200, count: 1 },
    { name: "a byte too many", parts: [part("a"), part("b")], checks: 9, bytes: 199, count: 1 },
    { name: "one that is too large alone", parts: [part("a")], checks: 1, bytes: 1, count: 1 },
    {
      name: "the same record twice",
      parts: [part("a"), part("b"), part("a")],
      checks: 9,
      bytes: 999,
      count: 2,
    },
  ];
  for (const { name, parts, checks, bytes, count } of cases) {
    assert.equal(countFitting(parts, { checks, bytes }), count, name);
  }
});

Deno.test("mergeParts checks and writes once what several parts do, and adds up counters", () => {
  const less = { sums: [{ key: ["n"], amount: -2n }, { key: ["m"], amount: 5n }] };
  const batch = mergeParts([part("a"), part("b"), part("c", less)]);
  assert.equal(batch.checks.length, 4);
  assert.deepEqual(batch.sets.map(({ key }) => key), [["a"], ["bell"], ["b"], ["c"]]);
  assert.deepEqual(batch.deletes, [["old", "a"], ["old", "b"], ["old", "c"]]);
  assert.deepEqual(batch.sums, [{ key: ["m"], amount: 5n }]);
  assert.deepEqual(batch.witness, { key: ["a"], nonce: "a" });
});

Deno.test("mergeParts keeps apart two checks of one key that want different things", () => {
  const other = part("b", { checks: [{ key: ["term"], versionstamp: "2" }] });
  assert.equal(mergeParts([part("a"), other]).checks.length, 3);
});

Deno.test("keyText tells keys of unlike parts apart", () => {
  const keys: Deno.KvKey[] = [["1"], [1], [1n], [true], ["1", "2"], ["1,2"]];
  assert.equal(new Set(keys.map(keyText)).size, keys.length);
});
