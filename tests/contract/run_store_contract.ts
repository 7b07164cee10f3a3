import assert from "node:assert/strict";
import type { RunFence, RunStore, RunStoreKey } from "../../engines/durable/run_store.ts";

/** What a case is shown on: an empty store. */
export interface RunStoreWorld {
  readonly store: RunStore;
  /** Another one over the same entries, as another process has it. */
  readonly rival: RunStore;
  /** Something that entitles to work, and how it ends. */
  lead(): Promise<{ readonly fence: RunFence; lose(): Promise<void> }>;
}

/** A store that the contract is checked on. */
export interface RunStoreSubject {
  /** Which one. */
  readonly name: string;
  /** Opens an empty one, lets the case run and closes it. */
  readonly use: (run: (world: RunStoreWorld) => Promise<void>) => Promise<void>;
}

interface RunStoreCase {
  readonly name: string;
  readonly run: (world: RunStoreWorld) => Promise<void>;
}

const KEY: RunStoreKey = ["run", "r-1"];

/** In the order that a list gives them. */
const ORDERED: readonly RunStoreKey[] = [
  ["l", "a"],
  ["l", "a", "0"],
  ["l", "a", "b"],
  ["l", "a\u0001"],
  ["l", "aa"],
  ["l", "é"],
  ["l", "\ue000"],
  ["l", "\u{10000}"],
];

const MANY = 1_200;

async function write(store: RunStore, key: RunStoreKey, value: unknown): Promise<string> {
  const version = await store.commit({ sets: [{ key, value }] });
  assert.ok(version);
  return version;
}

