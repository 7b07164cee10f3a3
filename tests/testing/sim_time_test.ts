import assert from "node:assert/strict";
import fc from "fast-check";
import { SimTime } from "../../testing/sim_time.ts";

Deno.test("SimTime runs events in the order of their times, and of planning where these are equal", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({ delayMs: fc.nat(20), isOff: fc.boolean() }), { maxLength: 60 }),
    async (plans) => {
      const time = new SimTime();
      const seen: number[] = [];
      plans.forEach(({ delayMs, isOff }, i) => {
        const cancel = time.after(delayMs, () => {
          assert.equal(time.nowMs, delayMs);
          seen.push(i);
        });
        if (isOff) cancel();
      });
      await time.advance(20);
      const wanted = plans.map((plan, i) => ({ ...plan, i })).filter(({ isOff }) => !isOff)
        .sort((a, b) => a.delayMs - b.delayMs || a.i - b.i).map(({ i }) => i);
      assert.deepEqual(seen, wanted);
      assert.equal(time.steps, wanted.length);
    },
  ));
});

Deno.test("SimTime lets everything that follows from an event run before the next one", async () => {
  const time = new SimTime();
  const seen: string[] = [];
  time.after(1, async () => {
    for (let i = 0; i < 1_000; i++) await null;
    seen.push("first");
  });
  time.after(1, () => seen.push("second"));
  await time.advance(1);
  assert.deepEqual(seen, ["first", "second"]);
});

Deno.test("SimTime skip makes what falls due late", async () => {
  const time = new SimTime();
  const seen: number[] = [];
  time.after(10, () => seen.push(time.nowMs));
  time.skip(100);
  assert.equal(seen.length, 0);
  await time.advance(0);
  assert.deepEqual(seen, [100]);
  time.after(-5, () => seen.push(time.nowMs));
  await time.advance(1);
  assert.deepEqual(seen, [100, 100]);
});

Deno.test("SimTime gives up on what never comes to rest, and goes on to where it was", async () => {
  const time = new SimTime({ maxSteps: 100 });
  let loops = 0;
  const loop = () => {
    loops++;
    time.after(0, loop);
  };
  time.after(5, loop);
  await assert.rejects(time.advance(10), {
    message: "Time did not come to rest: 100 steps by 5.0 ms",
  });
  assert.deepEqual([loops, time.steps, time.nowMs], [100, 100, 5]);
});

Deno.test("SimTime runs as many steps as it may when nothing more is due", async () => {
  const time = new SimTime({ maxSteps: 3 });
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 3; n++) time.after(n, () => {});
    await time.advance(10);
  }
  assert.equal(time.steps, 15);
  for (const maxSteps of [0, -1, 1.5, NaN]) {
    assert.throws(() => new SimTime({ maxSteps }), RangeError);
  }
});
