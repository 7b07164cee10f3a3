import assert from "node:assert/strict";
import type { KvCase } from "./kv_contract.ts";

const NOT_U64 = (type: string) =>
  `Failed to perform '${type}' mutation on a non-U64 value in the database`;

async function valueAt(kv: Deno.Kv, ...key: Deno.KvKeyPart[]): Promise<unknown> {
  return (await kv.get(key)).value;
}

/** A KV Connect client wraps the message, so only the end of it is looked at. */
function endsWith(message: string): (error: unknown) => boolean {
  return (error) => error instanceof Error && error.message.endsWith(message);
}

const halfCommits: readonly KvCase[] = (["sum", "min", "max"] as const).map((type) => ({
  name: `a ${type} of something else rejects, after what came before it was applied`,
  run: async (kv) => {
    await kv.set(["text"], "x");
    const operation = kv.atomic().set(["before"], 1).delete(["text2"]);
    operation[type](["text"], 1n).set(["after"], 1);
    await assert.rejects(operation.commit(), endsWith(NOT_U64(type)));
    assert.equal(await valueAt(kv, "before"), 1);
    assert.equal(await valueAt(kv, "after"), null);
    assert.equal(await valueAt(kv, "text"), "x");
    const { versionstamp } = await kv.get(["before"]);
    const next = await kv.set(["next"], 1);
    assert.ok(next.versionstamp > versionstamp!);
  },
}));

