import assert from "node:assert/strict";
import { withDeadline } from "../../../../orchestration/recovery/handlers/deadline.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { contextOf } from "./action_fixtures.ts";

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("withDeadline aborts what takes too long, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const late = assert.rejects(withDeadline(contextOf({ clock }), 5, untilAborted), {
    name: "TimeoutError",
  });
  await clock.advance(5_000);
  await late;
  assert.equal(await withDeadline(contextOf({ clock }), 5, () => Promise.resolve(7)), 7);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("withDeadline aborts with the action", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = assert.rejects(withDeadline(contextOf({ signal }), 5, untilAborted), /called off/);
  stop.abort(new Error("called off"));
  await ended;
});
