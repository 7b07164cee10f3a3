import assert from "node:assert/strict";
import { LeaderElection } from "../../coordination/leader_election.ts";
import { keyId } from "../../coordination/pulse_batch.ts";
import type { LeaderElectionOptions } from "../../coordination/leader_election_options.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { candidate, LEASE_KEY, TERM_KEY } from "../support/candidates.ts";
import { closed, connectionRefused, hang, heldCall, locked, slow } from "../support/faults.ts";
import { clusterNode, SettableMonitor } from "../support/nodes.ts";
import { TestStore } from "../support/test_store.ts";

Deno.test("LeaderElection refuses options that are out of range or no names", async () => {
  using kv = await Deno.openKv(":memory:");
  const cases: { options: Partial<LeaderElectionOptions>; error: string; message: RegExp }[] = [
    { options: { name: "" }, error: "TypeError", message: /^name must be a text without control/ },
    { options: { holderId: "a\n" }, error: "TypeError", message: /^holderId must be a text/ },
    {
      options: { holderId: "x".repeat(300) },
      error: "RangeError",
      message: /at most 256 characters, got 300$/,
    },
    { options: { name: "x\ud800" }, error: "TypeError", message: /^name must be well-formed/ },
    {
      options: { prefix: ["p".repeat(3_000)] },
      error: "RangeError",
      message: /^a part of prefix must have at most 256 characters, got 3000$/,
    },
    {
      options: { prefix: [undefined as unknown as string] },
      error: "TypeError",
      message: /^prefix must be a list of key parts, got undefined in it$/,
    },
    { options: { leaseMs: 5 }, error: "RangeError", message: /^leaseMs must be .* got 5$/ },
    { options: { leaseMs: 1_000, renewMs: 900 }, error: "RangeError", message: /^renewMs 900 and/ },
  ];
  for (const { options, error, message } of cases) {
    assert.throws(() => new LeaderElection({ kv, name: "e", ...options }), {
      name: error,
      message,
    });
  }
});

Deno.test("LeaderElection uses each option it is given", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a", {
    name: "host:8080/jobs",
    prefix: ["app", 7],
    leaseMs: 2_000,
    renewMs: 300,
    attemptTimeoutMs: 250,
    safetyPollMs: 900,
  });
  const { name, holderId, timing } = a.election;
  assert.deepEqual([name, holderId], ["host:8080/jobs", "a"]);
  const { leaseMs, renewMs, attemptTimeoutMs, safetyPollMs } = timing;
  assert.deepEqual([leaseMs, renewMs, attemptTimeoutMs, safetyPollMs], [2_000, 300, 250, 900]);
  await a.election.tryAcquire();
  const key = ["app", 7, "election", "host:8080/jobs", "term"];
  const record = (await test.read(key))!;
  assert.deepEqual([record["holderId"], record["leaseMs"]], ["a", 2_000]);
  const commits = a.handle.sent.length;
  await test.clock.advance(3_000);
  assert.equal(a.handle.sent.length - commits, 10);
});

Deno.test("LeaderElection stands under a name of its own when it is given none", async () => {
  using kv = await Deno.openKv(":memory:");
  const ids = [1, 2].map(() => new LeaderElection({ kv, name: "e" }).holderId);
  assert.notEqual(ids[0], ids[1]);
  assert.match(ids[0]!, /^[0-9a-f-]{36}$/);
});

Deno.test("LeaderElection spreads its renewals by the random it is given (F9)", async () => {
  for (const { random, dueMs } of [{ random: 0, dueMs: 270 }, { random: 1, dueMs: 330 }]) {
    using test = await TestStore.open();
    await using a = candidate(test, "a", { renewMs: 300, random: () => random });
    await a.election.tryAcquire();
    await test.clock.advance(dueMs - 1);
    assert.equal(a.handle.sent.length, 1, `random ${random}`);
    await test.clock.advance(1);
    assert.equal(a.handle.sent.length, 2, `random ${random}`);
  }
});

Deno.test("LeaderElection tryAcquire is idempotent: the holder gets the term it holds (F2, T22)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const [first, second] = await Promise.all([a.election.tryAcquire(), a.election.tryAcquire()]);
  assert.ok(first);
  assert.equal(second, first);
  assert.equal(await a.election.tryAcquire(), first);
  assert.equal(await a.election.campaign(), first);
  assert.equal(a.election.term, first);
  assert.equal(a.handle.sent.length, 1);
});

