import assert from "node:assert/strict";
import { systemClock } from "../../clock.ts";
import { candidate, LEASE_KEY, TERM_KEY } from "../support/candidates.ts";
import { connectionRefused, hang, heldCall } from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";

/** Lets a candidate campaign and tells at what time it won. */
function campaigns(test: TestStore, election: ReturnType<typeof candidate>["election"]) {
  const seen: { wonAtMs?: number; term?: number } = {};
  const controller = new AbortController();
  const campaign = election.campaign({ signal: controller.signal }).then((term) => {
    seen.wonAtMs = test.clock.monotonic();
    seen.term = term.term;
  }, () => {});
  return {
    seen,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await test.until(campaign);
    },
  };
}

Deno.test("a follower leads exactly one lease after the last renewal it saw, and not before", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b", { safetyPollMs: 10 });
  await a.election.tryAcquire();
  await using follower = campaigns(test, b.election);
  await test.clock.advance(1_000);
  a.handle.breakDown(hang);
  const lastRenewalMs = 999;
  await test.clock.advance(998);
  assert.equal(follower.seen.wonAtMs, undefined);
  await test.clock.advance(20);
  assert.equal(follower.seen.term, 2);
  assert.ok(follower.seen.wonAtMs! >= lastRenewalMs + 1_000, `${follower.seen.wonAtMs}`);
  assert.ok(follower.seen.wonAtMs! <= lastRenewalMs + 1_012, `${follower.seen.wonAtMs}`);
  a.handle.heal();
});

Deno.test("a leader knows that it is over before a follower leads, whatever the phase of its death", async () => {
  for (let diesAtMs = 0; diesAtMs < 340; diesAtMs += 37) {
    using test = await TestStore.open();
    await using a = candidate(test, "a");
    await using b = candidate(test, "b", { safetyPollMs: 10 });
    const term = (await a.election.tryAcquire())!;
    let endedAtMs = Infinity;
    term.signal.addEventListener("abort", () => endedAtMs = test.clock.monotonic());
    await using follower = campaigns(test, b.election);
    await test.clock.advance(diesAtMs);
    a.handle.breakDown(hang);
    await test.clock.advance(2_500);
    assert.equal(follower.seen.term, 2, `dies at ${diesAtMs}`);
    assert.ok(endedAtMs < follower.seen.wonAtMs!, `dies at ${diesAtMs}`);
    a.handle.heal();
  }
});

Deno.test("a follower honours the lease that the holder wrote down, not its own", async () => {
  const cases = [
    {
      name: "the holder's is longer",
      holder: 3_000,
      follower: 500,
      notBeforeMs: 3_000,
      latestMs: 3_200,
    },
    {
      name: "the holder's is shorter",
      holder: 500,
      follower: 3_000,
      notBeforeMs: 500,
      latestMs: 2_200,
    },
  ];
  for (const { name, holder, follower: followerMs, notBeforeMs, latestMs } of cases) {
    using test = await TestStore.open();
    await using a = candidate(test, "a", { leaseMs: holder });
    await using b = candidate(test, "b", { leaseMs: followerMs });
    await a.election.tryAcquire();
    a.handle.breakDown(hang);
    await using follower = campaigns(test, b.election);
    await test.clock.advance(notBeforeMs - 1);
    assert.equal(follower.seen.wonAtMs, undefined, name);
    await test.clock.advance(latestMs - notBeforeMs + 1);
    assert.equal(follower.seen.term, 2, name);
    a.handle.heal();
  }
});

Deno.test("a follower whose watch is stalled hears of a resignation from the safety poll (T8)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b", { safetyPollMs: 400 });
  const term = (await a.election.tryAcquire())!;
  await using follower = campaigns(test, b.election);
  await test.clock.advance(410);
  await term.resign();
  await test.clock.advance(389);
  assert.equal(follower.seen.term, undefined);
  await test.clock.advance(2);
  assert.equal(follower.seen.term, 2);
});

Deno.test("a follower never takes over from a leader that renews, though its watch is stalled (T8)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  const term = (await a.election.tryAcquire())!;
  await using follower = campaigns(test, b.election);
  await test.clock.advance(20_000);
  assert.equal(follower.seen.term, undefined);
  assert.equal(term.isValid(), true);
});

Deno.test("a follower that is woken by the watch leads at once after a resignation", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b", {}, { watch: true });
  const term = (await a.election.tryAcquire())!;
  await using follower = campaigns(test, b.election);
  await test.clock.advance(100);
  await term.resign();
  // The store's own watch runs in real time; the fake clock stands still meanwhile.
  for (let turn = 0; turn < 1_000 && follower.seen.term === undefined; turn++) {
    await systemClock.sleep(2);
  }
  assert.deepEqual(follower.seen, { term: 2, wonAtMs: 100 });
});

