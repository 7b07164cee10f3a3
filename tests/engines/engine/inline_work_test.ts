import assert from "node:assert/strict";
import type { Agent, AgentCall } from "../../../engines/agent.ts";
import {
  currentContext,
  runInContext,
  setContextChecks,
} from "../../../engines/context/current_context.ts";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import { inlineWork } from "../../../engines/engine/inline_work.ts";
import type { Tool } from "../../../engines/engine/tool.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf, typesOf } from "./engines.ts";

function newWork(agent: Agent) {
  const sent: UserEvent[] = [];
  const clock = new FakeClock();
  const context = contextOf();
  const sink = { send: (event: UserEvent) => void sent.push(event) };
  const events = new AgentEvents({ sink, context, agentName: "a", clock, onFault: () => {} });
  events.started({});
  const { signal } = new AbortController();
  const tools = new Map<string, Tool>([["double", ({ n }) => 2 * Number(n)]]);
  const parts = { context, input: { n: 4 }, signal, tools, events, clock };
  return { work: inlineWork(agent, parts), parts, sent };
}

Deno.test("inlineWork gives an agent its input, signal, tools and thoughts", async () => {
  const { work, parts, sent } = newWork(async (call) => {
    assert.ok(Object.isFrozen(call));
    call.think("doubling", 50);
    const doubled = await call.callTool("double", { n: 4 });
    return { input: call.input, doubled, isOwn: currentContext() === call.context };
  });
  assert.deepEqual(await work.answer, { input: parts.input, doubled: 8, isOwn: true });
  assert.equal(work.endsOnAbort, false);
  assert.deepEqual(typesOf(sent).slice(1), [
    "agent_thinking:1",
    "tool_executing:double",
    "tool_completed:double",
  ]);
  assert.equal(currentContext(), null);
});

Deno.test("inlineWork rejects its answer when the agent throws at once", async () => {
  const { work } = newWork(() => {
    throw new RangeError("no");
  });
  await assert.rejects(work.answer, { name: "RangeError", message: "no" });
});

Deno.test("inlineWork lets nobody think for the agent in another user's context", async () => {
  const calls: AgentCall[] = [];
  const { work, sent } = newWork((given) => void calls.push(given));
  await work.answer;
  const wasOn = setContextChecks(true);
  try {
    assert.throws(
      () => runInContext(contextOf("bob"), () => calls[0]?.think("mine")),
      { name: "ContextIsolationError" },
    );
  } finally {
    setContextChecks(wasOn);
  }
  assert.equal(sent.length, 1);
});
