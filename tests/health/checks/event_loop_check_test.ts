import assert from "node:assert/strict";
import { eventLoopCheck } from "../../../health/checks/event_loop_check.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { shortLook } from "./check_runs.ts";

Deno.test("eventLoopCheck judges the lag between start and stop", async () => {
  const clock = new FakeClock();
  const check = eventLoopCheck({ warningMs: 50, criticalMs: 500, sampleMs: 100 });
  assert.deepEqual(await shortLook(check), ["UNKNOWN", "no sample yet"]);
  check.start?.(clock);
  await clock.advance(100);
  assert.equal((await shortLook(check))[0], "HEALTHY");
  clock.freeze(200);
  await clock.advance(0);
  assert.deepEqual(await shortLook(check), [
    "DEGRADED",
    "p99 100 ms, warning from 50, critical from 500",
  ]);
  clock.freeze(700);
  await clock.advance(0);
  assert.equal((await shortLook(check))[0], "FAILED");
  await check.stop?.();
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("eventLoopCheck refuses options out of range", () => {
  for (const options of [{ sampleMs: 9 }, { sampleMs: 60_001 }, { warningMs: 2_000 }]) {
    assert.throws(() => eventLoopCheck(options), { name: "RangeError" });
  }
});
