import assert from "node:assert/strict";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import type { Tool } from "../../../engines/engine/tool.ts";
import { ToolDispatcher } from "../../../engines/engine/tool_dispatcher.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { UserFacingError } from "../../../engines/user_facing_error.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf, typesOf } from "./engines.ts";

Deno.test("ToolDispatcher fails closed", async () => {
  const controller = new AbortController();
  const context = contextOf();
  const clock = new FakeClock();
  const sent: UserEvent[] = [];
  const sink = { send: (event: UserEvent) => void sent.push(event) };
  const events = new AgentEvents({ sink, context, agentName: "a", clock, onFault: () => {} });
  events.started({});
  const tools = new Map<string, Tool>([
    ["broken", () => {
      throw new Error("no");
    }],
    ["honest", () => {
      throw new UserFacingError("Please wait");
    }],
    ["strange", () => new Map()],
    ["slow", () => new Promise(() => {})],
  ]);
  const { signal } = controller;
  const dispatcher = new ToolDispatcher({ tools, context, signal, events, clock });
  const cases: [name: string, given: unknown, reason: string][] = [
    ["nobody", {}, "unknown_tool"],
    ["broken", () => 1, "invalid_parameters"],
    ["broken", [1], "invalid_parameters"],
    ["broken", {}, "failed"],
    ["strange", {}, "invalid_answer"],
  ];
  for (const [name, given, reason] of cases) {
    await assert.rejects(dispatcher.call(name, given), { name: "ToolError", code: "TOOL", reason });
  }
  assert.deepEqual(typesOf(sent).slice(1), [
    "tool_executing:broken",
    "tool_completed:broken",
    "tool_executing:strange",
    "tool_completed:strange",
  ]);
  assert.equal(sent.at(-1)?.data["status"], "failed");
  // What a tool threw is the agent's to know; the user reads what was meant for the user.
  const told = sent.filter(({ type }) => type === "tool_completed").map(({ data }) =>
    data["result"]
  );
  assert.equal(told[0], "broken failed");
  await assert.rejects(dispatcher.call("honest"));
  assert.equal(sent.at(-1)?.data["result"], "Please wait");
  const slow = assert.rejects(dispatcher.call("slow"), { reason: "run_ended" });
  controller.abort();
  await slow;
  await assert.rejects(dispatcher.call("slow"), { reason: "run_ended" });
});
