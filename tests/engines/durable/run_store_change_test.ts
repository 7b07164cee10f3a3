import assert from "node:assert/strict";
import { checkRunStoreChange, excessBytes } from "../../../engines/durable/run_store_change.ts";

const value = "x".repeat(59_998);

const REFUSED = [
  {
    name: "nine checks",
    change: { checks: Array.from({ length: 9 }, (_, i) => ({ key: [`${i}`], version: null })) },
    message: /at most 8 checks, got 9/,
  },
  {
    name: "501 writes and removals",
    change: { deletes: Array.from({ length: 501 }, (_, i) => [`${i}`]) },
    message: /at most 500 writes and removals, got 501/,
  },
  {
    name: "a key that is written and removed",
    change: { sets: [{ key: ["a"], value: 1 }], deletes: [["a"]] },
    message: /\["a"\] twice/,
  },
  {
    name: "a value that is one byte too large",
    change: { sets: [{ key: ["a"], value: value + "x" }] },
    message: /at most 60000 bytes of one value, got 60001/,
  },
  {
    name: "values that are together too large",
    change: { sets: Array.from({ length: 11 }, (_, i) => ({ key: [`${i}`], value })) },
    message: /at most 600000 bytes, got 660000/,
  },
  {
    name: "a value that JSON cannot carry",
    change: { sets: [{ key: ["a"], value: { at: new Date(0) } }] },
    message: /value\.at/,
  },
];

for (const { name, change, message } of REFUSED) {
  Deno.test(`checkRunStoreChange refuses ${name}`, () => {
    assert.throws(() => checkRunStoreChange(change), message);
  });
}

Deno.test("checkRunStoreChange copies what it is given, values as JSON in UTF-8", () => {
  const checked = checkRunStoreChange({ sets: [{ key: ["a"], value: { b: "é" } }] });
  assert.equal(new TextDecoder().decode(checked.sets[0]!.json), '{"b":"é"}');
  assert.deepEqual([checked.checks, checked.deletes], [[], []]);
});

Deno.test("excessBytes says how much a value is too large, in bytes and not in characters", () => {
  assert.equal(excessBytes(value), 0);
  assert.equal(excessBytes(value + "x"), 1);
  assert.equal(excessBytes("é".repeat(30_000)), 2);
});
