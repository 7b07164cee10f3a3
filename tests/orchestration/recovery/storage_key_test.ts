import assert from "node:assert/strict";
import type { StorageKey } from "../../../orchestration/recovery/recovery_storage.ts";
import {
  checkStorageKey,
  checkStoragePrefix,
  storageKeyBytes,
  storageOrderKey,
} from "../../../orchestration/recovery/storage_key.ts";

const FAULTS: readonly { readonly key: unknown; readonly message: string }[] = [
  { key: [], message: "A storage key must be a list of 1 to 8 texts" },
  { key: "key", message: "A storage key must be a list of 1 to 8 texts" },
  { key: Array(9).fill("p"), message: "A storage key must be a list of at most 8 texts" },
  { key: [1], message: "A part of a storage key must be a text, got a number" },
  { key: ["a", null], message: "A part of a storage key must be a text, got null" },
  { key: Array(1), message: "A part of a storage key must be a text, got a undefined" },
  { key: [""], message: "A part of a storage key must have 1 to 200 characters, got 0" },
  {
    key: ["x".repeat(201)],
    message: "A part of a storage key must have 1 to 200 characters, got 201",
  },
  {
    key: ["\udc00"],
    message: 'A part of a storage key must be well-formed and without NUL, got "\\udc00"',
  },
  {
    key: ["a\0"],
    message: 'A part of a storage key must be well-formed and without NUL, got "a\\u0000"',
  },
  {
    key: Array(2).fill("€".repeat(167)),
    message: "A storage key must have at most 1000 bytes, with 2 more for each part, got 1006",
  },
];

Deno.test("checkStorageKey refuses what is no key, with what is wrong", () => {
  for (const { key, message } of FAULTS) {
    assert.throws(() => checkStorageKey(key as StorageKey), { name: "TypeError", message });
  }
});

Deno.test("checkStorageKey gives a copy", () => {
  const key = ["a", "b"];
  const copy = checkStorageKey(key);
  key.push("c");
  assert.deepEqual(copy, ["a", "b"]);
});

Deno.test("checkStoragePrefix also takes no parts", () => {
  assert.deepEqual(checkStoragePrefix([]), []);
  assert.throws(() => checkStoragePrefix([""]), { name: "TypeError" });
});

Deno.test("storageKeyBytes counts what a part is as UTF-8, and two more", () => {
  assert.equal(storageKeyBytes([]), 0);
  assert.equal(storageKeyBytes(["a", "é", "€", "😀"]), 1 + 2 + 3 + 4 + 8);
});

Deno.test("storageOrderKey orders parts by code points, and keys before those below them", () => {
  const texts = ["a", "a\u0001", "b", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"];
  const keys = texts.flatMap((text) => [[text], [text, "a"], [text, "\u{10ffff}"]]);
  const orderKeys = keys.map(storageOrderKey);
  assert.deepEqual(orderKeys.toSorted(), orderKeys);
  assert.equal(new Set(orderKeys).size, keys.length);
});

Deno.test("storageOrderKey begins with that of a prefix, and only of one", () => {
  const cases = [
    { key: ["a", "b"], prefix: ["a"], isBelow: true },
    { key: ["a"], prefix: [], isBelow: true },
    { key: ["ab", "c"], prefix: ["a"], isBelow: false },
    { key: ["\u{10000}", "b"], prefix: ["\u{10000}"], isBelow: true },
    { key: ["\u{10001}", "b"], prefix: ["\u{10000}"], isBelow: false },
  ];
  for (const { key, prefix, isBelow } of cases) {
    assert.equal(storageOrderKey(key).startsWith(storageOrderKey(prefix)), isBelow, key.join());
  }
});
