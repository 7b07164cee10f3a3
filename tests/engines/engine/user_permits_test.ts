import assert from "node:assert/strict";
import { type ReleasePermit, UserPermits } from "../../../engines/engine/user_permits.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

Deno.test("UserPermits refuses options out of range", () => {
  const cases = [{ perUserMax: 0 }, { perUserMax: 1.5 }, { queueMax: -1 }, { waitTimeoutMs: 0 }, {
    abandonedMax: 0,
  }];
  for (const options of cases) assert.throws(() => new UserPermits(options), RangeError);
  assert.equal(new UserPermits().perUserMax, 3);
  const misspelt = { perUserMaximum: 4 } as object;
  assert.throws(() => new UserPermits(misspelt), /did you mean perUserMax\?/);
});

Deno.test("UserPermits serves who came first, and never more than may be", async () => {
  const permits = new UserPermits({ perUserMax: 2, clock: new FakeClock() });
  const order: number[] = [];
  const first = permits.acquire("ada") as ReleasePermit;
  const second = permits.acquire("ada") as ReleasePermit;
  const waits = [3, 4].map(async (number) => {
    const release = await permits.acquire("ada");
    order.push(number);
    return release;
  });
  assert.deepEqual(permits.usage("ada"), { held: 2, waiting: 2, abandoned: 0 });
  first();
  first();
  // The permit went to the third, so that the fifth must wait behind the fourth.
  const fifth = permits.acquire("ada");
  assert.ok(fifth instanceof Promise);
  assert.deepEqual(permits.usage("ada"), { held: 2, waiting: 2, abandoned: 0 });
  second();
  for (const release of await Promise.all(waits)) release();
  (await fifth)();
  assert.deepEqual(order, [3, 4]);
  assert.equal(permits.userCount, 0);
});

Deno.test("UserPermits bounds the queue of each user alone", () => {
  const permits = new UserPermits({ perUserMax: 1, queueMax: 0, clock: new FakeClock() });
  const release = permits.acquire("ada") as ReleasePermit;
  assert.throws(() => permits.acquire("ada"), {
    name: "PermitQueueFullError",
    code: "PERMIT_QUEUE_FULL",
    userId: "ada",
    queueMax: 0,
  });
  (permits.acquire("bob") as ReleasePermit)();
  release();
  assert.equal(permits.userCount, 0);
});

Deno.test("UserPermits ends a wait by time or signal, and leaves nothing behind", async () => {
  const clock = new FakeClock();
  const permits = new UserPermits({ perUserMax: 1, waitTimeoutMs: 50, clock });
  const release = permits.acquire("ada") as ReleasePermit;
  const controller = new AbortController();
  const timed = assert.rejects(Promise.resolve(permits.acquire("ada")), {
    name: "PermitTimeoutError",
    code: "PERMIT_TIMEOUT",
    waitedMs: 50,
  });
  const stopped = assert.rejects(Promise.resolve(permits.acquire("ada", controller)), /off/);
  controller.abort(new Error("off"));
  await stopped;
  assert.equal(clock.sleeperCount, 1);
  await clock.advance(50);
  await timed;
  assert.throws(() => permits.acquire("ada", controller), /off/);
  assert.deepEqual(permits.usage("ada"), { held: 1, waiting: 0, abandoned: 0 });
  release();
  assert.deepEqual([permits.userCount, clock.sleeperCount], [0, 0]);
});

Deno.test("UserPermits lets no agent begin while too many go on that should have ended", async () => {
  const permits = new UserPermits({ abandonedMax: 2, clock: new FakeClock() });
  const works = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const { promise } of works) {
    (permits.acquire("ada") as ReleasePermit)();
    permits.abandon("ada", promise);
  }
  assert.deepEqual(permits.usage("ada"), { held: 0, waiting: 0, abandoned: 2 });
  assert.throws(() => permits.acquire("ada"), {
    name: "AbandonedAgentsError",
    code: "ABANDONED_AGENTS",
    userId: "ada",
    count: 2,
  });
  (permits.acquire("bob") as ReleasePermit)();
  works[0]!.reject(new Error("late"));
  await works[0]!.promise.catch(() => {});
  (permits.acquire("ada") as ReleasePermit)();
  works[1]!.resolve();
  await works[1]!.promise;
  assert.equal(permits.userCount, 0);
});

Deno.test("UserPermits lets those who wait begin only when an agent that went on has come to rest", async () => {
  const permits = new UserPermits({ perUserMax: 1, abandonedMax: 1, clock: new FakeClock() });
  const release = permits.acquire("ada") as ReleasePermit;
  let hasBegun = false;
  const waiting = Promise.resolve(permits.acquire("ada")).then((release) => {
    hasBegun = true;
    release();
  });
  const work = Promise.withResolvers<void>();
  permits.abandon("ada", work.promise);
  release();
  await Promise.resolve();
  assert.deepEqual([hasBegun, permits.usage("ada").held], [false, 0]);
  work.resolve();
  await waiting;
  assert.equal(permits.userCount, 0);
});
