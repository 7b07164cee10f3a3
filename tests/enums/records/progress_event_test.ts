import assert from "node:assert/strict";
import { enumValues, ProgressEvent, ProgressEventType } from "../../../enums/mod.ts";
import { faultPaths, testRecord } from "./record_contract.ts";

testRecord(ProgressEvent, {
  least: { eventType: "debug", timestamp: "2025-09-02T10:00:00" },
  leastWire:
    `{"event_type":"debug","timestamp":"2025-09-02T10:00:00.000Z","data":{},"layer_name":null,"category_name":null,"task_id":null,"message":null,"level":"info"}`,
  full: {
    eventType: "layer_started",
    timestamp: new Date("2025-09-02T10:00:00Z"),
    data: { a: 1, nested: { list: [1, [2]] } },
    layerName: "fast_feedback",
    categoryName: "unit",
    taskId: "t1",
    message: "hi",
    level: "warning",
  },
  fullWire:
    `{"event_type":"layer_started","timestamp":"2025-09-02T10:00:00.000Z","data":{"a":1,"nested":{"list":[1,[2]]}},"layer_name":"fast_feedback","category_name":"unit","task_id":"t1","message":"hi","level":"warning"}`,
  derived: [],
});

Deno.test("ProgressEvent takes every type", () => {
  for (const eventType of enumValues(ProgressEventType)) {
    const event = new ProgressEvent({ eventType, timestamp: new Date(0) });
    assert.equal(ProgressEvent.fromDict(event.toDict()).eventType, eventType);
  }
});

Deno.test("ProgressEvent refuses types, times and levels that there are not", () => {
  const wire = { event_type: "run_started", timestamp: "yesterday", level: "INFO" };
  assert.deepEqual(faultPaths(() => ProgressEvent.fromDict(wire)), [
    "event_type",
    "timestamp",
    "level",
  ]);
});
