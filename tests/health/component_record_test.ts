import assert from "node:assert/strict";
import { ComponentRecord, round, toHealthCheck } from "../../health/component_record.ts";

const observation = { name: "kv", message: "ok", latencyMs: 1.23456, metadata: { x: 1 } } as const;

Deno.test("ComponentRecord counts errors and warnings and keeps the last error", () => {
  const record = new ComponentRecord();
  record.update({ ...observation, status: "HEALTHY" }, "t0");
  record.update({ ...observation, status: "DEGRADED", message: "slow" }, "t1");
  record.update({ ...observation, status: "FAILED", message: "down" }, "t2");
  assert.deepEqual(record.update({ ...observation, status: "HEALTHY" }, "t3"), {
    name: "kv",
    status: "HEALTHY",
    last_updated: "t3",
    error_count: 1,
    warning_count: 1,
    last_error: "down",
    last_error_time: "t2",
    fallback_active: false,
    metadata: { x: 1 },
  });
});

Deno.test("toHealthCheck gives the wire form", () => {
  assert.deepEqual(toHealthCheck({ ...observation, status: "HEALTHY" }, "t0"), {
    name: "kv",
    status: "HEALTHY",
    message: "ok",
    latency_ms: 1.235,
    timestamp: "t0",
    metadata: { x: 1 },
  });
});

Deno.test("round keeps three decimals", () => {
  assert.equal(round(1.2345678), 1.235);
  assert.equal(round(-0.0004), -0);
});