Deno.test("LeaderElection tryAcquire is null while another leads, and waits for nobody", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  await a.election.tryAcquire();
  assert.equal(await b.election.tryAcquire(), null);
  assert.equal(b.election.term, null);
  assert.deepEqual(await b.election.leader(), { holderId: "a", term: 1 });
});

Deno.test("LeaderElection lets exactly one of many win that try at once", async () => {
  using test = await TestStore.open();
  await using all = new AsyncDisposableStack();
  const elections = Array.from(
    { length: 20 },
    (_, i) => all.use(candidate(test, `c${i}`)).election,
  );
  const terms = await Promise.all(elections.map((election) => election.tryAcquire()));
  assert.equal(terms.filter((term) => term !== null).length, 1);
});

Deno.test("LeaderElection takes its own lost term over at once: a process does not wait for itself", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const first = (await a.election.tryAcquire())!;
  test.clock.freeze(900);
  assert.equal(first.isValid(), false);
  assert.equal((await a.election.tryAcquire())?.term, 2);
});

Deno.test("LeaderElection tryAcquire rejects when the store does not answer, and leads on nothing", async () => {
  for (const fault of [connectionRefused, hang, closed]) {
    using test = await TestStore.open();
    await using a = candidate(test, "a");
    a.handle.onCommit(fault);
    await assert.rejects(test.until(a.election.tryAcquire()), {
      name: "StoreUnavailableError",
      code: "STORE_UNAVAILABLE",
    });
    assert.equal(a.election.term, null);
  }
});

Deno.test("LeaderElection gives each attempt on the store as long as it was told to", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a", { attemptTimeoutMs: 120 });
  const lastsMs = async (attempt: () => Promise<unknown>) => {
    const startMs = test.clock.monotonic();
    let endMs = 0;
    const over = attempt().catch(() => {}).finally(() => endMs = test.clock.monotonic());
    await test.until(over, 5_000, 1);
    return endMs - startMs;
  };
  a.handle.onRead(hang);
  assert.equal(await lastsMs(() => a.election.tryAcquire()), 120, "read");
  a.handle.onCommit(hang);
  assert.equal(await lastsMs(() => a.election.tryAcquire()), 120, "take");
  const term = (await a.election.tryAcquire())!;
  a.handle.onCommit(hang, { times: 3 });
  assert.equal(await lastsMs(() => term.resign()), 360, "release, three times");
});

Deno.test("LeaderElection survives a take that committed late, and never leads on it (T4, T5)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const zombie = heldCall({ answer: false });
  a.handle.onCommit(zombie.fault);
  await assert.rejects(test.until(a.election.tryAcquire()), { name: "StoreUnavailableError" });
  await zombie.release();
  assert.equal((await test.read(TERM_KEY))!["holderId"], "a");
  assert.equal(a.election.term, null);
  const term = await a.election.tryAcquire();
  assert.equal(term?.term, 2);
});

Deno.test("LeaderElection reports foreign records by key and leaves them alone", async () => {
  for (const [key, value] of [[TERM_KEY, { v: 2, term: 1 }], [LEASE_KEY, "mine"]] as const) {
    using test = await TestStore.open();
    await test.raw.set(key, value);
    await using a = candidate(test, "a");
    const corrupt = { name: "CorruptRecordError", code: "CORRUPT_RECORD", key };
    await assert.rejects(a.election.tryAcquire(), corrupt);
    await assert.rejects(a.election.campaign(), corrupt);
    await assert.rejects(a.election.leader(), corrupt);
    await assert.rejects(a.election.terms().next(), corrupt);
    await assert.rejects(a.election.changes().next(), corrupt);
    assert.deepEqual((await test.raw.get(key)).value, value);
  }
});

Deno.test("LeaderElection campaign rejects when its signal aborts, before, during and inside a take", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  const reason = new Error("enough");
  await assert.rejects(a.election.campaign({ signal: AbortSignal.abort(reason) }), reason);
  const inside = new AbortController();
  const slow = heldCall();
  a.handle.onCommit(slow.fault);
  const taking = assert.rejects(a.election.campaign({ signal: inside.signal }), reason);
  await slow.caught;
  inside.abort(reason);
  await slow.release();
  await taking;
  assert.equal(a.election.term, null);
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  await b.election.tryAcquire();
  const during = new AbortController();
  const waiting = assert.rejects(a.election.campaign({ signal: during.signal }), reason);
  await test.clock.advance(200);
  during.abort(reason);
  await waiting;
});

