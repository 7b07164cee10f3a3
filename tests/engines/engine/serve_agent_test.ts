import assert from "node:assert/strict";
import type { Agent, AgentCall } from "../../../engines/agent.ts";
import { currentContext } from "../../../engines/context/current_context.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import type { Tool } from "../../../engines/engine/tool.ts";
import { ToolError } from "../../../engines/engine/tool_error.ts";
import { isolatedWork } from "../../../engines/engine/isolated_work.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { moduleOf, typesOf } from "./engines.ts";
import { linkedWorker } from "./worker_link.ts";

/** Runs an agent over the whole way from a host to a worker and back. */
function serve(agent: unknown): { answer: Promise<unknown>; sent: UserEvent[] } {
  const clock = new FakeClock();
  // The worker does not know by which rules the host accepted such an id.
  const idRules = { allowedIds: ["demo"] };
  const context = new UserExecutionContext({ userId: "demo", threadId: "t", runId: "r", idRules });
  const sent: UserEvent[] = [];
  const sink = { send: (event: UserEvent) => void sent.push(event) };
  const events = new AgentEvents({ sink, context, agentName: "a", clock, onFault: () => {} });
  events.started({});
  const tools = new Map<string, Tool>([["add", ({ a, b }) => Number(a) + Number(b)]]);
  const { signal } = new AbortController();
  const parts = { context, input: { list: [1] }, signal, tools, events, clock };
  const { answer } = isolatedWork("a", moduleOf(), parts, linkedWorker(agent));
  return { answer, sent };
}

Deno.test("serveAgent gives an agent what an inline one has", async () => {
  let seen: AgentCall | undefined;
  const agent: Agent = async (call) => {
    seen = call;
    call.think("Adding", 10);
    const sums = await Promise.all([
      call.callTool("add", { a: 1, b: 2 }),
      call.callTool("add", { a: 3, b: 4 }),
    ]);
    const refusal = await call.callTool("nobody").catch((error) => error);
    assert.ok(refusal instanceof ToolError);
    assert.equal(refusal.reason, "unknown_tool");
    assert.match(refusal.message, /there is no such tool/);
    return sums;
  };
  const { answer, sent } = serve(agent);
  assert.deepEqual(await answer, [3, 7]);
  assert.ok(UserExecutionContext.is(seen?.context));
  assert.equal(seen?.context.userId, "demo");
  assert.deepEqual(seen?.input, { list: [1] });
  assert.ok(Object.isFrozen((seen?.input as { list: unknown }).list));
  assert.deepEqual(typesOf(sent), [
    "agent_started",
    "agent_thinking:1",
    "tool_executing:add",
    "tool_executing:add",
    "tool_completed:add",
    "tool_completed:add",
  ]);
});

Deno.test("serveAgent passes on what goes wrong", async () => {
  const cases: [name: string, agent: unknown, error: object][] = [
    ["no agent", undefined, { message: "The module exports no such agent" }],
    ["throws", () => {
      throw new RangeError("too much");
    }, { name: "RangeError", message: "too much" }],
    ["is no plain data", () => () => 1, { name: "InvalidRecordError" }],
    ["a promise of an agent", Promise.resolve(() => 1), { name: "TypeError" }],
    ["is of a class", () => new (class Sum {})(), { name: "InvalidRecordError" }],
  ];
  for (const [name, agent, error] of cases) {
    await assert.rejects(serve(agent).answer, error, name);
  }
});

Deno.test("serveAgent treats an agent as an inline one is treated", async () => {
  const agent: Agent = async ({ callTool, think }) => {
    callTool("nobody"); // which it does not wait for
    think(5 as unknown as string);
    const refused = await callTool("add", { a: () => 1 }).catch(({ reason }) => reason);
    return { user: currentContext()?.userId ?? null, refused };
  };
  const { answer } = serve(agent);
  assert.deepEqual(await answer, { user: "demo", refused: "invalid_parameters" });
});
