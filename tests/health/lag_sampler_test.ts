import assert from "node:assert/strict";
import { LagSampler } from "../../health/lag_sampler.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("LagSampler knows nothing before it was started", async () => {
  const clock = new FakeClock();
  const sampler = new LagSampler({ clock, sampleMs: 100 });
  await clock.advance(1_000);
  assert.equal(sampler.summary(), undefined);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("LagSampler measures by how much a sleep overshoots", async () => {
  const clock = new FakeClock();
  const sampler = new LagSampler({ clock, sampleMs: 100 });
  sampler.start();
  await clock.advance(200);
  assert.deepEqual(sampler.summary(), { samples: 2, p99Ms: 0, maxMs: 0 });
  clock.freeze(130);
  await clock.advance(0);
  assert.deepEqual(sampler.summary(), { samples: 3, p99Ms: 30, maxMs: 30 });
  await sampler.stop();
});

Deno.test("LagSampler's percentile leaves one late sample of 100 out, its maximum does not", async () => {
  const clock = new FakeClock();
  const sampler = new LagSampler({ clock, sampleMs: 500 });
  sampler.start();
  clock.freeze(700);
  await clock.advance(99 * 500);
  assert.deepEqual(sampler.summary(), { samples: 100, p99Ms: 0, maxMs: 200 });
  await sampler.stop();
});

Deno.test("LagSampler forgets samples after a minute, and never holds more than a minute's", async () => {
  const clock = new FakeClock();
  const sampler = new LagSampler({ clock, sampleMs: 1_000 });
  sampler.start();
  clock.freeze(1_400);
  await clock.advance(59_000);
  assert.equal(sampler.summary()?.maxMs, 400);
  await clock.advance(2_000);
  assert.deepEqual(sampler.summary(), { samples: 60, p99Ms: 0, maxMs: 0 });
  await sampler.stop();
  clock.freeze(60_000);
  assert.equal(sampler.summary(), undefined);
});

Deno.test("LagSampler can be started twice, stopped twice and started again", async () => {
  const clock = new FakeClock();
  const sampler = new LagSampler({ clock, sampleMs: 100 });
  sampler.start();
  sampler.start();
  assert.equal(clock.sleeperCount, 1);
  await sampler.stop();
  await sampler.stop();
  assert.equal(clock.sleeperCount, 0);
  sampler.start();
  await clock.advance(100);
  assert.equal(sampler.summary()?.samples, 1);
  await sampler.stop();
});
