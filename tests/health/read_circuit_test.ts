import assert from "node:assert/strict";
import { type CircuitReport, readCircuit } from "../../health/read_circuit.ts";

const NOTHING = {
  available: false,
  open_duration_seconds: 0,
  failures_total: 0,
  successes_total: 0,
  trips_total: 0,
  consecutive_failures: 0,
};

const telling = (report: CircuitReport) => ({ getMetrics: () => report });

Deno.test("readCircuit knows nothing without a breaker", () => {
  assert.deepEqual(readCircuit(null), {
    report: { ...NOTHING, state: "UNKNOWN" },
    state: "UNKNOWN",
    fault: null,
  });
});

Deno.test("readCircuit takes the keys of the document, and the state in any letter case", () => {
  const told = { state: "open", trips_total: 3, open_duration_seconds: 12, rejected_total: 9 };
  assert.deepEqual(readCircuit(telling(told)), {
    report: {
      ...NOTHING,
      available: true,
      state: "OPEN",
      trips_total: 3,
      open_duration_seconds: 12,
    },
    state: "OPEN",
    fault: null,
  });
});

Deno.test("readCircuit says ERROR for a breaker that throws or tells nonsense", () => {
  const broken = {
    getMetrics: () => {
      throw new Error("gone");
    },
  };
  const text = { state: "open", open_duration_seconds: "12" as unknown as number };
  for (const breaker of [broken, telling({ state: "ajar" }), telling({}), telling(text)]) {
    const { report, state, fault } = readCircuit(breaker);
    assert.deepEqual([report, state], [{ ...NOTHING, state: "ERROR" }, "UNKNOWN"]);
    assert.ok(fault instanceof Error);
  }
});
