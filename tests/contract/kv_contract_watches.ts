import assert from "node:assert/strict";
import type { KvCase } from "./kv_contract.ts";

type Reader = ReadableStreamDefaultReader<Deno.KvEntryMaybe<unknown>[]>;

function read(kv: Deno.Kv, ...names: string[]): Reader {
  const keys = names.map((name) => [name]);
  return kv.watch<unknown[]>(keys).getReader() as Reader;
}

async function nextValues(reader: Reader): Promise<unknown[]> {
  const { value } = await reader.read();
  return value!.map((entry) => entry.value);
}

/** What watches do. */
export const WATCH_CASES: readonly KvCase[] = [
  {
    name: "watch begins with what stands there, null for nothing",
    run: async (kv) => {
      await kv.set(["a"], { n: 1 });
      const reader = read(kv, "a", "b");
      const { value, done } = await reader.read();
      assert.equal(done, false);
      assert.deepEqual(value![0], await kv.get(["a"]));
      assert.deepEqual(value![1], { key: ["b"], value: null, versionstamp: null });
      await reader.cancel();
    },
  },
  {
    name: "watch tells each change that is waited for, deletes too",
    run: async (kv) => {
      const reader = read(kv, "a", "b");
      assert.deepEqual(await nextValues(reader), [null, null]);
      const steps: readonly (readonly [() => Promise<unknown>, readonly unknown[]])[] = [
        [() => kv.set(["a"], 1), [1, null]],
        [() => kv.atomic().set(["a"], 2).sum(["b"], 3n).commit(), [2, new Deno.KvU64(3n)]],
        [() => kv.delete(["a"]), [null, new Deno.KvU64(3n)]],
      ];
      for (const [write, wanted] of steps) {
        const next = nextValues(reader);
        await write();
        assert.deepEqual(await next, wanted);
      }
      await reader.cancel();
    },
  },
  {
    name: "watch ends up with the last of many changes",
    run: async (kv) => {
      const reader = read(kv, "a");
      assert.deepEqual(await nextValues(reader), [null]);
      for (let i = 1; i <= 20; i++) await kv.set(["a"], i);
      let last: unknown = 0;
      let events = 0;
      for (; last !== 20; events++) {
        const [value] = await nextValues(reader);
        assert.ok(Number(value) > Number(last), `${value} after ${last}`);
        last = value;
      }
      assert.ok(events <= 20);
      await reader.cancel();
    },
  },
  {
    name: "watch is silent about other keys, and about a delete of nothing",
    run: async (kv) => {
      const reader = read(kv, "a");
      await nextValues(reader);
      const next = nextValues(reader);
      await kv.set(["b"], 1);
      await kv.delete(["a"]);
      await kv.set(["a"], "told");
      assert.deepEqual(await next, ["told"]);
      await reader.cancel();
    },
  },
  {
    name: "watch of no keys ends at once",
    run: async (kv) => {
      assert.equal((await read(kv).read()).done, true);
    },
  },
  {
    name: "watch ends when the handle is closed",
    run: async (kv) => {
      const reader = read(kv, "a");
      await reader.read();
      const next = reader.read();
      kv.close();
      assert.deepEqual(await next, { done: true, value: undefined });
    },
  },
  {
    name: "a watch can be cancelled while it waits, and left from a loop",
    run: async (kv) => {
      const reader = read(kv, "a");
      await reader.read();
      const next = reader.read();
      await reader.cancel();
      assert.deepEqual(await next, { done: true, value: undefined });
      let seen = 0;
      for await (const _entries of kv.watch([["a"]])) {
        seen++;
        break;
      }
      assert.equal(seen, 1);
      await kv.set(["a"], 1);
    },
  },
  {
    name: "a half commit is not told",
    run: async (kv) => {
      await kv.set(["text"], "x");
      const reader = read(kv, "a");
      await nextValues(reader);
      const next = nextValues(reader);
      await assert.rejects(kv.atomic().set(["a"], "half").sum(["text"], 1n).commit());
      assert.equal((await kv.get(["a"])).value, "half");
      await kv.set(["a"], "whole");
      assert.deepEqual(await next, ["whole"]);
      await reader.cancel();
    },
  },
];
