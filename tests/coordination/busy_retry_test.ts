import assert from "node:assert/strict";
import { type BusyRetryOptions, untilUnlocked } from "../../coordination/busy_retry.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

/** A call that is refused by a lock so many times, and then answers. */
function setUp(refusals: number, options: Partial<BusyRetryOptions> = {}) {
  const clock = new FakeClock();
  let calls = 0;
  let retries = 0;
  const call = () => {
    calls++;
    return calls <= refusals
      ? Promise.reject(new TypeError("database is locked"))
      : Promise.resolve("done");
  };
  const result = untilUnlocked(call, {
    untilMs: 1_000,
    clock,
    random: () => 0.5,
    onRetry: () => retries++,
    ...options,
  });
  result.catch(() => {});
  return { clock, result, calls: () => calls, retries: () => retries };
}

Deno.test("untilUnlocked repeats what a lock refused, with pauses that grow and spread (T7)", async () => {
  const cases = [
    { random: 0, pausesMs: [1, 2, 4, 8, 8] },
    { random: 0.5, pausesMs: [1.5, 3, 6, 12, 12] },
    { random: 1, pausesMs: [2, 4, 8, 16, 16] },
  ];
  for (const { random, pausesMs } of cases) {
    const { clock, result, calls, retries } = setUp(pausesMs.length, { random: () => random });
    for (const [attempt, pauseMs] of pausesMs.entries()) {
      await clock.advance(pauseMs - 0.25);
      assert.equal(calls(), attempt + 1, `random ${random}`);
      await clock.advance(0.25);
      assert.equal(calls(), attempt + 2, `random ${random}`);
    }
    assert.equal(await result, "done");
    assert.equal(retries(), pausesMs.length);
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("untilUnlocked gives up with the lock's error before a pause that would end too late", async () => {
  const { clock, result, retries } = setUp(Infinity, { untilMs: 20 });
  await clock.advance(20);
  await assert.rejects(result, { name: "TypeError", message: "database is locked" });
  assert.equal(retries(), 3);
});

Deno.test("untilUnlocked repeats nothing else", async () => {
  let calls = 0;
  const call = () => {
    calls++;
    return Promise.reject(new TypeError("database or disk is full"));
  };
  const options = { untilMs: 1_000, clock: new FakeClock(), random: () => 0 };
  await assert.rejects(untilUnlocked(call, options), { message: "database or disk is full" });
  assert.equal(calls, 1);
});

Deno.test("untilUnlocked gives all attempts together the one deadline (T4)", async () => {
  const clock = new FakeClock();
  let calls = 0;
  const call = () =>
    ++calls === 1 ? Promise.reject(new Error("database is locked")) : new Promise(() => {});
  const waiting = assert.rejects(untilUnlocked(call, { untilMs: 100, clock, random: () => 0 }), {
    name: "DeadlineError",
    message: "no answer within 99 ms",
  });
  await clock.advance(100);
  await waiting;
});
