import assert from "node:assert/strict";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { CorruptRunError, RunStoreUnavailableError } from "../../../engines/durable/run_errors.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

// What every store does is in tests/contract/run_store_contract.ts.

/** What happens to a call of Deno KV. */
type Fate = "works" | "fails before" | "fails after" | "hangs before" | "hangs after";

/** Deno KV whose next calls meet their fates; then all work. */
function flawed(kv: Deno.Kv, fates: Fate[]): Deno.Kv {
  const meet = async <T>(call: () => Promise<T>): Promise<T> => {
    const fate = fates.shift() ?? "works";
    if (fate === "fails before") throw new TypeError("database is locked");
    if (fate === "hangs before") await new Promise(() => {});
    const answer = await call();
    if (fate === "hangs after") await new Promise(() => {});
    if (fate === "fails after") throw new TypeError("connection lost");
    return answer;
  };
  return new Proxy(kv, {
    get: (target, name) => {
      if (name === "get") return (key: Deno.KvKey) => meet(() => target.get(key));
      if (name === "list" && fates[0] === "hangs before") {
        return () => ({ next: () => meet(() => Promise.resolve()), [Symbol.asyncIterator]: self });
      }
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

function self<T>(this: T): T {
  return this;
}

/** Calls a store while time passes. */
async function call<T>(
  fates: Fate[],
  run: (store: KvRunStore, kv: Deno.Kv, clock: FakeClock) => Promise<T>,
  timeoutMs?: number,
): Promise<T> {
  using kv = await Deno.openKv(":memory:");
  const clock = new FakeClock();
  const deadline = timeoutMs === undefined ? {} : { timeoutMs };
  const running = run(new KvRunStore({ kv: flawed(kv, fates), clock, ...deadline }), kv, clock);
  let isOver = false;
  const over = () => isOver = true;
  running.then(over, over);
  while (!isOver) {
    // What was asked of the store before is answered by then: no time passes meanwhile.
    await kv.get(["turn"]);
    await clock.advance(10);
  }
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

const HANGING: readonly {
  readonly name: string;
  readonly operation: RegExp;
  readonly run: (store: KvRunStore) => Promise<unknown>;
}[] = [
  { name: "get", operation: /^read/, run: (store) => store.get(KEY) },
  { name: "list", operation: /^list/, run: (store) => store.list(["run"], { limit: 1 }) },
  { name: "commit", operation: /^change/, run: (store) => store.commit(CLAIM) },
];

for (const { name, operation, run } of HANGING) {
  Deno.test(`KvRunStore gives up a ${name} that is never answered at its deadline`, async () => {
    for (const [timeoutMs, expectedMs] of [[undefined, 5_000], [200, 200]]) {
      await call(["hangs before"], async (store, _kv, clock) => {
        await assert.rejects(run(store), (error) => {
          assert.ok(error instanceof RunStoreUnavailableError);
          assert.match(error.operation, operation);
          assert.equal((error.cause as DOMException).name, "TimeoutError");
          assert.match(error.message, new RegExp(`no answer within ${expectedMs} ms`));
          return true;
        });
        assert.equal(clock.monotonic(), expectedMs);
      }, timeoutMs);
    }
  });
}

Deno.test("KvRunStore counts repetitions against the deadline, and ends them with it", async () => {
  const fates = Array<Fate>(20).fill("fails before");
  await call(fates, async (store, _kv, clock) => {
    await assert.rejects(store.get(KEY), /no answer within 100 ms/);
    assert.equal(clock.monotonic(), 100);
    const left = fates.length;
    await clock.advance(5_000);
    assert.equal(fates.length, left, "nothing was asked after the deadline");
  }, 100);
});

Deno.test("KvRunStore leaves no timer behind, answered or not", async () => {
  await call(["works", "hangs after"], async (store, _kv, clock) => {
    await store.commit(CLAIM);
    assert.equal(clock.sleeperCount, 0);
    await assert.rejects(store.get(KEY), RunStoreUnavailableError);
    assert.equal(clock.sleeperCount, 0);
  });
});

Deno.test("KvRunStore refuses a deadline that is none", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const timeoutMs of [0, NaN, 60_001]) {
    assert.throws(() => new KvRunStore({ kv, timeoutMs }), RangeError);
  }
});

const FOREIGN = [
  { name: "no bytes", value: { json: "1" } },
  { name: "no UTF-8", value: new Uint8Array([0xff]) },
  { name: "no JSON", value: new TextEncoder().encode("{") },
];

for (const { name, value } of FOREIGN) {
  Deno.test(`KvRunStore refuses to read what is ${name}, and lists it without a value`, async () => {
    using kv = await Deno.openKv(":memory:");
    await kv.set(["baton", "runs", "entry", ...KEY], value);
    const store = new KvRunStore({ kv });
    await assert.rejects(store.get(KEY), CorruptRunError);
    await store.commit({ sets: [{ key: ["run", "r-2"], value: 2 }] });
    const listed = await store.list(["run"], { limit: 5 });
    assert.deepEqual(listed.map((entry) => [entry.key[1], entry.value]), [
      ["r-1", undefined],
      ["r-2", 2],
    ]);
  });
}

Deno.test("KvRunStore refuses to list a key that it never writes", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["baton", "runs", "entry", "run", 7], 1);
  await assert.rejects(new KvRunStore({ kv }).list(["run"], { limit: 1 }), CorruptRunError);
});

Deno.test("KvRunStore keeps apart what is below two prefixes", async () => {
  using kv = await Deno.openKv(":memory:");
  const stores = ["a", "b"].map((name) => new KvRunStore({ kv, prefix: ["app", name] }));
  for (const store of stores) assert.notEqual(await store.commit(CLAIM), null);
  await stores[0]!.commit({ deletes: [KEY] });
  assert.deepEqual(await stores[0]!.list(["run"], { limit: 5 }), []);
  assert.equal((await stores[1]!.get(KEY))?.value, 1);
});

Deno.test("KvRunStore refuses a prefix that leaves keys no room", async () => {
  using kv = await Deno.openKv(":memory:");
  assert.throws(() => new KvRunStore({ kv, prefix: ["é".repeat(51)] }), RangeError);
  assert.throws(() => new KvRunStore({ kv, prefix: [1] }), TypeError);
});
