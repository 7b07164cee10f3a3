import assert from "node:assert/strict";
import type {
  RecoveryStorage,
  StorageFence,
  StorageKey,
} from "../../orchestration/recovery/recovery_storage.ts";
import { STORAGE_LIMIT_CASES } from "./recovery_storage_limits.ts";
import { STORAGE_LIST_CASES } from "./recovery_storage_lists.ts";

/** A term under which a case makes changes. */
export interface HeldFence {
  readonly fence: StorageFence;
  /** Ends the term, as another leader does. */
  lose(): Promise<void>;
}

/** What a case is shown on: an empty storage. */
export interface StorageWorld {
  readonly storage: RecoveryStorage;
  /** Another one over the same entries, as another process has it. */
  readonly rival: RecoveryStorage;
  /** Begins a term. */
  lead(): Promise<HeldFence>;
}

/** What every recovery storage must do. */
export interface StorageCase {
  /** Says so. */
  readonly name: string;
  /** Shows it. */
  readonly run: (world: StorageWorld) => Promise<void>;
}

/** A storage that the contract is checked on. */
export interface StorageSubject {
  /** Which one. */
  readonly name: string;
  /** Opens an empty one, lets the case run and closes it. */
  readonly use: (run: (world: StorageWorld) => Promise<void>) => Promise<void>;
}

const KEY = ["cooldown", "restart"];

/** What a storage shows under a key, without the version. */
async function valueAt(storage: RecoveryStorage, key: StorageKey): Promise<unknown> {
  return (await storage.get(key))?.value;
}

async function writeAt(storage: RecoveryStorage, key: StorageKey, value: unknown): Promise<string> {
  const version = await storage.commit({ sets: [{ key, value }] });
  assert.ok(version);
  return version;
}

const VALUES: readonly { readonly given: unknown; readonly read: unknown }[] = [
  { given: null, read: null },
  { given: undefined, read: null },
  { given: false, read: false },
  { given: 0.1, read: 0.1 },
  { given: "", read: "" },
  { given: "é€😀\u0000\ud800", read: "é€😀\u0000\ud800" },
  { given: [], read: [] },
  { given: { a: { b: [1, "x", null] }, c: undefined }, read: { a: { b: [1, "x", null] } } },
];

