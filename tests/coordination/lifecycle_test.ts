import assert from "node:assert/strict";
import { Lifecycle } from "../../coordination/lifecycle.ts";

/** A lifecycle that writes down its steps; `start` waits at a gate if it is given one. */
function setUp(start: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
  const steps: string[] = [];
  const lifecycle = new Lifecycle({
    start: async (signal) => {
      steps.push("start");
      await start(signal);
    },
    stop: () => {
      steps.push("stop");
      return Promise.resolve();
    },
  });
  return { lifecycle, steps };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );

Deno.test("Lifecycle starts once and stops once, however often it is asked (F8)", async () => {
  const { lifecycle, steps } = setUp();
  assert.equal(lifecycle.isRunning, false);
  await Promise.all([lifecycle.startup(), lifecycle.startup(), lifecycle.startup()]);
  assert.equal(lifecycle.isRunning, true);
  await lifecycle.startup();
  await Promise.all([lifecycle.shutdown(), lifecycle.shutdown()]);
  await lifecycle.shutdown();
  assert.equal(lifecycle.isRunning, false);
  assert.deepEqual(steps, ["start", "stop"]);
});

Deno.test("Lifecycle starts again after it was stopped, and stops without having been started", async () => {
  const { lifecycle, steps } = setUp();
  await lifecycle.shutdown();
  for (let round = 0; round < 2; round++) {
    await lifecycle.startup();
    await lifecycle.shutdown();
  }
  assert.deepEqual(steps, ["start", "stop", "start", "stop"]);
});

Deno.test("Lifecycle is not running any more as soon as it is told to stop", async () => {
  const { lifecycle } = setUp();
  await lifecycle.startup();
  const stopped = lifecycle.shutdown();
  assert.equal(lifecycle.isRunning, false);
  await stopped;
});

Deno.test("Lifecycle cuts a start short that is under way when it is told to stop", async () => {
  const { lifecycle, steps } = setUp(untilAborted);
  const started = assert.rejects(lifecycle.startup(), {
    name: "AbortError",
    message: "Shut down while starting",
  });
  await Promise.resolve();
  await lifecycle.shutdown();
  await started;
  assert.equal(lifecycle.isRunning, false);
  assert.deepEqual(steps, ["start", "stop"]);
});

Deno.test("Lifecycle undoes a start that ended well after it was told to stop", async () => {
  const gate = Promise.withResolvers<void>();
  const { lifecycle, steps } = setUp(() => gate.promise);
  const started = assert.rejects(lifecycle.startup(), { name: "AbortError" });
  await Promise.resolve();
  const stopped = lifecycle.shutdown();
  gate.resolve();
  await Promise.all([started, stopped]);
  assert.equal(lifecycle.isRunning, false);
  assert.deepEqual(steps, ["start", "stop"]);
});

Deno.test("Lifecycle stops what a failed start left behind, reports the failure and can start again", async () => {
  let fails = true;
  let signal: AbortSignal | undefined;
  const { lifecycle, steps } = setUp((given) => {
    signal = given;
    return fails ? Promise.reject(new Error("no store")) : Promise.resolve();
  });
  await assert.rejects(lifecycle.startup(), { name: "Error", message: "no store" });
  assert.equal(signal?.aborted, true);
  assert.equal(lifecycle.isRunning, false);
  fails = false;
  await lifecycle.startup();
  assert.equal(lifecycle.isRunning, true);
  assert.deepEqual(steps, ["start", "stop", "start"]);
  await lifecycle.shutdown();
});

Deno.test("Lifecycle does what it is asked in the order in which it is asked", async () => {
  const { lifecycle, steps } = setUp();
  const settled = await Promise.allSettled([
    lifecycle.startup(),
    lifecycle.shutdown(),
    lifecycle.startup(),
  ]);
  assert.equal(settled[2].status, "fulfilled");
  assert.equal(lifecycle.isRunning, true);
  assert.equal(steps.at(-1), "start");
  await lifecycle.shutdown();
  assert.equal(lifecycle.isRunning, false);
});

Deno.test("Lifecycle aborts the signal of a start that was asked for in the same turn", async () => {
  let signal: AbortSignal | undefined;
  const aborted: (boolean | undefined)[] = [];
  const lifecycle = new Lifecycle({
    start: (given) => {
      signal = given;
      return Promise.resolve();
    },
    stop: () => {
      aborted.push(signal?.aborted);
      return Promise.resolve();
    },
  });
  await Promise.allSettled([lifecycle.startup(), lifecycle.shutdown()]);
  assert.deepEqual(aborted, [true]);
  assert.equal(lifecycle.isRunning, false);
});
