import assert from "node:assert/strict";
import { runProbe } from "../../health/circuit_breaker_probe.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(signal?: AbortSignal) {
  const clock = new FakeClock();
  return { clock, options: { clock, timeoutMs: 100, late: () => new Error("late"), signal } };
}

Deno.test("runProbe gives the result and leaves no timer", async () => {
  const { clock, options } = setUp();
  assert.equal(await runProbe(() => "up", options), "up");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runProbe passes an error on, thrown at once or later, and leaves no timer", async () => {
  const { clock, options } = setUp();
  const thrown = () => {
    throw new Error("at once");
  };
  await assert.rejects(runProbe(thrown, options), { message: "at once" });
  await assert.rejects(runProbe(() => Promise.reject(new Error("later")), options), {
    message: "later",
  });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runProbe aborts at the deadline and ignores what comes after it", async () => {
  const { clock, options } = setUp();
  const { promise, reject } = Promise.withResolvers<void>();
  let signal: AbortSignal | undefined;
  const call = assert.rejects(
    runProbe((given) => {
      signal = given;
      return promise;
    }, options),
    { message: "late" },
  );
  await clock.advance(100);
  await call;
  assert.equal(signal?.reason.message, "late");
  reject(new Error("after the deadline"));
  await clock.advance(0);
});

Deno.test("runProbe passes the caller's abort on", async () => {
  const caller = new AbortController();
  const { options } = setUp(caller.signal);
  const call = runProbe((signal) => {
    const { promise, reject } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    return promise;
  }, options);
  caller.abort(new Error("stop"));
  await assert.rejects(call, { message: "stop" });
});
