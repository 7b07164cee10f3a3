import assert from "node:assert/strict";
import { systemClock } from "../../../clock.ts";
import { userEventHubOptions } from "../../../engines/events/user_event_hub_options.ts";

Deno.test("userEventHubOptions fills in the defaults", () => {
  assert.deepEqual(userEventHubOptions({}), {
    clock: systemClock,
    historyMaxEvents: 1_000,
    historyMaxBytes: 1_048_576,
    historyTotalMaxBytes: 268_435_456,
    eventMaxBytes: 65_536,
    usersMax: 10_000,
    subscribersPerUserMax: 16,
    idleMs: 600_000,
  });
});

Deno.test("userEventHubOptions refuses numbers that are out of range, and says which", () => {
  const names = [
    "historyMaxEvents",
    "historyMaxBytes",
    "historyTotalMaxBytes",
    "eventMaxBytes",
    "usersMax",
    "subscribersPerUserMax",
    "idleMs",
  ];
  for (const name of names) {
    for (const value of [0, -1, 1.5, NaN, Infinity]) {
      assert.throws(() => userEventHubOptions({ [name]: value }), {
        name: "RangeError",
        message: `${name} must be a whole number from 1, got ${value}`,
      });
    }
  }
  assert.throws(() => userEventHubOptions({ historyMaxBytes: 10, eventMaxBytes: 11 }), {
    name: "RangeError",
    message: "eventMaxBytes must be at most historyMaxBytes (10), got 11",
  });
  assert.throws(() => userEventHubOptions({ historyTotalMaxBytes: 100_000 }), {
    name: "RangeError",
    message: "historyMaxBytes must be at most historyTotalMaxBytes (100000), got 1048576",
  });
});
