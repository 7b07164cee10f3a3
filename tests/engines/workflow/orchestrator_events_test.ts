import assert from "node:assert/strict";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { OrchestratorEvents } from "../../../engines/workflow/orchestrator_events.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { completed, ended } from "../../support/step_results.ts";
import { contextOf } from "./orchestrator_world.ts";

const { steps: [triage, data] } = defineWorkflow({
  name: "w",
  steps: [{ name: "triage" }, { name: "data", stepType: "insights" }],
});
const stepOf = (name: "triage" | "data") => name === "triage" ? triage! : data!;

function failedIn(metadata: Record<string, string>, status: "failed" | "timed_out" = "failed") {
  return ended("data", status).withMetadata(metadata);
}

function record() {
  const told: UserEvent[] = [];
  const clock = new FakeClock();
  const sink = { send: (event: UserEvent) => void told.push(event) };
  return { told, clock, events: new OrchestratorEvents({ context: contextOf(), sink, clock }) };
}

Deno.test("OrchestratorEvents tells the total once it is known, and how far the run is", () => {
  const { told, events } = record();
  events.started("standard", null, false);
  events.stepEnded(stepOf("triage"), completed("triage"));
  events.planned(4);
  events.planned(4);
  events.stepEnded(stepOf("data"), failedIn({ engine_id: "e-1" }));
  assert.deepEqual(told.slice(1).map(({ data }) => data), [
    { status: "completed", progress_type: "workflow", current_step: "triage" },
    { status: "planned", progress_type: "workflow", total_steps: 4, percentage: 25 },
    {
      status: "failed",
      progress_type: "workflow",
      current_step: "data",
      total_steps: 4,
      percentage: 50,
    },
  ]);
  assert.ok(
    told.every(({ userId, runId, agentName }) =>
      userId === "ada" && runId === "r-1" && agentName === null
    ),
  );
});

Deno.test("OrchestratorEvents counts steps from before, and tells nothing of them", () => {
  const { told, events } = record();
  events.started("standard", 2, true);
  events.stepRestored();
  events.stepEnded(stepOf("data"), completed("data"));
  assert.equal(told.length, 2);
  assert.equal(told[1]?.data["percentage"], 100);
});

Deno.test("OrchestratorEvents ends a run once, with what came of it", async () => {
  const { told, events, clock } = record();
  events.started("standard", 2, false);
  await clock.advance(250);
  events.ended("failed", [completed("data"), ended("actions", "failed")]);
  events.lost();
  assert.deepEqual(told.map(({ type }) => type), ["agent_started", "agent_completed"]);
  assert.deepEqual(told[1]?.data["result"], {
    workflow_completed: true,
    successful_steps: 1,
    total_steps: 2,
    total_execution_time_ms: 250,
    agent_name: "WorkflowOrchestrator",
  });
  assert.equal(events.faults, 0);
});

Deno.test("OrchestratorEvents tells that a run is lost only between its start and its end", () => {
  const { told, events } = record();
  events.lost();
  events.started("standard", 2, false);
  events.lost();
  events.lost();
  assert.deepEqual(told.map(({ type }) => type), ["agent_started", "agent_death"]);
  assert.equal(events.faults, 0);
});

Deno.test("OrchestratorEvents needs nobody who listens, and counts who fails to", () => {
  const parts = { context: contextOf(), clock: new FakeClock() };
  const silent = new OrchestratorEvents({ ...parts, sink: null });
  silent.started("standard", 1, false);
  assert.equal(silent.faults, 0);
  const sink = {
    send: () => {
      throw new Error("deaf");
    },
  };
  const deaf = new OrchestratorEvents({ ...parts, sink });
  deaf.started("standard", 1, false);
  assert.equal(deaf.faults, 1);
});

Deno.test("OrchestratorEvents tells why a step failed where its engine has not", () => {
  const unknown = { error_type: "UnknownAgentError" };
  const cases = [
    { name: "the agent failed", result: failedIn({ engine_id: "e-1" }), told: null },
    { name: "it completed", result: completed("data"), told: null },
    { name: "it was skipped", result: ended("data", "skipped"), told: null },
    { name: "it was called off", result: ended("data", "cancelled"), told: null },
    {
      name: "it waited too long for its turn, as its engine said",
      result: failedIn({ error_type: "PermitTimeoutError" }),
      told: null,
    },
    { name: "it took too long", result: failedIn({ engine_id: "e-1" }, "timed_out"), told: null },
    {
      name: "it never reached the agent",
      result: failedIn(unknown),
      told: "Step execution failed",
    },
    {
      name: "the user is to know why",
      result: failedIn({ ...unknown, user_message: "Please wait" }),
      told: "Please wait",
    },
  ];
  for (const { name, result, told: message } of cases) {
    const { told, events } = record();
    events.started("standard", 2, false);
    events.stepEnded(stepOf("data"), result);
    const error = told.find(({ type }) => type === "agent_error");
    assert.equal(error?.data["error_message"] ?? null, message, name);
    if (error === undefined) continue;
    assert.deepEqual([error.agentName, error.data["step_type"]], ["data", "insights"]);
    assert.equal(told.at(-1)?.type, "progress_update");
  }
});
