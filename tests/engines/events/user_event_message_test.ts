import assert from "node:assert/strict";
import { userEventData } from "../../../engines/events/user_event_data.ts";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";
import { userEventMessage } from "../../../engines/events/user_event_message.ts";
import { anEvent } from "./events.ts";

Deno.test("userEventMessage writes the keys of the wire, in their order", () => {
  const message = userEventMessage(anEvent({ agentName: "triage" }));
  assert.equal(
    JSON.stringify(message),
    '{"type":"custom","run_id":"r-1","user_id":"u-1","agent_name":"triage",' +
      '"timestamp":"2026-01-01T00:00:00.000Z","data":{"n":1}}',
  );
});

Deno.test("userEventMessage replaces secrets in data that nobody has looked at", () => {
  const { data } = userEventMessage(
    anEvent({ data: { a: [{ apiKey: "s" }], b: "y".repeat(2_000) } }),
  );
  assert.deepEqual(data, { a: [{ apiKey: "[REDACTED]" }], b: "y".repeat(999) + "…" });
});

Deno.test("userEventMessage takes data of userEventData as it is", () => {
  const data = userEventData("custom", { n: 1, key: "s" });
  assert.equal(userEventMessage(anEvent({ data })).data, data);
  const copy = { ...data, key: "s" };
  assert.deepEqual(userEventMessage(anEvent({ data: copy })).data, { n: 1, key: "[REDACTED]" });
});

Deno.test("userEventMessage refuses what is no event", () => {
  const cases: [field: string, value: unknown][] = [
    ["runId", "registry"],
    ["userId", ""],
    ["threadId", null],
    ["type", "lagged"],
    ["type", "constructor"],
    ["timestamp", "soon"],
    ["timestamp", 7],
    ["agentName", ""],
    ["agentName", 7],
    ["agentName", "a".repeat(201)],
    ["data", null],
    ["data", "text"],
    ["data", [1]],
  ];
  for (const [field, value] of cases) {
    assert.throws(
      () => userEventMessage(anEvent({ [field]: value })),
      (error) => error instanceof InvalidUserEventError && error.field === field,
      `${field}: ${value}`,
    );
  }
});
