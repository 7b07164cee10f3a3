import assert from "node:assert/strict";
import type { KvCase } from "./kv_contract.ts";

const BYTES = (...bytes: number[]) => new Uint8Array(bytes);

/** In the order in which Deno KV has them: bigints before numbers, whatever its manual says. */
const ORDERED_PARTS: readonly Deno.KvKeyPart[] = [
  BYTES(),
  BYTES(0),
  BYTES(0, 0),
  BYTES(0, 1),
  BYTES(1),
  BYTES(1, 0),
  BYTES(255),
  "",
  "\0",
  "\0a",
  "a",
  "a\0",
  "a\0b",
  "a\u0001",
  "aa",
  "b",
  "é",
  "\uffff",
  "\u{1f600}",
  -(2n ** 70n),
  -(2n ** 64n),
  -(2n ** 64n) + 1n,
  -256n,
  -255n,
  -1n,
  0n,
  1n,
  255n,
  256n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 70n,
  -Infinity,
  -1.5,
  -1,
  -5e-324,
  -0,
  0,
  5e-324,
  1,
  1.5,
  Infinity,
  NaN,
  false,
  true,
];

async function fill(kv: Deno.Kv, count: number): Promise<void> {
  const operation = kv.atomic();
  for (let i = 0; i < count; i++) operation.set(["n", i], i);
  await operation.commit();
}

async function listed(
  kv: Deno.Kv,
  selector: Deno.KvListSelector,
  options?: Deno.KvListOptions,
): Promise<unknown[]> {
  return (await Array.fromAsync(kv.list(selector, options))).map(({ value }) => value);
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) }, (_, i) => from + (to < from ? -i : i));

const SELECTIONS: readonly {
  readonly selector: Deno.KvListSelector;
  readonly options?: Deno.KvListOptions;
  readonly wanted: readonly number[];
}[] = [
  { selector: { prefix: ["n"] }, wanted: range(0, 10) },
  { selector: { prefix: ["n"], start: ["n", 4] }, wanted: range(4, 10) },
  { selector: { prefix: ["n"], end: ["n", 4] }, wanted: range(0, 4) },
  { selector: { start: ["n", 2], end: ["n", 4] }, wanted: [2, 3] },
  { selector: { start: ["n", 2], end: ["n", 2] }, wanted: [] },
  { selector: { start: [], end: ["z"] }, wanted: [100, ...range(0, 10), 200] },
  { selector: { prefix: [] }, wanted: [100, ...range(0, 10), 200] },
  { selector: { prefix: ["none"] }, wanted: [] },
  { selector: { prefix: ["n"] }, options: { limit: 3 }, wanted: [0, 1, 2] },
  { selector: { prefix: ["n"] }, options: { limit: 3, batchSize: 2 }, wanted: [0, 1, 2] },
  { selector: { prefix: ["n"] }, options: { batchSize: 1 }, wanted: range(0, 10) },
  { selector: { prefix: ["n"] }, options: { batchSize: 10 }, wanted: range(0, 10) },
  { selector: { prefix: ["n"] }, options: { reverse: true }, wanted: range(9, -1) },
  {
    selector: { prefix: ["n"], end: ["n", 4] },
    options: { reverse: true, limit: 2 },
    wanted: [3, 2],
  },
  {
    selector: { start: ["n", 2], end: ["n", 8] },
    options: { reverse: true, batchSize: 2 },
    wanted: [7, 6, 5, 4, 3, 2],
  },
];

async function assertAllCursors(kv: Deno.Kv, options: Deno.KvListOptions): Promise<void> {
  const all = await listed(kv, { prefix: ["n"] }, options);
  const walk = kv.list({ prefix: ["n"] }, options);
  for (let read = 1; read <= all.length; read++) {
    await walk.next();
    const rest = await listed(kv, { prefix: ["n"] }, { ...options, cursor: walk.cursor });
    assert.deepEqual(rest, all.slice(read));
  }
  await walk.next();
  assert.equal(walk.cursor, "");
}

