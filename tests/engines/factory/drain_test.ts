import assert from "node:assert/strict";
import { drain } from "../../../engines/factory/drain.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

Deno.test("drain waits for nothing when no work is under way", async () => {
  const clock = new FakeClock();
  await drain(() => false, clock, 10_000);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("drain ends soon after the work, and at its time at the latest", async () => {
  const cases: [name: string, busyUntilMs: number, endsAtMs: number][] = [
    ["the work ends", 1_010, 1_050],
    ["the work goes on", Infinity, 10_020],
  ];
  for (const [name, busyUntilMs, endsAtMs] of cases) {
    const clock = new FakeClock();
    let endedAtMs = 0;
    const drained = drain(() => clock.monotonic() < busyUntilMs, clock, 10_020)
      .then(() => void (endedAtMs = clock.monotonic()));
    await clock.advance(20_000);
    await drained;
    assert.equal(endedAtMs, endsAtMs, name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});
