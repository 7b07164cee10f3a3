import assert from "node:assert/strict";
import { BallotKeys, inBatches, keyLength } from "../../../coordination/ballots/ballot_keys.ts";

Deno.test("BallotKeys keeps clusters, ballots and rolls apart, whatever separators their ids hold", () => {
  const keys = new BallotKeys("c");
  assert.deepEqual(keys.ballot("a/b"), ["baton", "ballots", "c", "ballot", "a/b"]);
  const all = [
    keys.elector("r", "m"),
    keys.vote("r", "m"),
    keys.counter("r", 0),
    keys.counter("r", "voters"),
    keys.elector("r", "0"),
    new BallotKeys("d").elector("r", "m"),
    keys.elector("r2", "m"),
  ];
  assert.equal(new Set(all.map((key) => JSON.stringify(key))).size, all.length);
  for (const key of all.slice(0, 5)) assert.deepEqual(key.slice(0, 5), keys.roll("r"));
});

Deno.test("inBatches keeps the order and stays below what any store takes", () => {
  const cases = [
    { name: "short ids", ids: Array.from({ length: 5_000 }, (_, at) => `m${at}`) },
    { name: "long ids", ids: Array.from({ length: 500 }, (_, at) => `${at}${"ü".repeat(250)}`) },
    { name: "one", ids: ["a"] },
    { name: "none", ids: [] },
  ];
  const keys = new BallotKeys("c");
  for (const { name, ids } of cases) {
    const wanted = ids.map((id) => keys.elector("r", id));
    const batches = inBatches(wanted, (key) => key);
    assert.deepEqual(batches.flat(), wanted, name);
    for (const batch of batches) {
      assert.ok(batch.length > 0 && batch.length <= 900, name);
      assert.ok(batch.reduce((sum, key) => sum + keyLength(key), 0) <= 64 * 1024, name);
    }
  }
});

Deno.test("keyLength counts bytes, not characters", () => {
  assert.equal(keyLength(["ü"]) - keyLength(["u"]), 1);
  assert.ok(keyLength([1]) >= 9);
});
