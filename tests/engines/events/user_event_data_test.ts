import assert from "node:assert/strict";
import { UserEventType } from "../../../enums/user_event_type.ts";
import {
  isUserEventData,
  type UserEventData,
  userEventData,
} from "../../../engines/events/user_event_data.ts";
import type { UserEventFields } from "../../../engines/events/user_event_fields.ts";

const R = "[REDACTED]";
const long = "x".repeat(2_000);

function cut(chars: number): string {
  return "x".repeat(chars - 1) + "…";
}

function row<T extends UserEventType>(
  name: string,
  type: T,
  fields: UserEventFields[T],
  data: UserEventData,
): { name: string; made: UserEventData; data: UserEventData; type: UserEventType } {
  return { name, type, made: userEventData(type, fields), data };
}

const rows = [
  row("a start with nothing to say", "agent_started", {}, {
    status: "started",
    context: null,
    message: "Work has begun",
  }),
  row("a start", "agent_started", { context: { goal: long, authToken: "s" }, message: long }, {
    status: "started",
    context: { goal: cut(200), authToken: R },
    message: cut(1_000),
  }),
  row("a thought", "agent_thinking", { reasoning: long }, {
    reasoning: cut(1_000),
    step_number: null,
    progress_percentage: null,
    status: "thinking",
    business_progress: null,
  }),
  row("a thought with progress of 0", "agent_thinking", {
    reasoning: "r",
    stepNumber: 2,
    progressPercentage: 0,
    businessProgress: { saved: 3, api_key: "s" },
  }, {
    reasoning: "r",
    step_number: 2,
    progress_percentage: 0,
    status: "thinking",
    business_progress: { saved: 3, api_key: R },
  }),
  row("a tool that is called", "tool_executing", {
    toolName: "search",
    parameters: { q: long, list: Array(30).fill(1), nested: [{ Password: "s" }] },
  }, {
    tool_name: "search",
    parameters: { q: cut(200), list: Array(10).fill(1), nested: [{ Password: R }] },
    status: "executing",
    message: "Calling search",
  }),
  row("a tool that answered", "tool_completed", {
    toolName: "search",
    result: { text: long, rows: Array(11).fill({ accessToken: "s" }) },
    executionTimeMs: 7,
  }, {
    tool_name: "search",
    result: { text: cut(500), rows: Array(10).fill({ accessToken: R }) },
    execution_time_ms: 7,
    status: "completed",
    message: "search answered",
  }),
  row("a tool that failed", "tool_completed", {
    toolName: "search",
    result: null,
    executionTimeMs: NaN,
    status: "failed",
  }, {
    tool_name: "search",
    result: null,
    execution_time_ms: null,
    status: "failed",
    message: "search failed",
  }),
  row("an end", "agent_completed", { result: { secret: "s", n: 1 }, executionTimeMs: 0 }, {
    status: "completed",
    result: { secret: R, n: 1 },
    execution_time_ms: 0,
    message: "Work has ended: completed",
  }),
  row("an end in time-out", "agent_completed", {
    status: "timeout",
    result: long,
    executionTimeMs: 25_000,
    message: "Too slow",
  }, { status: "timeout", result: cut(500), execution_time_ms: 25_000, message: "Too slow" }),
  row("an error", "agent_error", { errorMessage: long }, {
    status: "error",
    error_message: "The agent failed (Error)",
    error_context: { error_type: "Error", agent_step: null, user_facing: false },
    message: "Something went wrong",
  }),
  row("an error with secrets that is said to be for the user", "agent_error", {
    errorMessage: "bad password=hunter2",
    userFacing: true,
    message: "No postgres://ann:hunter2@db",
  }, {
    status: "error",
    error_message: "bad password=[REDACTED]",
    error_context: { error_type: "Error", agent_step: null, user_facing: true },
    message: "No postgres://[REDACTED]@db",
  }),
  row("a tool that failed and says why", "tool_completed", {
    toolName: "search",
    result: "bad token=hunter2",
    executionTimeMs: 1,
    status: "failed",
  }, {
    tool_name: "search",
    result: "bad token=[REDACTED]",
    execution_time_ms: 1,
    status: "failed",
    message: "search failed",
  }),
  row("an error for the user", "agent_error", {
    errorMessage: "no data",
    errorType: "RangeError",
    agentStep: "triage",
    userFacing: true,
    message: long,
  }, {
    status: "error",
    error_message: "no data",
    error_context: { error_type: "RangeError", agent_step: "triage", user_facing: true },
    message: cut(300),
  }),
  row("a death", "agent_death", { cause: "no_heartbeat" }, {
    status: "dead",
    death_cause: "no_heartbeat",
    message: "Work has stopped; load the page again",
    recovery_action: "refresh_required",
  }),
  row("progress in part", "progress_update", { percentage: 0, message: long }, {
    percentage: 0,
    message: cut(1_000),
  }),
  row("progress in full, with a field that is not allowed", "progress_update", {
    percentage: 50,
    currentStep: 1,
    totalSteps: 2,
    message: "m",
    status: "s",
    estimatedRemaining: 9,
    progressType: "step",
    ...{ password: "s", other: 1 },
  }, {
    percentage: 50,
    current_step: 1,
    total_steps: 2,
    message: "m",
    status: "s",
    estimated_remaining: 9,
    progress_type: "step",
  }),
  row("one of the application's own", "custom", { text: long, key: "s", list: Array(20).fill(0) }, {
    text: cut(1_000),
    key: R,
    list: Array(10).fill(0),
  }),
  row("one that is no object", "custom", [1] as unknown as Record<string, unknown>, { value: [1] }),
];

Deno.test("userEventData makes exactly the keys of each type, with secrets replaced and texts cut", () => {
  for (const { name, made, data } of rows) assert.deepEqual(made, data, name);
});

Deno.test("isUserEventData knows what userEventData made, and no copy of it", () => {
  const data = userEventData("custom", { n: 1 });
  assert.equal(isUserEventData(data), true);
  assert.equal(isUserEventData({ ...data }), false);
  assert.throws(() => Object.assign(data, { key: "s" }), TypeError);
});

Deno.test("userEventData is tabled for every type", () => {
  assert.deepEqual(
    new Set(rows.map(({ type }) => type)),
    new Set(Object.values(UserEventType)),
  );
});

Deno.test("userEventData takes every value without a fault", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const value of [undefined, null, proxy, () => 1, Symbol("s"), 1n]) {
    const data = userEventData("tool_completed", {
      toolName: "t",
      result: value,
      executionTimeMs: 1,
    });
    assert.doesNotThrow(() => JSON.stringify(data));
  }
});

Deno.test("userEventData shows the name of an error only when it is a name", () => {
  const cases: [errorType: string, shown: string][] = [
    ["RangeError", "RangeError"],
    ["Deno.errors.NotFound", "Deno.errors.NotFound"],
    ["PgError host=10.0.0.1 password=hunter2", "Error"],
    ["x".repeat(81), "Error"],
    ["", "Error"],
  ];
  for (const [errorType, shown] of cases) {
    const data = userEventData("agent_error", { errorMessage: "no", errorType });
    assert.equal((data["error_context"] as { error_type: string }).error_type, shown, errorType);
    assert.equal(data["error_message"], `The agent failed (${shown})`);
  }
});
