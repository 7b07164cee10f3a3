import assert from "node:assert/strict";
import { callWithin } from "../../../../orchestration/recovery/handlers/call_within.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { contextOf } from "./action_fixtures.ts";

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("callWithin aborts what takes too long, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const late = assert.rejects(callWithin(contextOf({ clock }), 5, untilAborted), {
    name: "TimeoutError",
  });
  await clock.advance(5_000);
  await late;
  assert.equal(await callWithin(contextOf({ clock }), 5, () => Promise.resolve(7)), 7);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("callWithin aborts with the action", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = assert.rejects(callWithin(contextOf({ signal }), 5, untilAborted), /called off/);
  stop.abort(new Error("called off"));
  await ended;
});
