import assert from "node:assert/strict";
import { type Probe, ProbeLook } from "../../health/probe.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(probe: Probe) {
  const clock = new FakeClock();
  const options = { name: "kv", clock, timeoutMs: 100, slowMs: 50 };
  return { clock, kv: new ProbeLook(probe, options) };
}

Deno.test("ProbeLook tells how long a probe took, and leaves no timer behind", async () => {
  const { clock, kv } = setUp(() => clock.sleep(40));
  const look = kv.look();
  await clock.advance(40);
  assert.deepEqual(await look, {
    name: "kv",
    status: "HEALTHY",
    message: "ok",
    latencyMs: 40,
    metadata: { kv_latency_ms: 40 },
  });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ProbeLook finds a probe that fails or is slow", async () => {
  const failed = await setUp(() => Promise.reject(new Error("down"))).kv.look();
  assert.deepEqual([failed.status, failed.message], ["FAILED", "down"]);
  const { clock, kv } = setUp(() => clock.sleep(50));
  const look = kv.look();
  await clock.advance(50);
  assert.deepEqual([(await look).status, (await look).message], [
    "DEGRADED",
    "slow, from 50 ms on",
  ]);
});

Deno.test("ProbeLook ends a probe at its deadline, tells it so, and starts no second one beside it", async () => {
  let runs = 0;
  let reason: unknown;
  const { clock, kv } = setUp((signal) => {
    runs++;
    signal.addEventListener("abort", () => reason = signal.reason);
    return new Promise(() => {});
  });
  const look = kv.look();
  await clock.advance(100);
  assert.equal((await look).message, "no answer within 100 ms");
  assert.equal((reason as Error).name, "TimeoutError");
  assert.equal((await kv.look()).message, "an earlier look has not ended yet");
  assert.equal(runs, 1);
});
