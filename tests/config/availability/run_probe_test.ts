import assert from "node:assert/strict";
import type {
  FeatureProbe,
  ProbeContext,
  ProbeResult,
} from "../../../config/availability/feature_probe.ts";
import { runProbe } from "../../../config/availability/run_probe.ts";
import { fixedEnv } from "../../../config/env_reader.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

function run(probe: FeatureProbe, clock: FakeClock, waitsFor: readonly string[] = []) {
  return runProbe(probe, {
    feature: "sample",
    clock,
    env: fixedEnv({}),
    timeoutMs: 250,
    ask: () => Promise.reject(new Error("unused")),
    waitsFor: () => waitsFor,
  });
}

Deno.test("runProbe gives the answer, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  assert.deepEqual(await run(() => ({ available: true }), clock), { available: true });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runProbe ends a hanging probe at its deadline, and aborts its signal", async () => {
  const clock = new FakeClock();
  let signal: AbortSignal | undefined;
  let result: ProbeResult | undefined;
  run((context: ProbeContext) => {
    signal = context.signal;
    return new Promise(() => {});
  }, clock).then((each) => result = each);
  await clock.advance(249);
  assert.equal(result, undefined);
  assert.equal(signal?.aborted, false);
  await clock.advance(1);
  assert.deepEqual(result, { available: false, reason: "timed out after 250 ms" });
  assert.equal(signal?.aborted, true);
  assert.equal(signal?.reason.name, "TimeoutError");
  assert.match(signal?.reason.message, /"sample" timed out after 250 ms/);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runProbe ignores what comes after the deadline", async () => {
  for (const late of ["answer", "error"] as const) {
    const clock = new FakeClock();
    const gate = Promise.withResolvers<ProbeResult>();
    const result = run(() => gate.promise, clock);
    await clock.advance(250);
    if (late === "answer") gate.resolve({ available: true });
    else gate.reject(new Error("too late"));
    assert.deepEqual(await result, { available: false, reason: "timed out after 250 ms" });
    await clock.advance(1_000);
  }
});

Deno.test("runProbe says for whom a probe waited when its time was up", async () => {
  const clock = new FakeClock();
  const result = run(() => new Promise(() => {}), clock, ["docker", "kv"]);
  await clock.advance(250);
  assert.deepEqual(await result, {
    available: false,
    reason: "timed out after 250 ms (waiting for docker, kv)",
  });
});
