import assert from "node:assert/strict";
import { systemClock } from "../../../clock.ts";
import { retryingEventSinkOptions } from "../../../engines/events/retrying_event_sink_options.ts";

Deno.test("retryingEventSinkOptions fills in the defaults", () => {
  assert.deepEqual(retryingEventSinkOptions({}), {
    clock: systemClock,
    attemptsMax: 3,
    backoffMs: 5,
    backoffMaxMs: 25,
    attemptTimeoutMs: 5_000,
    eventsPerUserMax: 1_000,
    eventsMax: 10_000,
    bytesMax: 67_108_864,
    closeWaitMs: 5_000,
  });
});

Deno.test("retryingEventSinkOptions refuses numbers that are out of range, and says which", () => {
  const { clock: _clock, ...numbers } = retryingEventSinkOptions({});
  for (const name of Object.keys(numbers)) {
    for (const value of [0, 1.5, NaN]) {
      assert.throws(() => retryingEventSinkOptions({ [name]: value }), {
        name: "RangeError",
        message: `${name} must be a whole number from 1, got ${value}`,
      });
    }
  }
  assert.throws(() => retryingEventSinkOptions({ backoffMs: 26 }), {
    name: "RangeError",
    message: "backoffMs must be at most backoffMaxMs (25), got 26",
  });
});
