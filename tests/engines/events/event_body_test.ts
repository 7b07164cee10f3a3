import assert from "node:assert/strict";
import { eventBody } from "../../../engines/events/event_body.ts";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";
import { anEvent } from "./events.ts";

Deno.test("eventBody is what goes over the wire but for the number, with its size in bytes", () => {
  const { userId, json, bytes } = eventBody(anEvent({ data: { text: "ü", key: "s" } }));
  assert.equal(
    json,
    '{"type":"custom","run_id":"r-1","user_id":"u-1","agent_name":null,' +
      '"timestamp":"2026-01-01T00:00:00.000Z","data":{"text":"ü","key":"[REDACTED]"}}',
  );
  assert.deepEqual([userId, bytes], ["u-1", json.length + 1]);
});

Deno.test("eventBody refuses what is no event", () => {
  assert.throws(() => eventBody(anEvent({ runId: "registry" })), InvalidUserEventError);
});
