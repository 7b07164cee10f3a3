import assert from "node:assert/strict";
import type { KvCase } from "./kv_contract.ts";

const keys = (count: number): Deno.KvKey[] => Array.from({ length: count }, (_, i) => ["k", i]);
/** A key of one string takes two bytes more. */
const keyOfBytes = (bytes: number): Deno.KvKey => ["a".repeat(bytes - 2)];

const refused = (message: string) => ({ name: "TypeError", message });
const READ_KEY = refused("Key too large for read (max 2049 bytes)");
const WRITE_KEY = refused("Key too large for write (max 2048 bytes)");
const VALUE = refused("Value too large (max 65536 bytes)");
const NO_KEY_PART = refused("expected string, number, bigint, ArrayBufferView, boolean");

function sets(kv: Deno.Kv, count: number, key: (i: number) => Deno.KvKey, value: unknown) {
  const operation = kv.atomic();
  for (let i = 0; i < count; i++) operation.set(key(i), value);
  return operation.commit();
}

/** What stores refuse, and what they just take. */
export const LIMIT_CASES: readonly KvCase[] = [
  {
    name: "getMany takes ten keys",
    run: async (kv) => {
      assert.equal((await kv.getMany(keys(10))).length, 10);
      await assert.rejects(kv.getMany(keys(11)), refused("Too many ranges (max 10)"));
    },
  },
  {
    name: "watch takes ten keys",
    run: async (kv) => {
      assert.throws(() => kv.watch(keys(11)), refused("Too many keys (max 10)"));
      await kv.watch(keys(10)).cancel();
    },
  },
  {
    name: "an atomic operation takes 100 checks",
    run: async (kv) => {
      const checks = keys(101).map((key) => ({ key, versionstamp: null }));
      const most = kv.atomic().check(...checks.slice(1));
      assert.equal((await most.commit()).ok, true);
      const more = kv.atomic().check(...checks);
      await assert.rejects(more.commit(), refused("Too many checks (max 100)"));
    },
  },
  {
    name: "an atomic operation takes 1,000 changes",
    run: async (kv) => {
      assert.equal((await sets(kv, 1_000, (i) => ["k", i], 1)).ok, true);
      const more = sets(kv, 1_001, (i) => ["k", i], 2);
      await assert.rejects(more, refused("Too many mutations (max 1000)"));
      assert.equal((await kv.get(["k", 0])).value, 1);
    },
  },
  {
    name: "an atomic operation takes 800 KiB, and 80 KiB of keys",
    run: async (kv) => {
      const bytes = new Uint8Array(60_000);
      assert.equal((await sets(kv, 13, (i) => ["k", i], bytes)).ok, true);
      await assert.rejects(
        sets(kv, 14, (i) => ["k", i], bytes),
        refused("Total mutation size too large (max 819200 bytes)"),
      );
      await assert.rejects(
        sets(kv, 50, (i) => ["k".repeat(2_000), i], 1),
        refused("Total key size too large (max 81920 bytes)"),
      );
      const text = "x".repeat(60_000);
      assert.equal((await sets(kv, 13, (i) => ["k", i], text)).ok, true);
    },
  },
  {
    name: "a key takes 2 KiB",
    run: async (kv) => {
      const [most, more] = [keyOfBytes(2_048), keyOfBytes(2_049)];
      await kv.set(most, 1);
      assert.equal((await kv.get(most)).value, 1);
      await assert.rejects(kv.get(more), READ_KEY);
      await assert.rejects(kv.getMany([more]), READ_KEY);
      await assert.rejects(kv.set(more, 1), WRITE_KEY);
      await assert.rejects(kv.delete(more), WRITE_KEY);
      const check = { key: more, versionstamp: null };
      await assert.rejects(kv.atomic().check(check).commit(), WRITE_KEY);
      assert.throws(() => kv.watch([keyOfBytes(2_050)]), READ_KEY);
      await kv.watch([more]).cancel();
      assert.deepEqual(await Array.fromAsync(kv.list({ prefix: most })), []);
      await assert.rejects(Array.fromAsync(kv.list({ prefix: more })), READ_KEY);
    },
  },
  {
    name: "a value takes 64 KiB as it is stored",
    run: async (kv) => {
      const fits = [
        new Uint8Array(65_536),
        "a".repeat(65_530),
        { text: "a".repeat(65_520) },
        Array.from({ length: 10_000 }, () => 1),
      ];
      for (const value of fits) await kv.set(["v"], value);
      const tooLarge = [
        new Uint8Array(65_537),
        "a".repeat(65_531),
        "あ".repeat(33_000),
        { text: "a".repeat(65_530) },
      ];
      for (const value of tooLarge) await assert.rejects(kv.set(["v"], value), VALUE);
    },
  },
  {
    name: "keys are arrays of parts, and not empty where something is written",
    run: async (kv) => {
      assert.equal((await kv.get([])).value, null);
      await assert.rejects(kv.set([], 1), refused("key cannot be empty"));
      await assert.rejects(kv.delete([]), refused("key cannot be empty"));
      await assert.rejects(kv.atomic().set([], 1).commit(), refused("key cannot be empty"));
      for (const part of [null, undefined, {}, Symbol("x")]) {
        const key = [part] as unknown as Deno.KvKey;
        await assert.rejects(kv.get(key), NO_KEY_PART);
        await assert.rejects(kv.set(key, 1), NO_KEY_PART);
        assert.throws(() => kv.watch([key]), NO_KEY_PART);
      }
      const huge = [2n ** 2_400n];
      await assert.rejects(kv.get(huge), /BigUint requires more than 255 bytes/);
    },
  },
  {
    name: "versionstamps of checks have 20 hex digits",
    run: async (kv) => {
      for (const versionstamp of ["abc", "z".repeat(20), ""]) {
        const check = { key: ["a"], versionstamp };
        await assert.rejects(kv.atomic().check(check).commit(), refused("Invalid check"));
      }
      const check = { key: ["a"], versionstamp: 5 } as unknown as Deno.AtomicCheck;
      await assert.rejects(
        kv.atomic().check(check).commit(),
        refused("serde_v8 error: invalid type; expected: string, got: Number"),
      );
    },
  },
  {
    name: "list takes whole limits, and batches of up to 1,000",
    run: async (kv) => {
      for (const count of [0, -1, 1.5]) {
        assert.throws(() => kv.list({ prefix: [] }, { limit: count }), {
          name: "Error",
          message: `Limit must be a positive integer: received ${count}`,
        });
        assert.throws(() => kv.list({ prefix: [] }, { batchSize: count }), {
          name: "Error",
          message: `batchSize must be a positive integer: received ${count}`,
        });
      }
      assert.deepEqual(await Array.fromAsync(kv.list({ prefix: [] }, { batchSize: 1_000 })), []);
      await assert.rejects(
        Array.fromAsync(kv.list({ prefix: [] }, { batchSize: 1_001 })),
        refused("Too many entries (max 1000)"),
      );
      assert.deepEqual(await Array.fromAsync(kv.list({ prefix: [] }, { limit: 5_000 })), []);
    },
  },
];
