import assert from "node:assert/strict";
import { systemClock } from "../../clock.ts";
import { KvStore } from "../../coordination/kv_store.ts";
import { Waker, type WakerOptions } from "../../coordination/waker.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { stub } from "../support/stub.ts";
import { TestStore } from "../support/test_store.ts";

/** A waker on a silent watch, unless it is told to listen. */
async function setUp(options: Partial<WakerOptions> & { readonly watch?: boolean } = {}) {
  const test = await TestStore.open();
  const handle = test.handle({ watch: options.watch ?? false });
  const store = test.port(handle);
  const waker = new Waker({
    store,
    keys: [["k"]],
    storePath: ":memory:",
    safetyPollMs: 500,
    blindPollMs: 100,
    debounceMs: 10,
    ...options,
  });
  await waker.start();
  const dispose = async () => {
    await test.until(waker[Symbol.asyncDispose]());
    assert.equal(test.clock.sleeperCount, 0);
    test.raw.close();
  };
  return { test, store, waker, [Symbol.asyncDispose]: dispose };
}

/** How long a wait takes, in ms of the fake clock. */
async function waited(test: TestStore, wait: Promise<void>): Promise<number> {
  const startMs = test.clock.monotonic();
  let endMs: number | undefined;
  wait.then(() => endMs = test.clock.monotonic());
  while (endMs === undefined) await test.clock.advance(1);
  return endMs - startMs;
}

Deno.test("Waker wait ends by itself, at the latest after the poll of its store (T8)", async () => {
  const cases = [
    { name: "shorter than the poll", storePath: ":memory:", ms: 40, waitedMs: 40 },
    { name: "seen whole", storePath: ":memory:", ms: 9_999, waitedMs: 500 },
    { name: "remote", storePath: "https://kv.example/", ms: 9_999, waitedMs: 500 },
    { name: "remote, in the clear", storePath: "http://localhost:4512", ms: 9_999, waitedMs: 500 },
    { name: "a file whose log is not there", storePath: "/nowhere/x.db", ms: 9_999, waitedMs: 100 },
    { name: "not told", storePath: undefined, ms: 9_999, waitedMs: 100 },
  ];
  for (const { name, storePath, ms, waitedMs } of cases) {
    await using setup = await setUp({ storePath });
    assert.equal(await waited(setup.test, setup.waker.wait(ms, undefined)), waitedMs, name);
  }
});

Deno.test("Waker wait returns at once when there is nothing to wait for", async () => {
  await using setup = await setUp();
  await setup.waker.wait(0, undefined);
  await setup.waker.wait(-5, undefined);
});

Deno.test("Waker wait rejects with the signal's reason, before and during", async () => {
  await using setup = await setUp();
  const reason = new Error("enough");
  await assert.rejects(setup.waker.wait(100, AbortSignal.abort(reason)), reason);
  const controller = new AbortController();
  const waiting = assert.rejects(setup.waker.wait(100, controller.signal), reason);
  controller.abort(reason);
  await waiting;
  assert.equal(setup.test.clock.sleeperCount, 0);
});

Deno.test("Waker is woken by a change of a watched key, and keeps a hint that came too early", async () => {
  await using setup = await setUp({ watch: true });
  const { test, waker } = setup;
  const hinted = async () => {
    let isWoken = false;
    const waiting = waker.wait(10_000, undefined).then(() => isWoken = true);
    // The store's own watch runs in real time; the fake clock stands still meanwhile.
    for (let turn = 0; turn < 1_000 && !isWoken; turn++) await systemClock.sleep(2);
    assert.equal(isWoken, true);
    await waiting;
  };
  await hinted();
  await test.raw.set(["k"], 1);
  await hinted();
  await test.raw.set(["k"], 2);
  await systemClock.sleep(20);
  await hinted();
  assert.equal(test.clock.monotonic(), 0);
});

Deno.test("Waker opens a broken stream again after a safety poll, counts it, and polls meanwhile (T8)", async () => {
  const clock = new FakeClock();
  using kv = await Deno.openKv(":memory:");
  let opened = 0;
  const breaks = new Proxy(kv, {
    get: (target, property) => {
      if (property === "watch") {
        return () => {
          opened++;
          if (opened === 1) throw new TypeError("no watch");
          return new ReadableStream({ start: (stream) => stream.error(new Error("cut")) });
        };
      }
      return Reflect.get(target, property);
    },
  });
  const store = new KvStore(breaks, { clock, random: Math.random });
  const options = {
    store,
    keys: [["k"]],
    storePath: ":memory:",
    safetyPollMs: 500,
    blindPollMs: 100,
    debounceMs: 10,
  };
  const waker = new Waker(options);
  await waker.start();
  await clock.advance(1_001);
  assert.equal(opened, 3);
  assert.equal(store.getMetrics().brokenWatches, 3);
  const waiting = waker.wait(9_999, undefined);
  await clock.advance(500);
  await waiting;
  await waker[Symbol.asyncDispose]();
});

Deno.test("Waker disposal ends a watch that never tells anything", async () => {
  const { waker, test } = await setUp({ watch: true });
  await test.until(waker[Symbol.asyncDispose]());
  test.raw.close();
});

/** A watcher of a file, as `Deno.watchFs` gives one. */
class FakeWatcher {
  #next = Promise.withResolvers<IteratorResult<Deno.FsEvent>>();
  isClosed = false;