Deno.test("LeaderElection campaign gives its term back when its signal aborts while it stops listening", async () => {
  using test = await TestStore.open();
  const controller = new AbortController();
  const reason = new Error("enough");
  const { kv } = test.handle();
  const abortsInTheEnd = new Proxy(kv, {
    get: (target, property) =>
      property === "watch"
        ? () => new ReadableStream({ cancel: () => controller.abort(reason) })
        : Reflect.get(target, property),
  });
  await using a = candidate(test, "a", { kv: abortsInTheEnd });
  await assert.rejects(a.election.campaign({ signal: controller.signal }), reason);
  assert.equal(a.election.term, null);
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
});

Deno.test("LeaderElection stands again only when the release of its last term is done", async () => {
  const stands: { name: string; stand: (election: LeaderElection) => Promise<unknown> }[] = [
    { name: "tryAcquire", stand: (election) => election.tryAcquire() },
    { name: "campaign", stand: (election) => election.campaign() },
    { name: "terms", stand: (election) => election.terms().next() },
  ];
  for (const { name, stand } of stands) {
    using test = await TestStore.open();
    await using a = candidate(test, "a");
    const first = (await a.election.tryAcquire())!;
    const ledTerm = () => a.election.term?.term ?? null;
    const resigned = first.resign({ after: test.clock.sleep(500) });
    const next = stand(a.election);
    await test.clock.advance(499);
    assert.equal((await test.read(TERM_KEY))!["holderId"], "a", name);
    assert.equal(ledTerm(), null, name);
    await test.clock.advance(1);
    await resigned;
    await test.until(next);
    assert.equal(ledTerm(), 2, name);
  }
});

Deno.test("LeaderElection campaign waits outages out, and gives up on a closed handle (F7)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  a.handle.breakDown(connectionRefused);
  const campaign = a.election.campaign();
  await test.clock.advance(5_000);
  a.handle.heal();
  a.handle.onCommit(locked, { times: 3 });
  assert.equal((await test.until(campaign)).term, 1);
  await using b = candidate(test, "b");
  b.handle.breakDown(closed);
  await assert.rejects(test.until(b.election.campaign()), { name: "StoreUnavailableError" });
});

Deno.test("LeaderElection terms leads again and again, and resigns when the loop is left", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const seen: number[] = [];
  const loop = (async () => {
    for await (const term of a.election.terms()) {
      seen.push(term.term);
      if (term.term === 3) break;
      await term.resign();
    }
  })();
  await test.until(loop);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  assert.equal(a.election.term, null);
});

Deno.test("LeaderElection terms ends with its signal, and resigns what it held", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const controller = new AbortController();
  const loop = (async () => {
    for await (const term of a.election.terms({ signal: controller.signal })) {
      assert.equal(term.isValid(), true);
      await new Promise<void>((resolve) =>
        controller.signal.addEventListener("abort", () => resolve())
      );
    }
  })();
  await test.clock.advance(1_000);
  assert.ok(a.election.term);
  controller.abort();
  await test.until(loop);
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
});

Deno.test("LeaderElection changes tells who leads now and each change from then on", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using watcher = candidate(test, "w");
  const controller = new AbortController();
  const seen: unknown[] = [];
  const loop = (async () => {
    for await (const view of watcher.election.changes({ signal: controller.signal })) {
      seen.push(view);
    }
  })();
  await test.clock.advance(100);
  const term = (await a.election.tryAcquire())!;
  await test.clock.advance(2_000);
  watcher.handle.onRead(connectionRefused, { times: 3 });
  await test.clock.advance(2_000);
  await term.resign();
  await test.clock.advance(1_000);
  controller.abort();
  await test.until(loop);
  assert.deepEqual(seen, [
    { holderId: null, term: 0 },
    { holderId: "a", term: 1 },
    { holderId: null, term: 1 },
  ]);
});

