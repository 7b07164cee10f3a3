/**
 * What you test your own code with: a clock that moves when you say so.
 *
 * @example A clock under your control
 * ```ts
 * import { FakeClock } from "@baton/orchestration/testing";
 *
 * const clock = new FakeClock();
 * await clock.advance(1_000);
 * if (clock.monotonic() !== 1_000) throw new Error("time did not move");
 * ```
 *
 * @module
 */

export { FakeClock, type FakeClockOptions } from "./fake_clock.ts";
