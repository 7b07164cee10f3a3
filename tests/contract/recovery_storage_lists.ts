import assert from "node:assert/strict";
import type {
  RecoveryStorage,
  StorageKey,
  StorageListOptions,
} from "../../orchestration/recovery/recovery_storage.ts";
import type { StorageCase } from "./recovery_storage_contract.ts";

/** In their order: by parts, and parts by code points. */
const ORDERED: readonly StorageKey[] = [
  ["\u0001"],
  ["A"],
  ["a"],
  ["a", "a"],
  ["a", "a", "a"],
  ["a", "b"],
  ["a\u0001"],
  ["a b"],
  ["aa"],
  ["aa", "a"],
  ["b"],
  ["é"],
  ["\ud7ff"],
  ["\ue000"],
  ["\uffff"],
  ["\u{10000}"],
  ["\u{10000}", "a"],
  ["\u{1f600}"],
  ["\u{10ffff}"],
];

const MANY = 1_200;
const WRITTEN_AT_ONCE = 400;

async function fill(storage: RecoveryStorage, keys: readonly StorageKey[]): Promise<void> {
  for (let from = 0; from < keys.length; from += WRITTEN_AT_ONCE) {
    const sets = keys.slice(from, from + WRITTEN_AT_ONCE).map((key) => ({
      key,
      value: key.at(-1),
    }));
    assert.ok(await storage.commit({ sets }));
  }
}

async function listed(
  storage: RecoveryStorage,
  prefix: StorageKey,
  options: StorageListOptions,
): Promise<unknown[]> {
  return (await storage.list(prefix, options)).map(({ value }) => value);
}

/** Of q/0 to q/9, of q/4/below, and of what stands beside them. */
const SELECTIONS: readonly {
  readonly prefix?: StorageKey;
  readonly options: StorageListOptions;
  readonly wanted: readonly string[];
}[] = [
  { options: { limit: 3 }, wanted: ["0", "1", "2"] },
  { options: { limit: 3, reverse: true }, wanted: ["9", "8", "7"] },
  { options: { limit: 3, reverse: false }, wanted: ["0", "1", "2"] },
  { options: { limit: 3, after: ["q", "2"] }, wanted: ["3", "4", "below"] },
  { options: { limit: 2, after: ["q", "4"] }, wanted: ["below", "5"] },
  { options: { limit: 2, after: ["q", "4", "below"] }, wanted: ["5", "6"] },
  { options: { limit: 3, after: ["q", "5"], reverse: true }, wanted: ["below", "4", "3"] },
  { options: { limit: 9, after: ["q", "4"], reverse: true }, wanted: ["3", "2", "1", "0"] },
  { options: { limit: 9, after: ["q", "40"] }, wanted: ["5", "6", "7", "8", "9"] },
  { options: { limit: 9, after: ["q", "9"] }, wanted: [] },
  { options: { limit: 9, after: ["q", "0"], reverse: true }, wanted: [] },
  { prefix: ["q", "4"], options: { limit: 9 }, wanted: ["below"] },
  { prefix: ["q", "4", "below"], options: { limit: 9 }, wanted: [] },
  { prefix: ["none"], options: { limit: 9 }, wanted: [] },
  { prefix: [], options: { limit: 2 }, wanted: ["p", "q"] },
  { prefix: [], options: { limit: 1, reverse: true }, wanted: ["beside"] },
  { prefix: [], options: { limit: 9, after: ["q", "9"] }, wanted: ["beside"] },
];

/** How keys are listed. */
export const STORAGE_LIST_CASES: readonly StorageCase[] = [
  {
    name: "list gives keys in the order of their parts by code points, and back",
    run: async ({ storage, rival }) => {
      await fill(storage, ORDERED.toSorted((a, b) => a.join().length - b.join().length));
      const there = await rival.list([], { limit: 100 });
      assert.deepEqual(there.map(({ key }) => key), ORDERED);
      const back = await rival.list([], { limit: 100, reverse: true });
      assert.deepEqual(back.map(({ key }) => key), ORDERED.toReversed());
    },
  },
  {
    name: "list goes on after any key, in both directions",
    run: async ({ storage }) => {
      await fill(storage, ORDERED);
      for (const [index, after] of ORDERED.entries()) {
        const rest = await storage.list([], { limit: 100, after });
        assert.deepEqual(rest.map(({ key }) => key), ORDERED.slice(index + 1));
        const before = await storage.list([], { limit: 100, after, reverse: true });
        assert.deepEqual(before.map(({ key }) => key), ORDERED.slice(0, index).toReversed());
      }
    },
  },
  {
    name: "list selects by prefix, limit, after and direction",
    run: async ({ storage }) => {
      const digits = Array.from({ length: 10 }, (_, i) => ["q", String(i)]);
      await fill(storage, [["q"], ["p"], ["qq", "beside"], ["q", "4", "below"], ...digits]);
      for (const { prefix = ["q"], options, wanted } of SELECTIONS) {
        const name = JSON.stringify({ prefix, options });
        assert.deepEqual(await listed(storage, prefix, options), wanted, name);
      }
    },
  },
  {
    name: "list shows what was removed no more, and what was written in its place",
    run: async ({ storage }) => {
      await fill(storage, [["a", "1"], ["a", "2"], ["a", "3"]]);
      const sets = [{ key: ["a", "1"], value: "new" }, { key: ["a", "2b"], value: "2b" }];
      assert.ok(await storage.commit({ deletes: [["a", "2"]], sets }));
      assert.deepEqual(await listed(storage, ["a"], { limit: 9 }), ["new", "2b", "3"]);
    },
  },
  {
    name: `list reads ${MANY} entries at once or page by page, and back`,
    run: async ({ storage }) => {
      const names = Array.from({ length: MANY }, (_, i) => String(i).padStart(6, "0"));
      await fill(storage, names.map((name) => ["h", name]));
      assert.deepEqual(await listed(storage, ["h"], { limit: 1_000_000 }), names);
      const after = ["h", names[1_100]!];
      const back = await listed(storage, ["h"], { limit: 1_050, after, reverse: true });
      assert.deepEqual(back, names.slice(50, 1_100).toReversed());
      const pages: unknown[] = [];
      let page = await storage.list(["h"], { limit: 333 });
      while (page.length > 0 && pages.length < MANY) {
        pages.push(...page.map(({ value }) => value));
        page = await storage.list(["h"], { limit: 333, after: page.at(-1)!.key });
      }
      assert.deepEqual(pages, names);
    },
  },
];
