import assert from "node:assert/strict";
import { computeHealthScore } from "../../coordination/health_score.ts";
import type { HealthState } from "../../health/health_state.ts";

function state(system?: unknown, circuit?: unknown, retry?: unknown): HealthState {
  return {
    ...(system !== undefined && { system: { status: system } }),
    ...(circuit !== undefined && { circuit_breaker: { state: circuit } }),
    ...(retry !== undefined && { retry: { state: retry } }),
  } as HealthState;
}

Deno.test("computeHealthScore weighs system 0.40, circuit 0.35 and retry 0.25", () => {
  const cases: { name: string; state: HealthState; score: number }[] = [
    { name: "all good", state: state("HEALTHY", "CLOSED", "STABLE"), score: 1 },
    { name: "all middling", state: state("DEGRADED", "HALF_OPEN", "ELEVATED"), score: 0.54 },
    { name: "all bad", state: state("FAILED", "OPEN", "CRITICAL"), score: 0 },
    { name: "nothing known", state: {}, score: 0.5 },
    { name: "said to be unknown", state: state("UNKNOWN", "UNKNOWN", "UNKNOWN"), score: 0.5 },
    { name: "degraded alone", state: state("DEGRADED", "CLOSED", "STABLE"), score: 0.84 },
    { name: "open alone", state: state("HEALTHY", "OPEN", "STABLE"), score: 0.65 },
    { name: "open and critical", state: state("HEALTHY", "OPEN", "CRITICAL"), score: 0.4 },
    { name: "healthy, rest unknown", state: state("HEALTHY"), score: 0.7 },
    { name: "lower case counts (F21)", state: state("failed", "CLOSED", "STABLE"), score: 0.6 },
    { name: "mixed case", state: state("Healthy", "half_Open", "stable"), score: 0.825 },
    { name: "foreign texts score half", state: state("fine", "ERROR", "calm"), score: 0.5 },
    { name: "wrong types score half", state: state(1, null, {}), score: 0.5 },
    { name: "prototype key", state: state("constructor", "toString", "__proto__"), score: 0.5 },
  ];
  for (const { name, state, score } of cases) {
    assert.ok(Math.abs(computeHealthScore(state) - score) < 1e-12, `${name}: wanted ${score}`);
  }
});
