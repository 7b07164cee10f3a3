import assert from "node:assert/strict";
import { DeadlineError, withDeadline } from "../../coordination/deadline.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("withDeadline gives what the promise gives in time, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  assert.equal(await withDeadline(Promise.resolve("done"), 100, clock), "done");
  await assert.rejects(withDeadline(Promise.reject(new Error("broken")), 100, clock), {
    name: "Error",
    message: "broken",
  });
  await clock.advance(0);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("withDeadline rejects with a DeadlineError at the deadline, not before (T4)", async () => {
  const clock = new FakeClock();
  const never = withDeadline(new Promise(() => {}), 100, clock);
  const thrown: unknown[] = [];
  never.catch((error) => thrown.push(error));
  await clock.advance(99);
  assert.equal(thrown.length, 0);
  await clock.advance(1);
  const [error] = thrown;
  assert.ok(error instanceof DeadlineError);
  assert.deepEqual([error.name, error.code], ["DeadlineError", "DEADLINE"]);
  assert.equal(error.message, "no answer within 100 ms");
});

Deno.test("withDeadline swallows a rejection that comes after the deadline", async () => {
  const clock = new FakeClock();
  const late = Promise.withResolvers<void>();
  const waiting = assert.rejects(withDeadline(late.promise, 10, clock), DeadlineError);
  await clock.advance(10);
  await waiting;
  late.reject(new Error("late"));
  await clock.advance(1);
});

Deno.test("withDeadline takes a deadline in the past for one that is now", async () => {
  const clock = new FakeClock();
  const waiting = assert.rejects(withDeadline(new Promise(() => {}), -5, clock), DeadlineError);
  await clock.advance(0);
  await waiting;
});
