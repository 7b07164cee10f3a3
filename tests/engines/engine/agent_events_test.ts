import assert from "node:assert/strict";
import { AgentEvents } from "../../../engines/engine/agent_events.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf, typesOf } from "./engines.ts";

const END = { result: null, executionTimeMs: 1 };

function newEvents(send: (event: UserEvent) => unknown) {
  const faults: unknown[] = [];
  const events = new AgentEvents({
    sink: { send: (event) => send(event) as void },
    context: contextOf(),
    agentName: "triage",
    clock: new FakeClock(),
    onFault: () => void faults.push(1),
  });
  return { events, faults };
}

Deno.test("AgentEvents says whose events they are, and when they happened", () => {
  const sent: UserEvent[] = [];
  const { events } = newEvents((event) => sent.push(event));
  events.started({ message: "begun" });
  const { data, ...head } = sent[0] as UserEvent;
  assert.deepEqual(head, {
    type: "agent_started",
    userId: "ada",
    threadId: "thread-1",
    runId: "run-1",
    agentName: "triage",
    timestamp: "2026-01-01T00:00:00.000Z",
  });
  assert.equal(data["message"], "begun");
});

Deno.test("AgentEvents numbers thoughts from 1, and the wait for a turn is number 0", () => {
  const sent: UserEvent[] = [];
  const { events, faults } = newEvents((event) => void sent.push(event));
  events.started({});
  events.queued();
  events.thinking("first");
  events.thinking("second", 50);
  events.ended(END);
  assert.deepEqual(typesOf(sent), [
    "agent_started",
    "agent_thinking:0",
    "agent_thinking:1",
    "agent_thinking:2",
    "agent_completed:completed",
  ]);
  assert.equal(sent[3]?.data["progress_percentage"], 50);
  assert.equal(faults.length, 0);
});

Deno.test("AgentEvents sends nothing that is out of order, and counts it as a fault", () => {
  const cases: [name: string, act: (events: AgentEvents) => void, sentCount: number][] = [
    ["a thought before the start", (events) => events.thinking("early"), 0],
    ["an end before the start", (events) => events.ended(END), 0],
    ["a second start", (events) => (events.started({}), events.started({})), 1],
    ["a second end", (events) => (events.started({}), events.ended(END), events.ended(END)), 2],
    [
      "a start after the end",
      (events) => (events.started({}), events.ended(END), events.started({})),
      2,
    ],
    [
      "a thought after the end",
      (events) => (events.started({}), events.ended(END), events.thinking("late")),
      2,
    ],
  ];
  for (const [name, act, sentCount] of cases) {
    const sent: UserEvent[] = [];
    const { events, faults } = newEvents((event) => void sent.push(event));
    act(events);
    assert.equal(sent.length, sentCount, name);
    assert.equal(faults.length, 1, name);
  }
});

Deno.test("AgentEvents does not throw when the sink refuses an event in any way", async () => {
  const cases: [name: string, send: () => unknown, faultCount: number][] = [
    ["takes it", () => undefined, 0],
    ["says yes", () => true, 0],
    ["takes it later", () => Promise.resolve(), 0],
    ["says no", () => false, 1],
    ["says no later", () => Promise.resolve(false), 1],
    ["says why not", () => "no_room", 1],
    ["fails later", () => Promise.reject(new Error("gone")), 1],
    ["throws", () => {
      throw new Error("gone");
    }, 1],
  ];
  for (const [name, send, faultCount] of cases) {
    const { events, faults } = newEvents(send);
    events.started({});
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(faults.length, faultCount, name);
  }
});

Deno.test("AgentEvents without a sink tells nobody, and keeps the order all the same", () => {
  let faultCount = 0;
  const events = new AgentEvents({
    sink: null,
    context: contextOf(),
    agentName: "triage",
    clock: new FakeClock(),
    onFault: () => void faultCount++,
  });
  events.started({});
  events.ended(END);
  assert.equal(faultCount, 0);
  events.ended(END);
  assert.equal(faultCount, 1);
});
