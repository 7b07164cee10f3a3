import assert from "node:assert/strict";
import { momentOf, remainingValidityMs } from "../../coordination/lease_validity.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

Deno.test("momentOf reads both clocks", async () => {
  const clock = new FakeClock({ startWallMs: 1_000 });
  await clock.advance(5);
  clock.jumpWall(100);
  assert.deepEqual(momentOf(clock), { monotonicMs: 5, wallMs: 1_105 });
});

Deno.test("remainingValidityMs counts the time of the clock that went further (T13)", () => {
  const since = { monotonicMs: 1_000, wallMs: 500_000 };
  const cases: { name: string; elapsedMs: number; wallElapsedMs: number; leftMs: number }[] = [
    { name: "at once", elapsedMs: 0, wallElapsedMs: 0, leftMs: 8_000 },
    { name: "later", elapsedMs: 3_000, wallElapsedMs: 3_000, leftMs: 5_000 },
    { name: "over to the moment", elapsedMs: 8_000, wallElapsedMs: 8_000, leftMs: 0 },
    { name: "long over", elapsedMs: 9_000, wallElapsedMs: 9_000, leftMs: -1_000 },
    { name: "wall set back by a year", elapsedMs: 3_000, wallElapsedMs: -3e10, leftMs: 5_000 },
    { name: "wall set forward a little", elapsedMs: 3_000, wallElapsedMs: 4_000, leftMs: 4_000 },
    { name: "suspended for less", elapsedMs: 3_000, wallElapsedMs: 7_999, leftMs: 1 },
    { name: "suspended to the moment", elapsedMs: 3_000, wallElapsedMs: 8_000, leftMs: 0 },
    { name: "suspended for a lease", elapsedMs: 0, wallElapsedMs: 10_000, leftMs: -2_000 },
    { name: "wall stood still", elapsedMs: 9_000, wallElapsedMs: 0, leftMs: -1_000 },
  ];
  for (const { name, elapsedMs, wallElapsedMs, leftMs } of cases) {
    const now = { monotonicMs: 1_000 + elapsedMs, wallMs: 500_000 + wallElapsedMs };
    assert.equal(remainingValidityMs(since, 8_000, now), leftMs, name);
  }
});
