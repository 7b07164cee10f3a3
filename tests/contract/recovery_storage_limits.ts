import assert from "node:assert/strict";
import type {
  StorageChange,
  StorageKey,
  StorageListOptions,
} from "../../orchestration/recovery/recovery_storage.ts";
import type { StorageCase } from "./recovery_storage_contract.ts";

const KEY = ["k"];

const LARGE_KEYS: readonly StorageKey[] = [
  Array<string>(8).fill("p"),
  ["x".repeat(200)],
  ["\u{1f600}".repeat(100)],
  [...Array<string>(4).fill("x".repeat(200)), "x".repeat(190)],
];

const NO_KEYS: readonly { readonly name: string; readonly key: unknown }[] = [
  { name: "a text", key: "k" },
  { name: "no parts", key: [] },
  { name: "nine parts", key: Array<string>(9).fill("p") },
  { name: "an empty part", key: ["a", ""] },
  { name: "a part of 201 characters", key: ["x".repeat(201)] },
  { name: "a number", key: ["a", 1] },
  { name: "null", key: [null] },
  { name: "a hole", key: Array<string>(2) },
  { name: "half a pair", key: ["\ud83d"] },
  { name: "NUL", key: ["a\0b"] },
  { name: "1,001 bytes", key: [...Array<string>(4).fill("x".repeat(200)), "x".repeat(191)] },
];

const NO_VALUES: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: "NaN", value: { a: NaN } },
  { name: "a bigint", value: 1n },
  { name: "a Date", value: new Date(0) },
  { name: "a Map", value: [new Map()] },
  { name: "a function", value: () => 1 },
  { name: "undefined in a list", value: [undefined] },
];

const keysOf = (count: number, length = 9) =>
  Array.from({ length: count }, (_, i) => [String(i).padStart(length, "0")]);
const setsOf = (count: number, value: unknown) => keysOf(count).map((key) => ({ key, value }));
const checksOf = (count: number) => keysOf(count).map((key) => ({ key, version: null }));

/** The largest that go: 2 bytes of JSON are its quotes. */
const LARGE_CHANGES: readonly { readonly name: string; readonly change: StorageChange }[] = [
  { name: "8 checks", change: { checks: checksOf(8), sets: [{ key: KEY, value: 1 }] } },
  { name: "500 writes", change: { sets: setsOf(500, 1) } },
  { name: "500 removals", change: { deletes: keysOf(500) } },
  { name: "a value of 60,000 characters", change: { sets: setsOf(1, "é".repeat(59_998)) } },
  { name: "a value of 30,000 not in Latin-1", change: { sets: setsOf(1, "€".repeat(29_998)) } },
  { name: "600,000 bytes of values", change: { sets: setsOf(10, "x".repeat(59_998)) } },
  { name: "as many in small ones", change: { sets: setsOf(500, "x".repeat(1_198)) } },
  {
    name: "50,000 bytes of keys with 600,000 of values",
    change: { sets: keysOf(500, 98).map((key) => ({ key, value: "x".repeat(1_198) })) },
  },
  {
    name: "50,000 bytes of removed keys with 8 long checks",
    change: {
      checks: checksOf(8).map(({ key, version }) => ({ key: [...key, "x".repeat(200)], version })),
      deletes: keysOf(500, 98),
    },
  },
];

const TOO_LARGE: readonly {
  readonly name: string;
  readonly change: StorageChange;
  readonly message: string;
}[] = [
  {
    name: "9 checks",
    change: { checks: checksOf(9) },
    message: "A change may have at most 8 checks, got 9",
  },
  {
    name: "501 writes and removals",
    change: { sets: setsOf(250, 1), deletes: keysOf(251) },
    message: "A change may have at most 500 writes and removals, got 501",
  },
  {
    name: "a value of 60,001 characters",
    change: { sets: setsOf(1, "é".repeat(59_999)) },
    message: "A change may have at most 60000 bytes of one value, got 60001",
  },
  {
    name: "a value of 30,001 not in Latin-1",
    change: { sets: setsOf(1, "€".repeat(29_999)) },
    message: "A change may have at most 60000 bytes of one value, got 60002",
  },
  {
    name: "600,001 bytes of values",
    change: {
      sets: [...setsOf(10, "x".repeat(59_998)), { key: KEY, value: 1 }],
    },
    message: "A change may have at most 600000 bytes of values, got 600001",
  },
  {
    name: "50,001 bytes of keys",
    change: { deletes: [...keysOf(499, 98), ["x".repeat(99)]] },
    message: "A change may have at most 50000 bytes of keys, got 50001",
  },
];