const CASES: readonly StorageCase[] = [
  {
    name: "get and list show nothing where nothing stands",
    run: async ({ storage }) => {
      assert.equal(await storage.get(KEY), null);
      assert.deepEqual(await storage.list([], { limit: 10 }), []);
    },
  },
  {
    name: "commit stores what JSON carries, and every process reads it",
    run: async ({ storage, rival }) => {
      for (const { given, read } of VALUES) {
        const version = await writeAt(storage, KEY, given);
        assert.deepStrictEqual(await rival.get(KEY), { key: KEY, value: read, version });
      }
    },
  },
  {
    name: "commit takes away nothing of the caller's, and hands out copies",
    run: async ({ storage }) => {
      const key = ["k"];
      const value = { list: [1] };
      const writing = storage.commit({ sets: [{ key, value }] });
      value.list.push(2);
      key[0] = "other";
      await writing;
      const first = await storage.get(["k"]);
      assert.deepEqual(first?.value, { list: [1] });
      (first.value as typeof value).list.push(3);
      (first.key as string[])[0] = "other";
      const [second] = await storage.list([], { limit: 1 });
      assert.deepEqual([second?.key, second?.value], [["k"], { list: [1] }]);
    },
  },
  {
    name: "commit gives all that it wrote one version, and each commit another",
    run: async ({ storage }) => {
      const version = await storage.commit({
        sets: [{ key: ["a"], value: 1 }, { key: ["b"], value: 2 }],
      });
      const read = await storage.list([], { limit: 10 });
      assert.deepEqual(read.map((entry) => entry.version), [version, version]);
      assert.notEqual(await writeAt(storage, ["a"], 1), version, "though it wrote the same");
    },
  },
  {
    name: "versions of a key never come back after it was removed",
    run: async ({ storage }) => {
      const seen = new Set<string>();
      for (let turn = 0; turn < 5; turn++) {
        seen.add(await writeAt(storage, KEY, "same"));
        assert.ok(await storage.commit({ deletes: [KEY] }));
        assert.equal(await storage.get(KEY), null);
      }
      assert.equal(seen.size, 5);
    },
  },
  {
    name: "commit removes what is there and is content with what is not",
    run: async ({ storage, rival }) => {
      await writeAt(storage, ["a"], 1);
      await writeAt(storage, ["a", "below"], 2);
      assert.ok(await rival.commit({ deletes: [["a"], ["never"]] }));
      assert.equal(await storage.get(["a"]), null);
      assert.equal(await valueAt(storage, ["a", "below"]), 2);
    },
  },
  {
    name: "commit applies when its checks hold: a version, or that nothing stands",
    run: async ({ storage }) => {
      const version = await writeAt(storage, KEY, 1);
      const checks = [{ key: KEY, version }, { key: ["none"], version: null }];
      assert.ok(await storage.commit({ checks, sets: [{ key: KEY, value: 2 }] }));
      assert.equal(await valueAt(storage, KEY), 2);
    },
  },
  {
    name: "commit does nothing at all when one check does not hold",
    run: async ({ storage, rival }) => {
      const old = await writeAt(storage, KEY, 1);
      const version = await writeAt(rival, KEY, 2);
      const holds = { key: KEY, version };
      const fails = [
        { key: KEY, version: old },
        { key: KEY, version: null },
        { key: ["none"], version },
        { key: KEY, version: "no version of anything" },
        { key: KEY, version: "" },
      ];
      for (const check of fails) {
        const refused = await storage.commit({
          checks: [holds, check],
          sets: [{ key: ["new"], value: 1 }],
          deletes: [KEY],
        });
        assert.equal(refused, null, JSON.stringify(check));
      }
      const left = await storage.list([], { limit: 10 });
      assert.deepEqual(left, [{ key: KEY, value: 2, version }]);
    },
  },
  {
    name: "commit may check without writing, and do nothing at all",
    run: async ({ storage }) => {
      assert.ok(await storage.commit({ checks: [{ key: KEY, version: null }] }));
      assert.ok(await storage.commit({}));
      await writeAt(storage, KEY, 1);
      assert.equal(await storage.commit({ checks: [{ key: KEY, version: null }] }), null);
    },
  },
  {
    name: "of two that check one version exactly one wins, ten times",
    run: async ({ storage, rival }) => {
      let version = await writeAt(storage, KEY, "start");
      for (let turn = 0; turn < 10; turn++) {
        const checks = [{ key: KEY, version }];
        const outcomes = await Promise.all([
          storage.commit({ checks, sets: [{ key: KEY, value: "storage" }] }),
          rival.commit({ checks, sets: [{ key: KEY, value: "rival" }] }),
        ]);
        const entry = await storage.get(KEY);
        const winner = outcomes.findIndex((outcome) => outcome !== null);
        assert.equal(outcomes.filter((outcome) => outcome !== null).length, 1);
        assert.equal(entry?.value, ["storage", "rival"][winner]);
        assert.equal(entry?.version, outcomes[winner]);
        version = entry!.version;
      }
    },
  },
  {
    name: "commit is refused under a term that another has ended, or that counts as over here",
    run: async ({ storage, lead }) => {
      const { fence, lose } = await lead();
      assert.ok(await storage.commit({ fence, sets: [{ key: KEY, value: 1 }] }));
      const over = { check: fence.check, isValid: () => false };
      assert.equal(await storage.commit({ fence: over, sets: [{ key: KEY, value: 2 }] }), null);
      await lose();
      const late = { fence, sets: [{ key: KEY, value: 3 }], deletes: [["x"]] };
      assert.equal(await storage.commit(late), null);
      assert.equal(await valueAt(storage, KEY), 1);
      assert.ok(await storage.commit({ sets: [{ key: KEY, value: 4 }] }), "others may go on");
    },
  },
  ...STORAGE_LIST_CASES,
  ...STORAGE_LIMIT_CASES,
];

/** Checks the whole contract on a storage. */
export function testStorageContract(subject: StorageSubject): void {
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  for (const { name, run } of CASES) {
    Deno.test(`RecoveryStorage contract, ${subject.name}: ${name}`, () => subject.use(run));
  }
}
