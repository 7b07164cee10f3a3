import assert from "node:assert/strict";
import { commitOnce } from "../../../engines/durable/commit_once.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { RunStoreUnavailableError } from "../../../engines/durable/run_errors.ts";
import type { RunStore, RunStoreChange } from "../../../engines/durable/run_store.ts";
import { type CommitFate, dyingAt, forgetful } from "./frail_run_store.ts";

const KEY = ["result", "r-1", "triage"];
const CHANGE = {
  checks: [{ key: KEY, version: null }],
  sets: [{ key: KEY, value: { nonce: "mine" } }],
  witness: KEY,
  nonce: "mine",
};

const LOSSES: readonly { readonly name: string; readonly fates: Record<number, CommitFate> }[] = [
  { name: "no answer", fates: {} },
  { name: "one before it was made", fates: { 1: "lost before" } },
  { name: "one after it was made", fates: { 1: "lost after" } },
  {
    name: "two before and one after",
    fates: { 1: "lost before", 2: "lost before", 3: "lost after" },
  },
];

for (const { name, fates } of LOSSES) {
  Deno.test(`commitOnce makes a change once when the store loses ${name}`, async () => {
    const store = new MemoryRunStore();
    const version = await commitOnce(forgetful(store, fates), CHANGE);
    assert.equal((await store.get(KEY))?.version, version);
  });
}

/** A store whose first commit is answered with an error, and made only when the second is sent. */
function tardy(inner: RunStore, hasLost: boolean): RunStore {
  const late: RunStoreChange[] = [];
  return {
    get: (key) => inner.get(key),
    list: (prefix, options) => inner.list(prefix, options),
    commit: async (change) => {
      if (late.push(change) === 1) throw new Error("no answer");
      await inner.commit(hasLost ? { ...change, sets: [{ key: KEY, value: "theirs" }] } : late[0]!);
      return await inner.commit(change);
    },
  };
}

Deno.test("commitOnce knows that it was made late, behind the refusal of the repetition", async () => {
  const store = new MemoryRunStore();
  const version = await commitOnce(tardy(store, false), CHANGE);
  assert.notEqual(version, null);
  assert.equal((await store.get(KEY))?.version, version);
});

Deno.test("commitOnce is refused when another was faster than the repetition", async () => {
  const store = new MemoryRunStore();
  assert.equal(await commitOnce(tardy(store, true), CHANGE), null);
  assert.equal((await store.get(KEY))?.value, "theirs");
});

Deno.test("commitOnce is refused when another was first, also behind a lost answer", async () => {
  for (const fates of [{}, { 1: "lost before" }] as const) {
    const store = new MemoryRunStore();
    await store.commit({ sets: [{ key: KEY, value: { nonce: "theirs" } }] });
    assert.equal(await commitOnce(forgetful(store, fates), CHANGE), null);
    assert.deepEqual((await store.get(KEY))?.value, { nonce: "theirs" });
  }
});

Deno.test("commitOnce throws what the store does when nothing answers, or three times in vain", async () => {
  const store = new MemoryRunStore();
  await assert.rejects(commitOnce(dyingAt(store, 1, "lost after"), CHANGE), /has died/);
  assert.notEqual(await store.get(KEY), null);
  const fates = { 1: "lost before", 2: "lost before", 3: "lost before" } as const;
  const lost = commitOnce(forgetful(new MemoryRunStore(), fates), CHANGE);
  await assert.rejects(lost, /no answer/);
});

Deno.test("commitOnce tries once what no store takes", async () => {
  const store = new MemoryRunStore();
  let commits = 0;
  const counting = {
    get: store.get.bind(store),
    list: store.list.bind(store),
    commit: (change: Parameters<typeof store.commit>[0]) => {
      commits++;
      return store.commit(change);
    },
  };
  const sets = [{ key: [], value: 1 }];
  await assert.rejects(commitOnce(counting, { ...CHANGE, sets }), TypeError);
  assert.equal(commits, 1);
});

Deno.test("commitOnce sends a change again that the store refused to take, and none that it left open", async () => {
  for (const [name, expected] of [["TimeoutError", 1], ["DataError", 3]] as const) {
    let sent = 0;
    const store: RunStore = {
      get: () => Promise.resolve(null),
      list: () => Promise.resolve([]),
      commit: () => {
        sent++;
        throw new RunStoreUnavailableError("change it", new DOMException("no answer", name));
      },
    };
    await assert.rejects(commitOnce(store, CHANGE), RunStoreUnavailableError);
    assert.equal(sent, expected);
  }
});