Deno.test("a follower reads as seldom as its store allows: half a lease with hints, a blind poll without", async () => {
  const cases = [
    { name: "a store that is seen whole", storePath: ":memory:", reads: 9 },
    { name: "a remote store", storePath: "https://kv.example/db", reads: 9 },
    { name: "a file that it may not watch", storePath: "/nowhere/baton.db", reads: 31 },
  ];
  for (const { name, storePath, reads } of cases) {
    using test = await TestStore.open();
    await using a = candidate(test, "a", { leaseMs: 2_000 });
    await using b = candidate(test, "b", { leaseMs: 2_000, storePath });
    await a.election.tryAcquire();
    await using _follower = campaigns(test, b.election);
    await test.settle();
    const before = b.handle.reads;
    await test.clock.advance(8_000);
    const found = b.handle.reads - before;
    assert.ok(Math.abs(found - reads) <= 2, `${name}: ${found} reads`);
    assert.equal(b.handle.sent.length, 0, name);
  }
});

Deno.test("a frozen leader cannot write when it wakes, although it was never told (T14)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  const deposed = (await a.election.tryAcquire())!;
  const write = deposed.atomic().set(["work"], "late");
  assert.equal(await b.election.tryAcquire(), null);
  const frozen = Promise.withResolvers<void>();
  a.handle.breakDown(async (apply) => {
    await frozen.promise;
    return await apply();
  });
  await test.clock.advance(1_001);
  assert.equal((await b.election.tryAcquire())?.term, 2);
  frozen.resolve();
  a.handle.heal();
  assert.equal(deposed.isValid(), false);
  assert.equal((await write.commit()).ok, false);
  assert.equal((await deposed.atomic().set(["work"], "later").commit()).ok, false);
  assert.equal((await test.raw.get(["work"])).versionstamp, null);
});

Deno.test("a renewal that commits after the takeover changes nothing (T5)", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  await a.election.tryAcquire();
  const zombie = heldCall({ answer: false });
  a.handle.onCommit(zombie.fault);
  a.handle.onCommit(hang, { times: 10 });
  await test.clock.advance(400);
  assert.equal(await b.election.tryAcquire(), null);
  await test.clock.advance(1_000);
  assert.equal((await b.election.tryAcquire())?.term, 2);
  const { versionstamp } = await test.raw.get(LEASE_KEY);
  await zombie.release();
  assert.equal((await test.raw.get(LEASE_KEY)).versionstamp, versionstamp);
  a.handle.heal();
});

Deno.test("terms grow over resignation, crash, takeover and restored backup, and none is used twice (T12)", async () => {
  using test = await TestStore.open();
  const terms: number[] = [];
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  const won = async (who: typeof a) => {
    const term = await who.election.tryAcquire();
    assert.ok(term, `after ${terms}`);
    terms.push(term.term);
    return term;
  };
  await (await won(a)).resign();
  const backup = await test.read(TERM_KEY);
  await won(b);
  b.handle.breakDown(connectionRefused);
  await a.election.tryAcquire();
  await test.clock.advance(1_001);
  await won(a);
  b.handle.heal();
  await b.election.leader();
  await test.raw.set(TERM_KEY, backup);
  await test.raw.delete(LEASE_KEY);
  await test.clock.advance(400);
  assert.equal(a.election.term, null);
  await won(b);
  assert.deepEqual(terms, [1, 2, 3, 4]);
});

Deno.test("many followers of a dead leader: one wins, and no second term is taken", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await a.election.tryAcquire();
  await using all = new AsyncDisposableStack();
  const rivals = Array.from({ length: 20 }, (_, i) => {
    let seed = i + 1;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const rival = all.use(candidate(test, `r${i}`, { random }));
    return { rival, race: all.use(campaigns(test, rival.election)) };
  });
  await test.clock.advance(500);
  a.handle.breakDown(hang);
  await test.clock.advance(3_000);
  const winners = rivals.filter(({ race }) => race.seen.term !== undefined);
  assert.equal(winners.length, 1);
  assert.equal(winners[0]?.race.seen.term, 2);
  const tries = rivals.reduce((sum, { rival }) => sum + rival.handle.sent.length, 0);
  assert.ok(tries <= 20 + 10, `${tries} commits`);
  a.handle.heal();
});

Deno.test("a candidate that loses race after race waits longer each time, up to a share of the lease", async () => {
  using test = await TestStore.open();
  await using b = candidate(test, "b", { random: () => 1 });
  const rival = test.handle();
  const triedAtMs: number[] = [];
  const record = {
    v: 1,
    term: 1,
    holderId: null,
    incarnation: "rival",
    leaseMs: 1_000,
    storeId: "s",
    reservedFor: null,
    writtenAt: "2026-01-01T00:00:00.000Z",
  };
  b.handle.onCommit(async (apply) => {
    triedAtMs.push(test.clock.monotonic());
    await rival.kv.atomic().set(TERM_KEY, { ...record, nonce: crypto.randomUUID() }).commit();
    return await apply();
  }, { times: 17 });
  await using follower = campaigns(test, b.election);
  await test.clock.advance(5_000);
  assert.equal(follower.seen.term, 2);
  const pausesMs = triedAtMs.slice(1).map((at, i) => at - triedAtMs[i]!);
  assert.equal(pausesMs.length, 16);
  for (const [i, pause] of pausesMs.entries()) {
    assert.ok(i === 0 || pause >= pausesMs[i - 1]!, pausesMs.join());
  }
  assert.equal(pausesMs.at(-1), 50);
  assert.ok(pausesMs[0]! < 10, pausesMs.join());
});
