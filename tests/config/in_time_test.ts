import assert from "node:assert/strict";
import { inTime } from "../../config/in_time.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp() {
  const clock = new FakeClock();
  const ended = new AbortController();
  const work = Promise.withResolvers<string>();
  const done = inTime(work.promise, { clock, timeoutMs: 100, signal: ended.signal });
  return { clock, ended, work, done };
}

Deno.test("inTime gives what comes in time, and leaves no timer", async () => {
  const good = setUp();
  await good.clock.advance(99);
  good.work.resolve("x");
  assert.equal(await good.done, "x");
  assert.equal(good.clock.sleeperCount, 0);
  const bad = setUp();
  bad.work.reject(new Error("no"));
  await assert.rejects(bad.done, /no/);
  assert.equal(bad.clock.sleeperCount, 0);
});

Deno.test("inTime rejects what is late, and what comes after the end", async () => {
  const late = setUp();
  const refused = assert.rejects(late.done, { name: "TimeoutError", message: /100 ms/ });
  await late.clock.advance(100);
  await refused;
  late.work.reject(new Error("nobody hears this"));
  const { clock, ended, done } = setUp();
  const stopped = assert.rejects(done, /over/);
  ended.abort(new Error("over"));
  await stopped;
  assert.equal(clock.sleeperCount, 0);
  const never = inTime(new Promise(() => {}), { clock, timeoutMs: 100, signal: ended.signal });
  await assert.rejects(never, /over/);
});
