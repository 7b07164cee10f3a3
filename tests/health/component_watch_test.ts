import assert from "node:assert/strict";
import type { HealthCheck } from "../../health/checks/health_check.ts";
import { setUpComponent } from "../../health/component_options.ts";
import { ComponentWatch } from "../../health/component_watch.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(componentsMax = 10) {
  const clock = new FakeClock();
  const listener = { observed: () => {}, stopFailed: () => {} };
  return { clock, watch: new ComponentWatch({ clock, componentsMax, listener }) };
}

function counting(): { looks: number; check: HealthCheck } {
  const counted = {
    looks: 0,
    check: {
      look: () => {
        counted.looks++;
        return { status: "healthy" };
      },
    },
  };
  return counted;
}

Deno.test("ComponentWatch waits without a timer while nothing is due", async () => {
  const { clock, watch } = setUp();
  watch.put(setUpComponent({ name: "reported" }));
  const run = watch.run(undefined);
  await clock.advance(0);
  assert.equal(clock.sleeperCount, 0);
  const counted = counting();
  watch.put(setUpComponent({ name: "looked at", check: counted.check }));
  await clock.advance(0);
  assert.equal(clock.sleeperCount, 1);
  await watch.stop();
  await run;
});

Deno.test("ComponentWatch looks as soon as a long look is over when that is overdue", async () => {
  const { clock, watch } = setUp();
  const starts: number[] = [];
  const look = async () => {
    starts.push(clock.monotonic());
    await clock.sleep(250);
    return { status: "healthy" };
  };
  watch.put(setUpComponent({ name: "a", check: { look }, intervalMs: 100 }));
  const run = watch.run(undefined);
  await clock.advance(600);
  assert.deepEqual(starts, [0, 250, 500]);
  await watch.stop();
  await run;
  await clock.advance(250);
});

Deno.test("ComponentWatch looks at what is due only", async () => {
  const { clock, watch } = setUp();
  const [often, seldom] = [counting(), counting()];
  watch.put(setUpComponent({ name: "often", check: often.check, intervalMs: 100 }));
  watch.put(setUpComponent({ name: "seldom", check: seldom.check, intervalMs: 1_000 }));
  for (let i = 0; i < 3; i++) {
    watch.lookAtDue();
    await clock.advance(100);
  }
  assert.deepEqual([often.looks, seldom.looks], [3, 1]);
});

Deno.test("ComponentWatch rejects its run when a check cannot start, and stops the others", async () => {
  const { watch } = setUp();
  let stopped = 0;
  const start = () => {
    throw new Error("no sampler");
  };
  const stop = () => Promise.resolve(void stopped++);
  watch.put(setUpComponent({ name: "a", check: { ...counting().check, stop } }));
  watch.put(setUpComponent({ name: "b", check: { ...counting().check, start } }));
  await assert.rejects(() => watch.run(undefined), { message: "no sampler" });
  assert.equal(stopped, 1);
  assert.equal(watch.isRunning, false);
  await watch.stop();
});

Deno.test("ComponentWatch takes no more components than it may, but other options for them", () => {
  const { watch } = setUp(1);
  watch.put(setUpComponent({ name: "a" }));
  watch.put(setUpComponent({ name: "a", intervalMs: 50 }));
  assert.throws(() => watch.put(setUpComponent({ name: "b" })), {
    name: "RangeError",
    message: 'Cannot register "b": there are 1 components, which is the most',
  });
});

Deno.test("ComponentWatch leaves nothing behind at the signal that could have ended it", async () => {
  const { watch } = setUp();
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.add(listener);
    add(type, listener);
  };
  const remove = signal.removeEventListener.bind(signal);
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  const run = watch.run(signal);
  assert.equal(listeners.size, 1);
  await watch.stop();
  await run;
  assert.equal(listeners.size, 0);
});
