import assert from "node:assert/strict";
import {
  checkStorageChange,
  storedValueBytes,
} from "../../../orchestration/recovery/storage_change.ts";

Deno.test("checkStorageChange gives a copy with values as JSON and without the fence", () => {
  const key = ["a"];
  const value = { list: [1], none: undefined };
  const checks = [{ key: ["c"], version: null }, { key: ["d"], version: "v" }];
  const fence = { check: { key: ["t"], versionstamp: null }, isValid: () => true };
  const checked = checkStorageChange({ checks, sets: [{ key, value }], deletes: [["b"]], fence });
  key.push("later");
  value.list.push(2);
  assert.deepEqual(checked, {
    checks: [{ key: ["c"], version: null }, { key: ["d"], version: "v" }],
    sets: [{ key: ["a"], json: '{"list":[1]}' }],
    deletes: [["b"]],
  });
});

Deno.test("checkStorageChange takes an empty change", () => {
  assert.deepEqual(checkStorageChange({}), { checks: [], sets: [], deletes: [] });
});

Deno.test("checkStorageChange says what is wrong", () => {
  const cases = [
    {
      name: "a value that JSON changes",
      run: () => checkStorageChange({ sets: [{ key: ["a"], value: { at: new Date(0) } }] }),
      error: {
        name: "TypeError",
        message: 'A stored value must be a JSON value, found a Date at "at"',
      },
    },
    {
      name: "a value that is too large",
      run: () => checkStorageChange({ sets: [{ key: ["a"], value: "x".repeat(60_000) }] }),
      error: {
        name: "RangeError",
        message: "A change may have at most 60000 bytes of one value, got 60002",
      },
    },
    {
      name: "a key that is written and removed",
      run: () => checkStorageChange({ sets: [{ key: ["a"], value: 1 }], deletes: [["a"]] }),
      error: { name: "TypeError", message: 'A change must name each key once, got ["a"] twice' },
    },
  ];
  for (const { name, run, error } of cases) assert.throws(run, error, name);
});

Deno.test("checkStorageChange escapes a few characters outside Latin-1 rather than double all", () => {
  const value = `${"x".repeat(50_000)}€ \u{1f600}`;
  const [stored] = checkStorageChange({ sets: [{ key: ["a"], value }] }).sets;
  assert.ok(stored!.json.length < 50_100);
  assert.equal(JSON.parse(stored!.json), value);
  const short = checkStorageChange({ sets: [{ key: ["a"], value: "日本語" }] }).sets[0];
  assert.equal(short!.json, '"日本語"');
});

Deno.test("storedValueBytes counts what a storage takes, and not more", () => {
  const values = ["", "x".repeat(59_998), "日".repeat(29_998), `${"x".repeat(59_991)}€`];
  assert.deepEqual(values.map(storedValueBytes), [2, 60_000, 60_000, 59_999]);
  for (const value of values) checkStorageChange({ sets: [{ key: ["a"], value }] });
  const wide = "日".repeat(29_999);
  assert.throws(
    () => checkStorageChange({ sets: [{ key: ["a"], value: wide }] }),
    new RegExp(`got ${storedValueBytes(wide)}`),
  );
});