Deno.test("LeaderElection disposal resigns, ends every wait, and lets nobody lead through it again", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  await a.election.tryAcquire();
  const closedError = { name: "AbortError", message: 'Election "e" was closed' };
  const campaign = assert.rejects(b.election.campaign(), closedError);
  const changes = b.election.changes();
  await changes.next();
  const next = changes.next();
  await test.clock.advance(100);
  await test.until(b.election[Symbol.asyncDispose]());
  await campaign;
  assert.deepEqual(await next, { value: undefined, done: true });
  await test.until(a.election[Symbol.asyncDispose]());
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  await assert.rejects(a.election.tryAcquire(), closedError);
  await assert.rejects(a.election.campaign(), closedError);
  assert.deepEqual(await a.election.terms().next(), { value: undefined, done: true });
});

Deno.test("LeaderElection disposal waits for an attempt under way and releases what that won", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const slow = heldCall();
  a.handle.onCommit(slow.fault);
  const attempt = a.election.tryAcquire();
  attempt.catch(() => {});
  await slow.caught;
  const disposed = a.election[Symbol.asyncDispose]();
  await slow.release();
  await test.until(disposed);
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
});

Deno.test("LeaderElection puts all leases of a process into one commit an interval", async () => {
  using test = await TestStore.open();
  const handle = test.handle();
  await using all = new AsyncDisposableStack();
  for (let i = 0; i < 30; i++) {
    const election = new LeaderElection({
      kv: handle.kv,
      name: `e${i}`,
      leaseMs: 1_000,
      renewMs: 300,
      clock: test.clock,
      random: () => 0.5,
    });
    all.defer(() => test.until(election[Symbol.asyncDispose]()));
    await election.tryAcquire();
  }
  const before = handle.sent.length;
  await test.clock.advance(3_000);
  const renewals = handle.sent.slice(before).filter(({ sets }) => sets.length > 0);
  assert.equal(renewals.length, 10);
  for (const { sets, checks } of renewals) {
    assert.equal(new Set(sets.map(({ key }) => keyId(key))).size, 30);
    assert.ok(sets.every(({ key }) => key.at(-1) === "lease"));
    assert.equal(checks.length, 90, "each term's fence, its record and its lease");
  }
});

Deno.test("LeaderElection times itself by the clock it is given", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = new FakeClock({ startWallMs: Date.UTC(2031, 0, 1) });
  const election = new LeaderElection({ kv, name: "e", clock, storePath: ":memory:" });
  const term = await election.tryAcquire();
  const { value } = await kv.get<{ writtenAt: string }>(TERM_KEY);
  assert.equal(value?.writtenAt, "2031-01-01T00:00:00.000Z");
  clock.freeze(8_001);
  assert.equal(term?.isValid(), false);
  await election[Symbol.asyncDispose]();
});

Deno.test("LeaderElection keeps its lease beside a cluster on the same handle whose monitor is slow", async () => {
  using test = await TestStore.open();
  const monitor = new SettableMonitor(() => test.clock.sleep(2_200).then(() => ({})));
  const timing = { leaseMs: 30_000, renewMs: 10_000, attemptTimeoutMs: 5_000, heartbeatMs: 1_000 };
  await using cluster = clusterNode(test, "a", { timing, healthMonitor: monitor });
  await test.until(cluster.node.startup());
  await using fast = candidate(test, "fast", { kv: cluster.handle.kv, leaseMs: 2_000 });
  const term = (await fast.election.tryAcquire())!;
  await test.clock.advance(10_000);
  assert.equal(term.isValid(), true);
});

Deno.test("LeaderElection keeps its lease beside a cluster on the same handle that is too impatient for the store", async () => {
  using test = await TestStore.open();
  const timing = { leaseMs: 150, renewMs: 50, attemptTimeoutMs: 25 };
  await using cluster = clusterNode(test, "a", { timing });
  await test.until(cluster.node.startup());
  await using patient = candidate(test, "patient", { kv: cluster.handle.kv, leaseMs: 3_000 });
  const term = (await patient.election.tryAcquire())!;
  cluster.handle.onCommit(slow(test.clock, 40), { times: Infinity });
  await test.clock.advance(6_000);
  assert.deepEqual([term.isValid(), cluster.node.isLeader], [true, false]);
  cluster.handle.heal();
});
