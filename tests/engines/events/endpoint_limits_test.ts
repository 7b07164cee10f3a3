import assert from "node:assert/strict";
import { endpointLimits } from "../../../engines/events/endpoint_limits.ts";

Deno.test("endpointLimits fills in the defaults", () => {
  assert.deepEqual(endpointLimits({}), {
    heartbeatSeconds: 30,
    authenticateTimeoutMs: 10_000,
    bufferMaxBytes: 262_144,
    messageMaxBytes: 4_096,
    messagesPerMinuteMax: 60,
    openTimeoutMs: 10_000,
  });
});

Deno.test("endpointLimits refuses numbers that are out of range, and says which", () => {
  for (const name of Object.keys(endpointLimits({}))) {
    for (const value of [0, -1, 1.5, NaN, Infinity]) {
      assert.throws(() => endpointLimits({ [name]: value }), {
        name: "RangeError",
        message: `${name} must be a whole number from 1, got ${value}`,
      });
    }
  }
});

Deno.test("endpointLimits refuses a heartbeat that the runtime would take for none", () => {
  assert.equal(endpointLimits({ heartbeatSeconds: 86_400 }).heartbeatSeconds, 86_400);
  assert.throws(() => endpointLimits({ heartbeatSeconds: 5_000_000 }), {
    name: "RangeError",
    message: "heartbeatSeconds must be at most 86400, got 5000000",
  });
});