  tell(kind: Deno.FsEvent["kind"]): void {
    this.#next.resolve({ value: { kind, paths: ["/x.db-wal"] }, done: false });
  }
  fail(error: Error): void {
    this.#next.reject(error);
  }
  close(): void {
    this.isClosed = true;
    this.end();
  }
  end(): void {
    this.#next.resolve({ value: undefined, done: true });
  }
  async next(): Promise<IteratorResult<Deno.FsEvent>> {
    const answer = await this.#next.promise;
    this.#next = Promise.withResolvers();
    return answer;
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A system in which every file may be read, and is watched as the test says. */
function systemWith(watchFs: () => unknown): Disposable {
  const stubs = new DisposableStack();
  const granted = { state: "granted" } as Deno.PermissionStatus;
  stubs.use(stub(Deno.permissions, "query", () => Promise.resolve(granted)));
  stubs.use(stub(Deno, "watchFs", watchFs as typeof Deno.watchFs));
  return stubs;
}

Deno.test("Waker polls blindly where the log cannot be watched, and counts what should not be (T8)", async () => {
  const cases = [
    { name: "too many watchers", error: new Error("Too many open files (os error 24)"), broken: 1 },
    { name: "no room", error: new Error("No space left on device (os error 28)"), broken: 1 },
    { name: "a right that was revoked", error: new Deno.errors.NotCapable("read"), broken: 1 },
    { name: "no log yet", error: new Deno.errors.NotFound("x.db-wal"), broken: 0 },
  ];
  for (const { name, error, broken } of cases) {
    using _system = systemWith(() => {
      throw error;
    });
    await using setup = await setUp({ storePath: "/x.db" });
    assert.equal(await waited(setup.test, setup.waker.wait(9_999, undefined)), 100, name);
    assert.equal(setup.store.getMetrics().brokenWatches, broken, name);
  }
});

Deno.test("Waker polls blindly again when its watcher fails or ends, and counts it (T8)", async () => {
  const cases = [
    { name: "fails", stop: (watcher: FakeWatcher) => watcher.fail(new Error("queue overflow")) },
    { name: "ends", stop: (watcher: FakeWatcher) => watcher.end() },
  ];
  for (const { name, stop } of cases) {
    const watcher = new FakeWatcher();
    using _system = systemWith(() => watcher);
    await using setup = await setUp({ storePath: "/x.db" });
    const { test, waker, store } = setup;
    assert.equal(await waited(test, waker.wait(9_999, undefined)), 500, name);
    stop(watcher);
    await test.settle();
    assert.equal(await waited(test, waker.wait(9_999, undefined)), 100, name);
    assert.equal(store.getMetrics().brokenWatches, 1, name);
    await test.until(waker[Symbol.asyncDispose]());
    assert.equal(watcher.isClosed, true, name);
  }
});

Deno.test("Waker closes its watcher when it is disposed of, and does not count that as broken", async () => {
  const watcher = new FakeWatcher();
  using _system = systemWith(() => watcher);
  await using setup = await setUp({ storePath: "/x.db" });
  await setup.test.until(setup.waker[Symbol.asyncDispose]());
  assert.equal(watcher.isClosed, true);
  assert.equal(setup.store.getMetrics().brokenWatches, 0);
});

Deno.test("Waker is woken by a change of the log, once commits can be read and once after the debounce", async () => {
  const watcher = new FakeWatcher();
  using _system = systemWith(() => watcher);
  await using setup = await setUp({ storePath: "/x.db" });
  const { test, waker } = setup;
  watcher.tell("access");
  await test.settle();
  assert.equal(await waited(test, waker.wait(9_999, undefined)), 500);
  watcher.tell("modify");
  await test.settle();
  assert.equal(await waited(test, waker.wait(9_999, undefined)), 1);
  assert.equal(await waited(test, waker.wait(9_999, undefined)), 10);
  assert.equal(await waited(test, waker.wait(9_999, undefined)), 500);
});

const canUseFiles = await Promise.all(
  (["read", "write"] as const).map(async (name) => {
    const { state } = await Deno.permissions.query({ name });
    return state === "granted";
  }),
).then((granted) => granted.every(Boolean));

Deno.test({
  name: "Waker is woken by another handle's commits to the file" +
    (canUseFiles ? "" : " (needs --allow-read --allow-write)"),
  ignore: !canUseFiles,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const storePath = `${folder}/store.db`;
    using kv = await Deno.openKv(storePath);
    using other = await Deno.openKv(storePath);
    await kv.set(["k"], 0);
    const deaf = new Proxy(kv, {
      get: (target, property) =>
        property === "watch" ? () => new ReadableStream() : Reflect.get(target, property),
    });
    const store = new KvStore(deaf, { clock: systemClock, random: Math.random });
    const options = {
      store,
      keys: [["k"]],
      storePath,
      safetyPollMs: 60_000,
      blindPollMs: 60_000,
      debounceMs: 10,
    };
    {
      await using waker = new Waker(options);
      await waker.start();
      for (let round = 0; round < 3; round++) {
        const started = systemClock.monotonic();
        const waiting = waker.wait(60_000, undefined);
        await other.set(["k"], round);
        await waiting;
        assert.ok(systemClock.monotonic() - started < 10_000);
        await systemClock.sleep(100);
      }
    }
    await Deno.remove(folder, { recursive: true });
  },
});
