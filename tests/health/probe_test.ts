import assert from "node:assert/strict";
import { judgeProbe, type Probe, ProbeRunner } from "../../health/probe.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function runner(probe: Probe): { clock: FakeClock; runner: ProbeRunner } {
  const clock = new FakeClock();
  return { clock, runner: new ProbeRunner("kv", probe, { clock, timeoutMs: 100 }) };
}

Deno.test("ProbeRunner measures a probe that succeeds, and leaves no timer behind", async () => {
  const { clock, runner: kv } = runner(() => clock.sleep(40));
  const run = kv.run();
  await clock.advance(40);
  assert.deepEqual(await run, { name: "kv", latencyMs: 40, failure: null });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ProbeRunner reports a failure instead of rejecting", async () => {
  const cases: { name: string; probe: Probe; failure: string }[] = [
    { name: "rejects", probe: () => Promise.reject(new Error("down")), failure: "down" },
    {
      name: "throws",
      probe: () => {
        throw new TypeError("bug");
      },
      failure: "bug",
    },
    { name: "no message", probe: () => Promise.reject(new TypeError()), failure: "TypeError" },
    { name: "not an error", probe: () => Promise.reject("text"), failure: "text" },
    { name: "long", probe: () => Promise.reject("x".repeat(1_000)), failure: "x".repeat(200) },
  ];
  for (const { name, probe, failure } of cases) {
    assert.equal((await runner(probe).runner.run()).failure, failure, name);
  }
});

Deno.test("ProbeRunner ends a probe at its deadline and tells it so", async () => {
  let reason: unknown;
  const { clock, runner: kv } = runner((signal) =>
    clock.sleep(1_000, { signal }).catch((error) => {
      reason = error;
      throw error;
    })
  );
  const run = kv.run();
  await clock.advance(100);
  assert.deepEqual(await run, { name: "kv", latencyMs: 100, failure: "no answer within 100 ms" });
  assert.equal((reason as Error).message, "no answer within 100 ms");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ProbeRunner does not start a probe again that ignored its deadline", async () => {
  let runs = 0;
  const gate = Promise.withResolvers<void>();
  const { clock, runner: kv } = runner(() => {
    runs++;
    return gate.promise;
  });
  const first = kv.run();
  await clock.advance(100);
  assert.equal((await first).failure, "no answer within 100 ms");
  assert.equal((await kv.run()).failure, "an earlier run has not ended yet");
  assert.equal(runs, 1);
  gate.resolve();
  await clock.advance(0);
  assert.equal((await kv.run()).failure, null);
  assert.equal(runs, 2);
});

Deno.test("judgeProbe fails, degrades or passes", () => {
  const cases = [
    { latencyMs: 3, failure: "down", status: "FAILED", message: "down" },
    { latencyMs: 500, failure: null, status: "DEGRADED", message: "slow, warning from 500 ms" },
    { latencyMs: 499.9, failure: null, status: "HEALTHY", message: "ok" },
  ];
  for (const { latencyMs, failure, status, message } of cases) {
    const judged = judgeProbe({ name: "kv", latencyMs, failure }, 500);
    assert.equal(judged.status, status);
    assert.equal(judged.message, message);
    assert.deepEqual(judged.metadata, { kv_latency_ms: latencyMs });
  }
});