/** What writes do. */
export const WRITE_CASES: readonly KvCase[] = [
  ...halfCommits,
  {
    name: "versionstamps have 20 hex digits, grow, and are one per commit",
    run: async (kv) => {
      const first = await kv.set(["a"], 1);
      assert.match(first.versionstamp, /^[\da-f]{20}$/);
      const second = await kv.atomic().set(["a"], 1).set(["b"], 2).sum(["c"], 3n).commit();
      assert.ok(second.ok && second.versionstamp > first.versionstamp);
      for (const key of ["a", "b", "c"]) {
        assert.equal((await kv.get([key])).versionstamp, second.versionstamp);
      }
      const third = await kv.atomic().commit();
      assert.ok(third.ok && third.versionstamp > second.versionstamp);
    },
  },
  {
    name: "delete removes, and says nothing",
    run: async (kv) => {
      await kv.set(["a"], 1);
      assert.equal(await kv.delete(["a"]), undefined);
      assert.equal(await kv.delete(["a"]), undefined);
      assert.deepEqual(await kv.get(["a"]), { key: ["a"], value: null, versionstamp: null });
    },
  },
  {
    name: "a failed check applies nothing, and is not an error",
    run: async (kv) => {
      const { versionstamp } = await kv.set(["a"], 1);
      await kv.set(["a"], 2);
      const wrong = [
        { key: ["a"], versionstamp: null },
        { key: ["a"], versionstamp },
        { key: ["b"], versionstamp },
      ];
      for (const check of wrong) {
        const right = { key: ["c"], versionstamp: null };
        assert.deepEqual(await kv.atomic().check(right, check).set(["b"], 1).commit(), {
          ok: false,
        });
      }
      assert.equal(await valueAt(kv, "b"), null);
    },
  },
  {
    name: "a check holds for the entry that was read, a missing versionstamp for none",
    run: async (kv) => {
      const absent = await kv.get(["a"]);
      assert.equal((await kv.atomic().check(absent).set(["a"], undefined).commit()).ok, true);
      assert.equal((await kv.atomic().check(absent).set(["a"], 2).commit()).ok, false);
      const present = await kv.get(["a"]);
      assert.equal(present.value, undefined);
      const upper = { key: ["a"], versionstamp: present.versionstamp!.toUpperCase() };
      assert.equal((await kv.atomic().check(upper).check(present).delete(["a"]).commit()).ok, true);
      const bare = { key: ["a"] } as unknown as Deno.AtomicCheck;
      assert.equal((await kv.atomic().check(bare).commit()).ok, true);
    },
  },
  {
    name: "changes of one commit see each other, in order",
    run: async (kv) => {
      await kv.atomic().set(["a"], 1).delete(["a"]).commit();
      assert.equal((await kv.get(["a"])).versionstamp, null);
      await kv.atomic().sum(["n"], 1n).sum(["n"], 2n).max(["n"], 10n).min(["n"], 4n).commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(4n));
      await kv.atomic().sum(["n"], 1n).set(["n"], "end").commit();
      assert.equal(await valueAt(kv, "n"), "end");
      const late = kv.atomic().set(["s"], "x").sum(["s"], 1n);
      await assert.rejects(late.commit(), endsWith(NOT_U64("sum")));
      assert.equal(await valueAt(kv, "s"), "x");
    },
  },
  {
    name: "sum wraps at 64 bits, min and max compare, all three begin with what is given",
    run: async (kv) => {
      await kv.atomic().set(["n"], new Deno.KvU64(2n ** 64n - 1n)).sum(["n"], 3n).commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(2n));
      await kv.atomic().min(["n"], 5n).max(["m"], 0n).commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(2n));
      assert.deepEqual(await valueAt(kv, "m"), new Deno.KvU64(0n));
      await kv.atomic().max(["n"], 2n ** 63n).commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(2n ** 63n));
    },
  },
  {
    name: "sum, min and max take bigints of 64 bits only",
    run: (kv) => {
      const given = (value: unknown) => () => kv.atomic().sum(["n"], value as bigint);
      assert.throws(given(1), {
        name: "TypeError",
        message: "Value must be a bigint: received number",
      });
      assert.throws(given(-1n), {
        name: "RangeError",
        message: "Value must be a positive bigint: received -1",
      });
      assert.throws(given(2n ** 64n), {
        name: "RangeError",
        message: "Value must fit in a 64-bit unsigned integer",
      });
      return Promise.resolve();
    },
  },
  {
    name: "mutate does what the methods do, and refuses what they cannot express",
    run: async (kv) => {
      const value = new Deno.KvU64(7n);
      await kv.atomic().mutate(
        { type: "set", key: ["a"], value: 1, expireIn: 60_000 },
        { type: "sum", key: ["n"], value },
        { type: "max", key: ["n"], value: new Deno.KvU64(9n) },
        { type: "min", key: ["n"], value: new Deno.KvU64(8n) },
        { type: "delete", key: ["a"] },
      ).commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(8n));
      assert.equal(await valueAt(kv, "a"), null);
      const refused: readonly (readonly [unknown, string])[] = [
        [{ type: "delete", key: ["a"], value: 1 }, "Invalid mutation 'delete' with value"],
        [{ type: "set", key: ["a"] }, "Invalid mutation 'set' without value"],
        [{ type: "sum", key: ["a"] }, "Invalid mutation 'sum' without value"],
        [{ type: "no", key: ["a"], value: 1 }, "Invalid mutation type"],
      ];
      for (const [mutation, message] of refused) {
        const mutate = () => kv.atomic().mutate(mutation as Deno.KvMutation);
        assert.throws(mutate, { name: "TypeError", message });
      }
    },
  },
  {
    name: "numbers and bigints are summed as well, but not with each other",
    run: async (kv) => {
      const sum = (value: unknown) =>
        kv.atomic().mutate({ type: "sum", key: ["n"], value } as Deno.KvMutation).commit();
      await sum(1);
      await sum(2);
      assert.equal(await valueAt(kv, "n"), 3);
      await kv.set(["n"], 5n);
      await sum(2n);
      assert.equal(await valueAt(kv, "n"), 7n);
      await assert.rejects(sum(1));
      await kv.set(["n"], new Deno.KvU64(1n));
      await assert.rejects(sum(1), endsWith("Cannot sum KvU64 with Number"));
    },
  },
  {
    name: "an expireIn that has not passed removes nothing",
    run: async (kv) => {
      await kv.set(["a"], 1, { expireIn: 600_000 });
      await kv.atomic().set(["b"], 1, { expireIn: 600_000 }).commit();
      assert.equal(await valueAt(kv, "a"), 1);
      assert.equal(await valueAt(kv, "b"), 1);
    },
  },
  {
    name: "expireIn must be a whole number of ms",
    run: async (kv) => {
      for (const expireIn of [-1, 1.5, NaN, Infinity]) {
        const wanted = {
          name: "TypeError",
          message: `expireIn must be a non-negative integer: received ${expireIn}`,
        };
        await assert.rejects(kv.set(["a"], 1, { expireIn }), wanted);
        assert.throws(() => kv.atomic().set(["a"], 1, { expireIn }), wanted);
        const mutation = { type: "set", key: ["a"], value: 1, expireIn } as const;
        assert.throws(() => kv.atomic().mutate(mutation), wanted);
      }
    },
  },
  {
    name: "the versionstamp of the commit ends a key that asks for it",
    run: async (kv) => {
      const { versionstamp } = await kv.set(["log", kv.commitVersionstamp()], "one");
      assert.equal(await valueAt(kv, "log", versionstamp), "one");
      const result = await kv.atomic().set(["log", kv.commitVersionstamp()], "two").commit();
      assert.ok(result.ok);
      assert.equal(await valueAt(kv, "log", result.versionstamp), "two");
      const wanted = {
        name: "TypeError",
        message: "expected string, number, bigint, ArrayBufferView, boolean",
      };
      await assert.rejects(kv.get(["log", kv.commitVersionstamp()]), wanted);
      await assert.rejects(kv.set([kv.commitVersionstamp(), "log"], 1), wanted);
    },
  },
  {
    name: "an operation can be committed twice",
    run: async (kv) => {
      const operation = kv.atomic().sum(["n"], 1n);
      await operation.commit();
      await operation.commit();
      assert.deepEqual(await valueAt(kv, "n"), new Deno.KvU64(2n));
    },
  },
  {
    name: "an operation that is awaited without a commit throws",
    run: async (kv) => {
      const awaited = (async () => await kv.atomic().set(["a"], 1))();
      await assert.rejects(awaited, {
        name: "TypeError",
        message: "'Deno.AtomicOperation' is not a promise: did you forget to call 'commit()'",
      });
    },
  },
  {
    name: "a key of an operation is copied when it is committed",
    run: async (kv) => {
      const bytes = new Uint8Array([1]);
      const committed = kv.set(["k", bytes], 1);
      await committed;
      bytes[0] = 2;
      const [entry] = await Array.fromAsync(kv.list({ prefix: ["k"] }));
      assert.deepEqual(entry!.key, ["k", new Uint8Array([1])]);
      (entry!.key[1] as Uint8Array)[0] = 3;
      assert.equal(await valueAt(kv, "k", new Uint8Array([1])), 1);
    },
  },
];
