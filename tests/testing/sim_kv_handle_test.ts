import assert from "node:assert/strict";
import { SimStore } from "../../testing/sim_store.ts";
import { outcomeOf } from "./sim_kv_outcome.ts";

const LATENCY = { latency: { minMs: 10, maxMs: 10 } };

Deno.test("SimKv is a Deno.Kv without a cast", async () => {
  using kv: Deno.Kv = new SimStore().open();
  await kv.set(["a"], 1);
  const operation: Deno.AtomicOperation = kv.atomic();
  await operation.sum(["n"], 1n).commit();
  const list: Deno.KvListIterator<number> = kv.list<number>({ prefix: [] });
  assert.equal((await list.next()).value!.value, 1);
});

Deno.test("SimKv throws a clear TypeError when it is asked for a queue", async () => {
  const kv: Deno.Kv = new SimStore().open();
  const wanted = { name: "TypeError", message: /not supported/ };
  await assert.rejects(kv.enqueue(1), wanted);
  await assert.rejects(kv.listenQueue(() => {}), wanted);
  assert.throws(() => kv.atomic().enqueue(1), wanted);
});

Deno.test("SimKv applies half a commit that sums something else, reports it, and tells the truth (T6)", async () => {
  const keys: Deno.KvKey[][] = [];
  const store = new SimStore({ onCommit: (commit) => keys.push([...commit.keys]) });
  const kv = store.open();
  await kv.set(["text"], "x");
  const commit = kv.atomic().set(["a"], 1).sum(["text"], 1n).set(["b"], 1).commit();
  await assert.rejects(commit, { name: "TypeError", message: /'sum' mutation on a non-U64 value/ });
  assert.deepEqual([store.peek(["a"]).value, store.peek(["b"]).value], [1, null]);
  assert.equal(store.faultCounts.get("halfCommit"), 1);
  assert.deepEqual(keys, [[["text"]], [["a"]]]);
});

Deno.test("SimKv answers what is under way when it is closed, and throws from then on", async () => {
  const store = new SimStore({ faults: LATENCY });
  const kv = store.open();
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.close();
  assert.equal((await outcomeOf(kv.get(["a"]))).text, "BadResource: Bad resource ID");
  await store.time.advance(10);
  assert.equal(call.text, "done");
});

Deno.test("SimKv throws BadResource for everything once it is killed; its requests may arrive (T11)", async () => {
  const store = new SimStore({ faults: LATENCY });
  const kv = store.open();
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.kill();
  await store.time.advance(10);
  assert.equal(call.text, "BadResource: Bad resource ID");
  assert.equal(store.peek(["a"]).value, 1);
  const calls = [
    () => kv.get(["a"]),
    () => kv.set(["a"], 2),
    () => kv.atomic().commit(),
    () => kv.list({ prefix: [] }).next(),
  ];
  for (const next of calls) {
    assert.equal((await outcomeOf<unknown>(next())).text, "BadResource: Bad resource ID");
  }
  assert.throws(() => kv.watch([["a"]]), Deno.errors.BadResource);
});

Deno.test("SimKv of a connect client sends nothing again once it is killed", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.next({ kind: "lostRequest" });
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.kill();
  await store.time.advance(301);
  assert.equal(call.text, "BadResource: Bad resource ID");
  assert.equal(store.peek(["a"]).value, null);
});

Deno.test("SimKv of a connect client goes on with its calls after it was closed", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.next({ kind: "lostRequest" });
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.close();
  await store.time.advance(301);
  assert.equal(call.text, "done");
  assert.equal(store.peek(["a"]).value, 1);
});

Deno.test("SimKv hears nothing any more once it has crashed; its requests may arrive (T15)", async () => {
  const store = new SimStore({ faults: LATENCY });
  const kv = store.open({ client: "connect" });
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.crash();
  const after = await outcomeOf(kv.set(["a"], 2));
  await store.time.advance(10_000);
  assert.deepEqual([call.text, after.text], ["pending", "pending"]);
  assert.equal(store.peek(["a"]).value, 1);
  kv.close();
});

Deno.test("SimKv sends nothing again once it has crashed", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.next({ kind: "lostRequest" });
  const call = await outcomeOf(kv.set(["a"], 1));
  kv.crash();
  await store.time.advance(10_000);
  assert.equal(call.text, "pending");
  assert.equal(store.peek(["a"]).value, null);
});

Deno.test("a zombie of a closed or crashed handle still lands, after a takeover", async () => {
  for (const end of ["close", "crash", "kill"] as const) {
    const store = new SimStore();
    const old = store.open({ client: "connect" });
    old.next({ kind: "zombie", delayMs: 5_000, isAnswered: false });
    const call = await outcomeOf(old.set(["leader"], "old"));
    old[end]();
    await store.open().set(["leader"], "new");
    await store.time.advance(5_000);
    assert.equal(store.peek(["leader"]).value, "old");
    assert.equal(call.text, "pending");
  }
});

Deno.test("SimKv has the store's faults unless it has its own", async () => {
  const store = new SimStore({ faults: { busy: 1 } });
  const [a, b] = [store.open(), store.open({ faults: {} })];
  await assert.rejects(a.get(["k"]), { message: "database is locked" });
  await b.get(["k"]);
  a.faults = {};
  await a.get(["k"]);
  assert.throws(() => a.faults = { busy: 2 }, RangeError);
});

Deno.test("SimKv sends an operation as it was when commit was called", async () => {
  const store = new SimStore({ faults: LATENCY });
  const operation = store.open().atomic().set(["a"], 1);
  const call = await outcomeOf(operation.commit());
  operation.set(["b"], 1);
  await store.time.advance(10);
  assert.equal(call.text, "done");
  assert.equal(store.peek(["b"]).value, null);
});
