import assert from "node:assert/strict";
import type { RunEnding } from "../../../engines/engine/agent_run.ts";
import type { CheckedRequest } from "../../../engines/engine/check_request.ts";
import { runResult } from "../../../engines/engine/run_result.ts";
import { contextOf } from "./engines.ts";

const request: CheckedRequest = {
  agentName: "data",
  source: () => null,
  isolation: "inline",
  stepName: "second",
  context: contextOf(),
  timeoutMs: 25_000,
  metadata: { plan: "a", user_id: "forged" },
  inputsUsed: ["triage"],
};
const times = { startedAt: "2026-01-01T10:00:00.000Z", executionTimeMs: 12 };
const owned = {
  plan: "a",
  user_isolated: true,
  user_id: "ada",
  engine_id: "engine-1",
  context_fingerprint: contextOf().fingerprint,
};

Deno.test("runResult keeps what was judged already as it is", () => {
  const value = Object.freeze([1]);
  const result = runResult(request, "engine-1", { kind: "completed", value }, times);
  assert.equal(result.result, value);
});

Deno.test("runResult makes data of whatever way a run ended", () => {
  const error = new RangeError("no");
  const failure = { fallback_result: true, error_type: "RangeError", original_error: "no" };
  const failed = { status: "failed", error: "Agent execution failed: no", metadata: failure };
  const cases: [ending: RunEnding, expected: { metadata: object; [key: string]: unknown }][] = [
    [{ kind: "completed", value: [1] }, {
      status: "completed",
      error: null,
      result: [1],
      inputsUsed: ["triage"],
      metadata: {},
    }],
    [{ kind: "failed", error }, failed],
    [{ kind: "refused", error }, failed],
    [{ kind: "timed_out" }, {
      status: "timed_out",
      error: "User agent execution timed out after 25.0s",
      result: null,
      inputsUsed: ["triage"],
      metadata: { timeout: true, timeout_ms: 25_000 },
    }],
    [{ kind: "cancelled", reason: new Error("enough") }, {
      status: "cancelled",
      error: "User agent execution was cancelled: enough",
      inputsUsed: ["triage"],
      metadata: { cancelled: true },
    }],
  ];
  for (const [ending, { metadata, ...expected }] of cases) {
    const result = runResult(request, "engine-1", ending, times);
    assert.deepEqual({ ...result.metadata }, { ...owned, ...metadata }, ending.kind);
    const common = { agentName: "data", stepName: "second", ...times, ...expected };
    const shown = Object.keys(common).map((key) => [key, Reflect.get(result, key)]);
    assert.deepEqual(Object.fromEntries(shown), common, ending.kind);
  }
});

Deno.test("runResult shows the time that an agent had in seconds", () => {
  const cases: [timeoutMs: number, shown: string][] = [
    [25_000, "25.0s"],
    [1_500, "1.5s"],
    [1_250, "1.25s"],
    [1, "0.001s"],
  ];
  for (const [timeoutMs, shown] of cases) {
    const { error } = runResult({ ...request, timeoutMs }, "e", { kind: "timed_out" }, times);
    assert.equal(error, `User agent execution timed out after ${shown}`);
  }
});
