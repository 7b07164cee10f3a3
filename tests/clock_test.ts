import assert from "node:assert/strict";
import { systemClock } from "../clock.ts";

/** Counts the listeners that are added to a signal and not removed. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const add = signal.addEventListener.bind(signal) as (...args: unknown[]) => void;
  const remove = signal.removeEventListener.bind(signal) as (...args: unknown[]) => void;
  signal.addEventListener = (...args: unknown[]) => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    count--;
    remove(...args);
  };
  return () => count;
}

Deno.test("systemClock tells wall time from the epoch and monotonic time that never goes back", () => {
  const wall = systemClock.now();
  assert.ok(Math.abs(wall - Date.now()) < 1_000);
  let last = systemClock.monotonic();
  for (let i = 0; i < 1_000; i++) {
    const next = systemClock.monotonic();
    assert.ok(next >= last);
    last = next;
  }
});

Deno.test("systemClock sleep resolves after the time, and removes its listener", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const start = systemClock.monotonic();
  await systemClock.sleep(10, { signal: controller.signal });
  assert.ok(systemClock.monotonic() - start >= 9);
  assert.equal(listeners(), 0);
});

Deno.test("systemClock sleep takes a turn of the event loop when the time is zero or less", async () => {
  for (const ms of [0, -5]) {
    let turned = false;
    const sleep = systemClock.sleep(ms).then(() => turned = true);
    await Promise.resolve();
    assert.equal(turned, false, `${ms} ms`);
    await sleep;
    assert.equal(turned, true, `${ms} ms`);
  }
});

Deno.test("systemClock sleep rejects with the signal's reason when it aborts, before or during", async () => {
  const reason = new Error("enough");
  await assert.rejects(systemClock.sleep(60_000, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const sleep = systemClock.sleep(60_000, { signal: controller.signal });
  controller.abort(reason);
  // The sanitizers of the runner fail this test when the timer of a minute is left behind.
  await assert.rejects(sleep, reason);
});

Deno.test("systemClock sleep does not wake at once when a timer cannot hold the time", async () => {
  const controller = new AbortController();
  let woke = false;
  const sleep = systemClock.sleep(2 ** 31, { signal: controller.signal }).then(() => woke = true);
  await systemClock.sleep(20);
  assert.equal(woke, false);
  controller.abort(new Error("done"));
  await assert.rejects(sleep, /done/);
});

Deno.test("systemClock after runs once, when its time has come, and not when it was called off", async () => {
  const ran: string[] = [];
  const startedMs = systemClock.monotonic();
  const { promise, resolve } = Promise.withResolvers<void>();
  const callOff = systemClock.after(5, () => ran.push("called off"));
  const forEver = systemClock.after(2 ** 31 + 5, () => ran.push("at once"));
  systemClock.after(20, () => {
    ran.push("due");
    resolve();
  });
  callOff();
  await promise;
  forEver();
  assert.deepEqual(ran, ["due"]);
  assert.ok(systemClock.monotonic() - startedMs >= 19);
});
