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
