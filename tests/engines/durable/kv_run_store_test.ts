import assert from "node:assert/strict";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { CorruptRunError, RunStoreUnavailableError } from "../../../engines/durable/run_errors.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

// What every store does is in tests/contract/run_store_contract.ts.

/** What happens to a call of Deno KV. */
type Fate = "works" | "fails before" | "fails after";

/** Deno KV whose next calls meet their fates; then all work. */
function flawed(kv: Deno.Kv, fates: Fate[]): Deno.Kv {
  const meet = async <T>(call: () => Promise<T>): Promise<T> => {
    const fate = fates.shift() ?? "works";
    if (fate === "fails before") throw new TypeError("database is locked");
    const answer = await call();
    if (fate === "fails after") throw new TypeError("connection lost");
    return answer;
  };
  return new Proxy(kv, {
    get: (target, name) => {
      if (name === "get") return (key: Deno.KvKey) => meet(() => target.get(key));
      if (name !== "atomic") return Reflect.get(target, name).bind(target);
      return () => {
        const batch = target.atomic();
        const commit = batch.commit.bind(batch);
        batch.commit = () => meet(commit);
        return batch;
      };
    },
  });
}

/** Calls a store while time passes. */
async function call<T>(fates: Fate[], run: (store: KvRunStore, kv: Deno.Kv) => Promise<T>) {
  using kv = await Deno.openKv(":memory:");
  const clock = new FakeClock();
  const running = run(new KvRunStore({ kv: flawed(kv, fates), clock }), kv);
  let isOver = false;
  const over = () => isOver = true;
  running.then(over, over);
  while (!isOver) await clock.advance(10);
  return await running;
}

const KEY = ["run", "r-1"];
const CLAIM = { checks: [{ key: KEY, version: null }], sets: [{ key: KEY, value: 1 }] };

const FATES: readonly { readonly name: string; readonly fates: readonly Fate[] }[] = [
  { name: "is locked, twice", fates: ["fails before", "fails before"] },
  { name: "loses its answer", fates: ["fails after"] },
  {
    name: "loses its answer, and then that of the receipt",
    fates: ["fails after", "works", "fails after"],
  },
  { name: "is locked, and then loses its answer", fates: ["fails before", "fails after"] },
];

for (const { name, fates } of FATES) {
  Deno.test(`KvRunStore commits once and knows it when the store ${name}`, async () => {
    await call([...fates], async (store) => {
      const version = await store.commit(CLAIM);
      assert.equal((await store.get(KEY))?.version, version);
      assert.notEqual(version, null);
      assert.equal(await store.commit(CLAIM), null);
    });
  });
}

Deno.test("KvRunStore knows that it wrote although others have written since", async () => {
  await call(["fails after"], async (store, kv) => {
    const rival = new KvRunStore({ kv });
    const writing = store.commit(CLAIM);
    while (await rival.get(KEY) === null) await Promise.resolve();
    await rival.commit({ deletes: [KEY] });
    assert.notEqual(await writing, null);
    assert.equal(await rival.get(KEY), null);
  });
});

Deno.test("KvRunStore gives up when there is no answer, and says why", async () => {
  const never = Array<Fate>(10).fill("fails before");
  const failing = call(never, (store) => store.commit(CLAIM));
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof RunStoreUnavailableError);
    assert.equal(error.code, "RUN_STORE_UNAVAILABLE");
    assert.match(String(error.cause), /database is locked/);
    return true;
  });
});

const FOREIGN = [
  { name: "no bytes", value: { json: "1" } },
  { name: "no UTF-8", value: new Uint8Array([0xff]) },
  { name: "no JSON", value: new TextEncoder().encode("{") },
];

for (const { name, value } of FOREIGN) {
  Deno.test(`KvRunStore refuses to read what is ${name}`, async () => {
    using kv = await Deno.openKv(":memory:");
    await kv.set(["baton", "runs", "entry", ...KEY], value);
    const store = new KvRunStore({ kv });
    await assert.rejects(store.get(KEY), CorruptRunError);
    await assert.rejects(store.list(["run"], { limit: 1 }), CorruptRunError);
  });
}

Deno.test("KvRunStore refuses a prefix that leaves keys no room", async () => {
  using kv = await Deno.openKv(":memory:");
  assert.throws(() => new KvRunStore({ kv, prefix: ["é".repeat(51)] }), RangeError);
  assert.throws(() => new KvRunStore({ kv, prefix: [1] }), TypeError);
});