const CASES: readonly RunStoreCase[] = [
  {
    name: "get and list show nothing where nothing stands",
    run: async ({ store }) => {
      assert.equal(await store.get(KEY), null);
      assert.deepEqual(await store.list(["run"], { limit: 10 }), []);
    },
  },
  {
    name: "commit stores what JSON carries, and every process reads it",
    run: async ({ store, rival }) => {
      for (const value of [null, false, 0.1, "", "é€😀\u0000", [], { a: { b: [1, "x", null] } }]) {
        const version = await write(store, KEY, value);
        assert.deepStrictEqual(await rival.get(KEY), { key: KEY, value, version });
      }
    },
  },
  {
    name: "commit keeps nothing of the caller's, and hands out copies",
    run: async ({ store }) => {
      const value = { list: [1] };
      const writing = store.commit({ sets: [{ key: KEY, value }] });
      value.list.push(2);
      await writing;
      const first = (await store.get(KEY))?.value as typeof value;
      assert.deepEqual(first, { list: [1] });
      first.list.push(3);
      assert.deepEqual((await store.get(KEY))?.value, { list: [1] });
    },
  },
  {
    name: "commit applies wholly when its checks hold, and not at all when one does not",
    run: async ({ store, rival }) => {
      const version = await write(store, KEY, 1);
      const other = ["other"];
      const sets = [{ key: other, value: 2 }];
      const stale = { checks: [{ key: KEY, version: null }], sets, deletes: [KEY] };
      assert.equal(await rival.commit(stale), null);
      assert.equal(await store.get(other), null);
      assert.equal((await store.get(KEY))?.value, 1);
      assert.ok(await rival.commit({ ...stale, checks: [{ key: KEY, version }] }));
      assert.equal((await store.get(other))?.value, 2);
      assert.equal(await store.get(KEY), null);
    },
  },
  {
    name: "commit refuses a version that no read gave, and one from before a removal",
    run: async ({ store }) => {
      const version = await write(store, KEY, 1);
      assert.equal(await store.commit({ checks: [{ key: KEY, version: "mine" }] }), null);
      await store.commit({ deletes: [KEY] });
      await write(store, KEY, 1);
      assert.equal(await store.commit({ checks: [{ key: KEY, version }] }), null);
    },
  },
  {
    name: "commit lets one of many win that claim the same",
    run: async ({ store, rival }) => {
      const claim = (value: number) => ({
        checks: [{ key: KEY, version: null }],
        sets: [{ key: KEY, value }],
      });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? store : rival).commit(claim(i))),
      );
      const winners = answers.flatMap((version, i) => version === null ? [] : [i]);
      assert.equal(winners.length, 1);
      assert.equal((await store.get(KEY))?.value, winners[0]);
    },
  },
  {
    name: "commit is refused once its fence is lost",
    run: async ({ store, lead }) => {
      const { fence, lose } = await lead();
      assert.ok(await store.commit({ sets: [{ key: KEY, value: 1 }], fence }));
      await lose();
      assert.equal(await store.commit({ sets: [{ key: KEY, value: 2 }], fence }), null);
      assert.equal((await store.get(KEY))?.value, 1);
    },
  },
  {
    name: "list gives keys in the order of their parts, from any of them on, and as many as asked",
    run: async ({ store, rival }) => {
      for (const key of ORDERED.toReversed()) await write(store, key, key);
      await write(store, ["l"], "the prefix itself");
      await write(store, ["ll", "beside"], "beside");
      const all = await rival.list(["l"], { limit: 100 });
      assert.deepEqual(all.map(({ key }) => key), ORDERED);
      assert.deepEqual(all.map(({ value }) => value), ORDERED);
      for (const [index, after] of ORDERED.entries()) {
        const rest = await rival.list(["l"], { limit: 2, after });
        assert.deepEqual(rest.map(({ key }) => key), ORDERED.slice(index + 1, index + 3));
      }
      const gone = await rival.list(["l"], { limit: 1, after: ["l", "ab"] });
      assert.deepEqual(gone[0]?.key, ["l", "é"]);
    },
  },
  {
    name: `list reads ${MANY} entries at once or page by page`,
    run: async ({ store }) => {
      const keys = Array.from({ length: MANY }, (_, i) => ["p", String(i).padStart(5, "0")]);
      for (let i = 0; i < MANY; i += 300) {
        const sets = keys.slice(i, i + 300).map((key) => ({ key, value: 0 }));
        assert.ok(await store.commit({ sets }));
      }
      const all = await store.list(["p"], { limit: 1_000_000 });
      assert.deepEqual(all.map(({ key }) => key), keys);
      const pages: RunStoreKey[] = [];
      let page = await store.list(["p"], { limit: 500 });
      while (page.length > 0 && pages.length < MANY) {
        pages.push(...page.map(({ key }) => key));
        page = await store.list(["p"], { limit: 500, after: page.at(-1)!.key });
      }
      assert.deepEqual(pages, keys);
    },
  },
  {
    name: "commit takes what is as large as may be, and refuses more",
    run: async ({ store }) => {
      const key = Array.from({ length: 5 }, () => "k".repeat(198));
      const value = "x".repeat(59_998);
      const sets = Array.from(
        { length: 10 },
        (_, i) => ({ key: [...key.slice(1), `${i}`], value }),
      );
      assert.ok(await store.commit({ sets: [{ key, value }] }));
      assert.ok(await store.commit({ sets }));
      assert.equal((await store.get(key))?.value, value);
      const large = [{ key: KEY, value: value + "x" }];
      await assert.rejects(store.commit({ sets: large }), RangeError);
      const wide = [{ key: KEY, value: "é".repeat(30_000) }];
      await assert.rejects(store.commit({ sets: wide }), RangeError);
    },
  },
  {
    name: "get, list and commit refuse what is no key, value or limit, and store nothing",
    run: async ({ store }) => {
      const keys: readonly RunStoreKey[] = [[], [""], ["a\0"], ["\ud800"], ["x".repeat(201)]];
      for (const key of keys) {
        await assert.rejects(store.get(key), TypeError);
        await assert.rejects(store.commit({ sets: [{ key, value: 1 }] }), TypeError);
      }
      const sets = [{ key: KEY, value: 1 }, { key: KEY, value: 2 }];
      await assert.rejects(store.commit({ sets }), TypeError);
      for (const value of [NaN, new Map(), 1n]) {
        await assert.rejects(store.commit({ sets: [{ key: KEY, value }] }), TypeError);
      }
      for (const limit of [0, 1.5, 1_000_001]) {
        await assert.rejects(store.list(["run"], { limit }), RangeError);
      }
      await assert.rejects(store.list(["run"], { limit: 1, after: ["ruin", "x"] }), TypeError);
      assert.equal(await store.get(KEY), null);
    },
  },
];

/** Registers a test for each case of the contract. */
export function testRunStoreContract({ name, use }: RunStoreSubject): void {
  for (const { name: does, run } of CASES) {
    Deno.test(`RunStore ${name}: ${does}`, () => use(run));
  }
}
