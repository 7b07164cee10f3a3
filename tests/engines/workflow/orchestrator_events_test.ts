import assert from "node:assert/strict";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { OrchestratorEvents } from "../../../engines/workflow/orchestrator_events.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed, ended } from "../../support/step_results.ts";
import { contextOf } from "./orchestrator_world.ts";

function record() {
  const told: UserEvent[] = [];
  const clock = new FakeClock();
  const sink = { send: (event: UserEvent) => void told.push(event) };
  return { told, clock, events: new OrchestratorEvents({ context: contextOf(), sink, clock }) };
}

Deno.test("OrchestratorEvents tells the total once it is known, and how far the run is", () => {
  const { told, events } = record();
  events.started("standard", null, false);
  events.stepEnded(completed("triage"));
  events.planned(4);
  events.planned(4);
  events.stepEnded(ended("data", "failed"));
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
  events.stepEnded(completed("data"));
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
  const silent = new OrchestratorEvents({ ...parts, sink: undefined });
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
