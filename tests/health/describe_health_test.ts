import assert from "node:assert/strict";
import { ComponentRecord, toHealthCheck } from "../../health/component_record.ts";
import { describeHealth } from "../../health/describe_health.ts";
import { readCircuit } from "../../health/read_circuit.ts";
import { summarizeResources } from "../../health/summarize_resources.ts";
import { summarizeSystem } from "../../health/classify_health.ts";

const AT = "2026-01-01T00:00:00.000Z";

Deno.test("describeHealth lists checks of components that were looked at", () => {
  const observed = (name: string) =>
    ({ name, status: "FAILED", message: "down", latencyMs: 1, metadata: {} }) as const;
  const seen = {
    dict: new ComponentRecord().update(observed("a"), AT),
    latest: toHealthCheck(observed("a"), AT),
  };
  const unseen = { dict: new ComponentRecord().update(observed("b"), AT), latest: null };
  const state = describeHealth({
    timestamp: AT,
    uptimeMs: 1_234.5678,
    system: summarizeSystem(["FAILED", "FAILED"]),
    circuit: readCircuit(null).report,
    failuresLastHour: 18,
    attempts: 40,
    resources: summarizeResources([]),
    mode: "SAFE",
    cascadeLog: ["change"],
    components: [seen, unseen],
  });
  assert.deepEqual(Object.keys(state.components), ["a", "b"]);
  assert.deepEqual(state.health_checks, { a: seen.latest });
  assert.deepEqual(state.retry, {
    state: "ELEVATED",
    failures_1h: 18,
    failure_rate: 0.005,
    total_attempts: 40,
  });
  assert.deepEqual(state.fallback, { mode: "SAFE", cascade_log: ["change"] });
  assert.deepEqual([state.timestamp, state.uptime_seconds], [AT, 1.235]);
});
