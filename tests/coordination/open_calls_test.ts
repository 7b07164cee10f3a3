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
  const attempt = async () => {
    const untilMs = clock.monotonic() + TIMEOUT_MS;
    const result = withDeadline(calls.make(call, untilMs), TIMEOUT_MS, clock).catch((error) =>
      error
    );
    await clock.advance(TIMEOUT_MS);
    return await result;
  };
  return { clock, made, attempt };
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
