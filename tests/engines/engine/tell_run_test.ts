import assert from "node:assert/strict";
import type { JsonValue } from "../../../enums/records/json_value.ts";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import type { CheckedRequest } from "../../../engines/engine/check_request.ts";
import { tellEnd, tellStart, tellWork } from "../../../engines/engine/tell_run.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed, ended } from "../../support/step_results.ts";
import { contextOf, typesOf } from "./engines.ts";

const request: CheckedRequest = {
  agentName: "data",
  source: () => null,
  isolation: "inline",
  stepName: "second",
  context: contextOf(),
  timeoutMs: 1_000,
  metadata: { plan: "a" },
  inputsUsed: [],
};

function newEvents(isHeard = true) {
  const sent: UserEvent[] = [];
  let faultCount = 0;
  const events = new AgentEvents({
    sink: isHeard ? { send: (event) => void sent.push(event) } : null,
    context: contextOf(),
    agentName: "data",
    clock: new FakeClock(),
    onFault: () => void faultCount++,
  });
  return { events, sent, faultCount: () => faultCount };
}

Deno.test("tellStart says which step of which engine begins", () => {
  const { events, sent } = newEvents();
  tellStart(events, request, "engine-1");
  assert.deepEqual(typesOf(sent), ["agent_started"]);
  assert.equal(sent[0]?.data["message"], "data was asked to begin");
  assert.deepEqual(sent[0]?.data["context"], {
    status: "started",
    step_name: "second",
    user_isolated: true,
    user_id: "ada",
    engine_id: "engine-1",
    context: { plan: "a" },
  });
});

Deno.test("tellWork repeats what the user asked, where the input says so", () => {
  const cases: [name: string, input: JsonValue, repeated: string | null][] = [
    ["a text", "costs?", "costs?"],
    ["a request", { user_request: "costs?" }, "costs?"],
    ["a request in a state", { state: { user_request: "costs?" } }, "costs?"],
    ["a long one", "x".repeat(101), "x".repeat(100)],
    ["a long one of wide characters", "😀".repeat(101), "😀".repeat(100)],
    ["nothing", null, null],
    ["a number", 7, null],
    ["a request that is no text", { user_request: 7 }, null],
    ["a list", ["costs?"], null],
  ];
  for (const [name, input, repeated] of cases) {
    const { events, sent } = newEvents();
    events.started({});
    tellWork(events, request, input);
    const thoughts = sent.slice(1).map(({ data }) => data["reasoning"]);
    const expected = ["Starting execution of data agent..."];
    if (repeated !== null) expected.push(`Processing request: ${repeated}...`);
    assert.deepEqual(thoughts, expected, name);
  }
});

Deno.test("tellEnd says how an agent ended, and what failed before that", () => {
  const cases: [result: ReturnType<typeof ended>, types: string[], status: string][] = [
    [completed("data"), ["agent_completed:completed"], "completed"],
    [ended("data", "failed"), ["agent_error:error", "agent_completed:failed"], "failed"],
    [ended("data", "timed_out"), ["agent_error:error", "agent_completed:timeout"], "failed"],
    [ended("data", "cancelled"), ["agent_completed:cancelled"], "failed"],
    [ended("data", "skipped"), ["agent_completed:cancelled"], "failed"],
  ];
  for (const [result, types, status] of cases) {
    const { events, sent } = newEvents();
    events.started({});
    tellEnd(events, result, "engine-1");
    assert.deepEqual(typesOf(sent).slice(1), types, result.status);
    const shown = sent.at(-1)?.data["result"] as Record<string, unknown>;
    assert.equal(shown["status"], status, result.status);
    assert.equal(shown["success"], result.success, result.status);
    assert.equal(shown["engine_id"], "engine-1", result.status);
    const end = types.at(-1)?.split(":")[1];
    assert.equal(sent.at(-1)?.data["message"], `data has ended: ${end}`, result.status);
  }
});

Deno.test("tellEnd shows the kind of error and the step, and not what was thrown", () => {
  const { events, sent } = newEvents();
  events.started({});
  const result = completed("data", {
    status: "failed",
    stepName: "second",
    error: "Agent execution failed: bad hunter2",
    metadata: { error_type: "RangeError" },
  });
  tellEnd(events, result, "engine-1");
  assert.equal(sent[1]?.data["error_message"], "The agent failed (RangeError)");
  assert.deepEqual(sent[1]?.data["error_context"], {
    error_type: "RangeError",
    agent_step: "second",
    user_facing: false,
  });
  const shown = sent[2]?.data["result"] as Record<string, unknown>;
  assert.equal(shown["error"], "data has ended: failed");
  assert.ok(!JSON.stringify(sent).includes("hunter2"));
});

Deno.test("tellEnd tells the user that the time was up", () => {
  const { events, sent } = newEvents();
  events.started({});
  const error = "User agent execution timed out after 25.0s";
  tellEnd(events, completed("data", { status: "timed_out", error }), "engine-1");
  assert.equal(sent[1]?.data["error_message"], error);
  assert.deepEqual(sent[1]?.data["error_context"], {
    error_type: "TimeoutError",
    agent_step: "data",
    user_facing: true,
  });
  assert.equal((sent[2]?.data["result"] as Record<string, unknown>)["error"], error);
});

Deno.test("tellEnd does not tell why a run was called off", () => {
  const { events, sent } = newEvents();
  events.started({});
  tellEnd(events, completed("data", { status: "cancelled", error: "hunter2" }), "engine-1");
  assert.ok(!JSON.stringify(sent).includes("hunter2"));
});

Deno.test("the events of a run keep their order when nobody hears them", () => {
  const { events, faultCount } = newEvents(false);
  tellStart(events, request, "engine-1");
  tellWork(events, request, "costs?");
  tellEnd(events, ended("data", "failed"), "engine-1");
  assert.equal(faultCount(), 0);
  tellEnd(events, completed("data"), "engine-1");
  assert.equal(faultCount(), 1);
});

Deno.test("tellEnd tells the user what was meant for the user", () => {
  const { events, sent } = newEvents();
  events.started({});
  const result = completed("data", {
    status: "failed",
    error: "Agent execution failed: Please wait",
    metadata: { error_type: "UserFacingError", user_message: "Please wait, password=hunter2" },
  });
  tellEnd(events, result, "engine-1");
  const told = "Please wait, password=[REDACTED]";
  assert.equal(sent[1]?.data["error_message"], told);
  assert.equal((sent[2]?.data["result"] as Record<string, unknown>)["error"], told);
});
