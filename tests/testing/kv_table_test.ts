import assert from "node:assert/strict";
import { type KvCell, KvTable } from "../../testing/kv_table.ts";
import { storeValue } from "../../testing/kv_value.ts";

function cell(name: string, removeAtMs = Infinity): KvCell {
  return { key: [name], stored: storeValue(name), versionstamp: "0".repeat(20), removeAtMs };
}

function table(...names: string[]): KvTable {
  const made = new KvTable();
  for (const name of names) made.set(name, cell(name));
  return made;
}

const ALL = { start: "", end: "\uffff" };
const names = (cells: readonly KvCell[]) => cells.map(({ key }) => key[0]).join("");

const READS = [
  { name: "all", range: ALL, limit: 9, reverse: false, wanted: "abcd" },
  { name: "the first", range: ALL, limit: 2, reverse: false, wanted: "ab" },
  { name: "the last", range: ALL, limit: 2, reverse: true, wanted: "dc" },
  { name: "a part", range: { start: "b", end: "d" }, limit: 9, reverse: false, wanted: "bc" },
  {
    name: "a part from its end",
    range: { start: "b", end: "d" },
    limit: 9,
    reverse: true,
    wanted: "cb",
  },
  { name: "between keys", range: { start: "aa", end: "az" }, limit: 9, reverse: false, wanted: "" },
  { name: "an empty range", range: { start: "b", end: "b" }, limit: 9, reverse: true, wanted: "" },
];

for (const { name, range, limit, reverse, wanted } of READS) {
  Deno.test(`KvTable reads ${name} in order whatever the order of writing`, () => {
    assert.equal(names(table("c", "a", "d", "b").read(range, limit, reverse, 0)), wanted);
  });
}

Deno.test("KvTable replaces and removes cells", () => {
  const made = table("a", "b");
  made.set("a", cell("A"));
  made.delete("b");
  made.delete("none");
  assert.equal(made.size, 1);
  assert.equal(names(made.read(ALL, 9, false, 0)), "A");
});

Deno.test("KvTable hides a cell from the moment at which it is removed", () => {
  const made = table("a");
  made.set("b", cell("b", 10));
  assert.equal(made.get("b", 9)!.key[0], "b");
  assert.equal(names(made.read(ALL, 9, false, 9)), "ab");
  assert.equal(names(made.read(ALL, 9, false, 10)), "a");
  assert.equal(made.get("b", 10), undefined);
  assert.equal(made.size, 1);
});

Deno.test("KvTable stays as it is when its copy changes", () => {
  const made = table("a");
  const copy = new KvTable(made);
  copy.set("b", cell("b"));
  copy.delete("a");
  assert.equal(names(made.read(ALL, 9, false, 0)), "a");
  assert.equal(names(copy.read(ALL, 9, false, 0)), "b");
});