const NO_SELECTIONS: readonly {
  readonly name: string;
  readonly prefix?: unknown;
  readonly options: StorageListOptions;
  readonly error: string;
}[] = [
  { name: "limit 0", options: { limit: 0 }, error: "RangeError" },
  { name: "limit 1.5", options: { limit: 1.5 }, error: "RangeError" },
  { name: "limit NaN", options: { limit: NaN }, error: "RangeError" },
  { name: "limit 1,000,001", options: { limit: 1_000_001 }, error: "RangeError" },
  { name: "after the prefix itself", options: { limit: 1, after: ["a"] }, error: "TypeError" },
  { name: "after beside it", options: { limit: 1, after: ["b", "c"] }, error: "TypeError" },
  { name: "after no key", options: { limit: 1, after: ["a", ""] }, error: "TypeError" },
  { name: "no prefix", prefix: [1], options: { limit: 1 }, error: "TypeError" },
  { name: "a long prefix", prefix: Array(9).fill("a"), options: { limit: 1 }, error: "TypeError" },
];

/** What is too much for a storage, or nothing for it. */
export const STORAGE_LIMIT_CASES: readonly StorageCase[] = [
  {
    name: "the largest keys go",
    run: async ({ storage }) => {
      for (const key of LARGE_KEYS) {
        assert.ok(await storage.commit({ sets: [{ key, value: 1 }] }));
        assert.deepEqual((await storage.get(key))?.key, key);
        const [first] = await storage.list(key.slice(0, -1), { limit: 1 });
        assert.deepEqual(first?.key, key);
        assert.deepEqual(await storage.list([], { limit: 1, after: key }), []);
        assert.ok(await storage.commit({ deletes: [key] }));
      }
    },
  },
  {
    name: "what is no key is refused everywhere, and nothing is done",
    run: async ({ storage }) => {
      for (const { name, key: given } of NO_KEYS) {
        const key = given as StorageKey;
        const good = { key: KEY, value: 1 };
        const error = { name: "TypeError", message: /storage key must/ };
        await assert.rejects(storage.get(key), error, name);
        const bad: readonly StorageChange[] = [
          { sets: [good, { key, value: 1 }] },
          { sets: [good], deletes: [key] },
          { sets: [good], checks: [{ key, version: null }] },
        ];
        for (const change of bad) await assert.rejects(storage.commit(change), error, name);
      }
      assert.deepEqual(await storage.list([], { limit: 1 }), []);
    },
  },
  {
    name: "what is no value and no version is refused, and nothing is done",
    run: async ({ storage }) => {
      for (const { name, value } of NO_VALUES) {
        const sets = [{ key: KEY, value: 1 }, { key: ["l"], value }];
        const error = { name: "TypeError", message: /^A stored value must be a JSON value/ };
        await assert.rejects(storage.commit({ sets }), error, name);
      }
      const checks = [{ key: KEY, version: undefined as unknown as null }];
      await assert.rejects(storage.commit({ checks }), {
        name: "TypeError",
        message: "A version must be a text or null, got a undefined",
      });
      assert.deepEqual(await storage.list([], { limit: 1 }), []);
    },
  },
  {
    name: "a key that is changed twice is refused",
    run: async ({ storage }) => {
      const error = {
        name: "TypeError",
        message: 'A change must name each key once, got ["k"] twice',
      };
      const write = { key: KEY, value: 1 };
      await assert.rejects(storage.commit({ sets: [write, { key: KEY, value: 2 }] }), error);
      await assert.rejects(storage.commit({ sets: [write], deletes: [KEY] }), error);
      await assert.rejects(storage.commit({ deletes: [KEY, KEY] }), error);
    },
  },
  {
    name: "the largest changes go, under a term too",
    run: async ({ storage, lead }) => {
      for (const { name, change } of LARGE_CHANGES) {
        const { fence } = await lead();
        const version = await storage.commit({ ...change, fence });
        assert.ok(version, name);
        const entries = await storage.list([], { limit: 501 });
        assert.equal(entries.length, change.sets?.length ?? 0, name);
        const isWritten = entries.every((entry) => entry.version === version);
        assert.ok(isWritten, name);
        const left = entries.map(({ key }) => key);
        if (left.length > 0) assert.ok(await storage.commit({ deletes: left }), name);
      }
    },
  },
  {
    name: "larger changes are refused, and nothing is done",
    run: async ({ storage }) => {
      for (const { name, change, message } of TOO_LARGE) {
        await assert.rejects(storage.commit(change), { name: "RangeError", message }, name);
      }
      assert.deepEqual(await storage.list([], { limit: 1 }), []);
    },
  },
  {
    name: "list refuses what selects nothing",
    run: async ({ storage }) => {
      for (const { name, prefix = ["a"], options, error } of NO_SELECTIONS) {
        const reading = storage.list(prefix as StorageKey, options);
        await assert.rejects(reading, { name: error }, name);
      }
    },
  },
];
