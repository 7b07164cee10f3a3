import assert from "node:assert/strict";
import { type StopSignal, StopSignals } from "../../cli/stop_signals.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp() {
  const clock = new FakeClock();
  const listeners = new Map<StopSignal, () => void>();
  const told: string[] = [];
  const signals = new StopSignals({
    clock,
    onFirst: ({ stopSignal }) => told.push(`first ${stopSignal}`),
    onRepeat: ({ stopSignal }) => told.push(`again ${stopSignal}`),
    source: {
      addSignalListener: (signal, listener) => listeners.set(signal, listener),
      removeSignalListener: (signal) => listeners.delete(signal),
    },
  });
  return { clock, listeners, told, signals, send: (s: StopSignal) => listeners.get(s)?.() };
}

Deno.test("StopSignals aborts at the first signal and tells of each later one", async () => {
  const { clock, told, signals, send } = setUp();
  const stopped = () => signals.stopped;
  assert.equal(stopped(), undefined);
  send("SIGINT");
  assert.equal(signals.signal.aborted, true);
  assert.equal(stopped()?.exitCode, 130);
  await clock.advance(1_000);
  send("SIGINT");
  send("SIGTERM");
  assert.deepEqual(told, ["first SIGINT", "again SIGINT", "again SIGTERM"]);
  assert.equal(stopped()?.exitCode, 130);
});

Deno.test("StopSignals takes the same signal within 250 ms for one", async () => {
  const { clock, told, send } = setUp();
  send("SIGINT");
  await clock.advance(249);
  send("SIGINT");
  assert.deepEqual(told, ["first SIGINT"]);
  await clock.advance(250);
  send("SIGINT");
  assert.deepEqual(told, ["first SIGINT", "again SIGINT"]);
});

Deno.test("StopSignals leaves no listener behind", () => {
  const { listeners, signals } = setUp();
  assert.deepEqual([...listeners.keys()], ["SIGINT", "SIGTERM", "SIGHUP"]);
  signals[Symbol.dispose]();
  assert.equal(listeners.size, 0);
});
