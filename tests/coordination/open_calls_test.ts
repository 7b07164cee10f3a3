import assert from "node:assert/strict";
import { DeadlineError, withDeadline } from "../../coordination/deadline.ts";
import { OpenCalls } from "../../coordination/open_calls.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const TIMEOUT_MS = 1_000;

/** Makes one call after the other, each given up after a second, to something that may not answer. */
function setUp() {
  const clock = new FakeClock();
  const calls = new OpenCalls(clock);
  const made: PromiseWithResolvers<string>[] = [];
  const call = () => {
    const answer = Promise.withResolvers<string>();
    made.push(answer);
    return answer.promise;
  };
  const start = (timeoutMs = TIMEOUT_MS) => {
    const answer = calls.make(call, clock.monotonic() + timeoutMs);
    return withDeadline(answer, timeoutMs, clock).catch((error) => error);
  };
  const attempt = async () => {
    const result = start();
    await clock.advance(TIMEOUT_MS);
    return await result;
  };
  return { clock, made, start, attempt };
}

Deno.test("OpenCalls makes every call while calls are answered", async () => {
  const { made, attempt } = setUp();
  for (let i = 0; i < 10; i++) {
    const result = attempt();
    await Promise.resolve();
    made.at(-1)!.resolve("answer");
    assert.equal(await result, "answer");
  }
  assert.equal(made.length, 10);
});

Deno.test("OpenCalls holds calls back, ever longer, while those that were given up stay open", async () => {
  const { made, attempt } = setUp();
  const counts: number[] = [];
  for (let second = 1; second <= 60; second++) {
    assert.ok(await attempt() instanceof DeadlineError);
    if ([2, 10, 60].includes(second)) counts.push(made.length);
  }
  const [after2s, after10s, after60s] = counts;
  assert.equal(after2s, 2);
  assert.ok(after10s! <= 7, `${after10s} after 10 s`);
  assert.ok(after60s! <= 10, `${after60s} after 60 s`);
  assert.ok(after60s! > after10s!, "it is tried anew all the same");
});

Deno.test("OpenCalls goes on at once when what was open is answered", async () => {
  const { clock, made, attempt } = setUp();
  for (let second = 0; second < 30; second++) await attempt();
  for (const { resolve } of made.splice(0)) resolve("late");
  await clock.advance(0);
  for (let i = 1; i <= 3; i++) {
    const result = attempt();
    await Promise.resolve();
    made.at(-1)?.resolve("answer");
    assert.equal(await result, "answer");
  }
});

Deno.test("OpenCalls holds nothing back once a later call was answered", async () => {
  const { clock, made, attempt } = setUp();
  for (let second = 0; second < 30; second++) await attempt();
  await clock.advance(60_000); // the longest that one is held back
  const first = attempt();
  await Promise.resolve();
  made.at(-1)!.resolve("answer");
  assert.equal(await first, "answer");
  for (let i = 1; i <= 3; i++) {
    const before = made.length;
    const result = attempt();
    await Promise.resolve();
    assert.equal(made.length, before + 1, "it was held back");
    made.at(-1)!.resolve("answer");
    assert.equal(await result, "answer");
  }
});

Deno.test("OpenCalls lets every call go that is held back as soon as one is answered", async () => {
  const { clock, made, start } = setUp();
  const lost = Array.from({ length: 4 }, () => start());
  await clock.advance(TIMEOUT_MS);
  for (const each of lost) assert.ok(await each instanceof DeadlineError);
  const held = Array.from({ length: 3 }, () => start(2 * TIMEOUT_MS));
  await clock.advance(TIMEOUT_MS);
  assert.equal(made.length, 5, "one is tried");
  await clock.advance(100);
  for (let i = 4; i < 7; i++) {
    made[i]?.resolve("answer");
    await clock.advance(0);
  }
  assert.equal(made.length, 7);
  assert.deepEqual(await Promise.all(held), Array(3).fill("answer"));
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("OpenCalls leaves no timer behind when a call is held back until its deadline", async () => {
  const { clock, attempt } = setUp();
  for (let second = 0; second < 30; second++) {
    await attempt();
    assert.equal(clock.sleeperCount, 0, `after ${second} s`);
  }
});