/** What lists do. */
export const LIST_CASES: readonly KvCase[] = [
  {
    name: "list gives all kinds of key parts in their order, and back",
    run: async (kv) => {
      const writes = ORDERED_PARTS.map((part, at) => ({ part, at }));
      writes.sort((a, b) => (a.at * 7) % 11 - (b.at * 7) % 11);
      for (const { part, at } of writes) await kv.set(["order", part], at);
      const entries = await Array.fromAsync(kv.list({ prefix: ["order"] }));
      assert.deepEqual(entries.map(({ value }) => value), ORDERED_PARTS.map((_, at) => at));
      assert.deepStrictEqual(entries.map(({ key }) => key[1]), ORDERED_PARTS);
      const back = await listed(kv, { prefix: ["order"] }, { reverse: true });
      assert.deepEqual(back, ORDERED_PARTS.map((_, at) => at).reverse());
    },
  },
  {
    name: "list leaves out the prefix itself, and keys that only begin alike",
    run: async (kv) => {
      await kv.atomic().set(["a"], 1).set(["a", "b"], 2).set(["ab", "b"], 3).commit();
      assert.deepEqual(await listed(kv, { prefix: ["a"] }), [2]);
    },
  },
  {
    name: "a lone surrogate becomes a replacement character, other views become bytes",
    run: async (kv) => {
      await kv.set(["s", "\ud800"], 1);
      await kv.set(["v", new Uint16Array([1]) as unknown as Uint8Array], 2);
      assert.deepEqual((await kv.list({ prefix: ["s"] }).next()).value!.key, ["s", "\ufffd"]);
      assert.deepEqual((await kv.list({ prefix: ["v"] }).next()).value!.key, ["v", BYTES(1, 0)]);
    },
  },
  ...SELECTIONS.map(({ selector, options, wanted }): KvCase => ({
    name: `list ${JSON.stringify(selector)} ${JSON.stringify(options ?? {})}`,
    run: async (kv) => {
      await fill(kv, 10);
      await kv.atomic().set(["a"], 100).set(["o"], 200).commit();
      assert.deepEqual(await listed(kv, selector, options), wanted);
    },
  })),
  {
    name: "a cursor goes on after the entry it was taken at",
    run: async (kv) => {
      await fill(kv, 5);
      await assertAllCursors(kv, {});
      await assertAllCursors(kv, { batchSize: 2 });
      await assertAllCursors(kv, { reverse: true });
      assert.deepEqual(await listed(kv, { prefix: ["n"] }, { cursor: "" }), range(0, 5));
    },
  },
  {
    name: "cursors are the same text on every store",
    run: async (kv) => {
      await kv.set(["n", 1], 1);
      const narrow = kv.list({ prefix: ["n"] });
      assert.throws(() => narrow.cursor, {
        name: "Error",
        message: "Cannot get cursor before first iteration",
      });
      await narrow.next();
      assert.equal(narrow.cursor, "Ib_wAAAAAAAA");
      const wide = kv.list({ start: ["a"], end: ["z"] });
      await wide.next();
      assert.equal(wide.cursor, "bgAhv_AAAAAAAAA=");
    },
  },
  {
    name: "a cursor of another place is refused or finds nothing",
    run: async (kv) => {
      await fill(kv, 3);
      const outside = { start: ["n", 5], end: ["n", 9] };
      const outOfBounds = { name: "TypeError", message: "cursor out of bounds" };
      await assert.rejects(listed(kv, outside, { cursor: "AAAA" }), outOfBounds);
      const reverse = { cursor: "_____w==", reverse: true };
      await assert.rejects(listed(kv, { prefix: ["n"], end: ["n", 5] }, reverse), outOfBounds);
      assert.deepEqual(await listed(kv, { prefix: ["n"] }, { cursor: "_____w==" }), []);
      await assert.rejects(listed(kv, outside, { cursor: "zzz" }), {
        name: "TypeError",
        message: "invalid cursor",
      });
    },
  },
  {
    name: "list ends after a key that is the start of its whole range, batch by batch",
    run: async (kv) => {
      await kv.set(["n"], 0);
      const range = { start: ["n"], end: ["n", "a"] };
      for (const batchSize of [1, 2]) {
        const walk = kv.list(range, { batchSize });
        assert.equal((await walk.next()).value?.value, 0);
        assert.equal((await walk.next()).done, true, `batches of ${batchSize}`);
      }
    },
  },
  {
    name: "list reads on in the next batch what was written meanwhile",
    run: async (kv) => {
      await fill(kv, 4);
      const walk = kv.list({ prefix: ["n"] }, { batchSize: 2 });
      await walk.next();
      await kv.atomic().set(["n", 1], "new").set(["n", 3], "new").commit();
      const rest = (await Array.fromAsync(walk)).map(({ value }) => value);
      assert.deepEqual(rest, [1, 2, "new"]);
    },
  },
  {
    name: "list refuses selectors that select nothing",
    run: async (kv) => {
      const bad = (selector: unknown) => () => kv.list(selector as Deno.KvListSelector);
      const shape = "Selector must specify either 'prefix' or both 'start' and 'end' key";
      assert.throws(bad({}), { name: "TypeError", message: shape });
      assert.throws(bad({ start: ["a"] }), { name: "TypeError", message: shape });
      assert.throws(bad({ prefix: ["a"], start: ["a", 1], end: ["a", 2] }), {
        name: "TypeError",
        message: "Selector can not specify both 'start' and 'end' key when specifying 'prefix'",
      });
      const late: readonly (readonly [Deno.KvListSelector, string])[] = [
        [{ prefix: ["a"], start: ["b", 1] }, "Start key is not in the keyspace defined by prefix"],
        [{ prefix: ["a"], start: ["a"] }, "Start key is not in the keyspace defined by prefix"],
        [{ prefix: ["a"], end: ["a"] }, "End key is not in the keyspace defined by prefix"],
        [{ start: ["b"], end: ["a"] }, "Start key is greater than end key"],
      ];
      for (const [selector, message] of late) {
        await assert.rejects(listed(kv, selector), { name: "TypeError", message });
      }
    },
  },
];
