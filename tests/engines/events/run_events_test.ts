import assert from "node:assert/strict";
import fc from "fast-check";
import { RunEvents } from "../../../engines/events/run_events.ts";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";
import type { UserEvent, UserEventSink } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { checkProperty } from "../../support/property.ts";

const run = { userId: "u-1", threadId: "t-1", runId: "r-1" };

function newRun(): { events: RunEvents; sent: UserEvent[] } {
  const sent: UserEvent[] = [];
  const sink = { send: (event: UserEvent) => void sent.push(event) };
  return { events: new RunEvents({ ...run, sink, clock: new FakeClock() }), sent };
}

Deno.test("RunEvents sends a run from its start to its end", () => {
  const { events, sent } = newRun();
  assert.equal(events.stage, "new");
  assert.equal(events.started({ message: "Here we go" }), true);
  assert.equal(events.tell("triage", "agent_started", {}), true);
  assert.equal(events.tell("triage", "agent_completed", { result: 1, executionTimeMs: 2 }), true);
  assert.equal(events.tell(null, "progress_update", { percentage: 50 }), true);
  assert.equal(events.stage, "started");
  assert.equal(events.ended({ result: { token: "s" }, executionTimeMs: 3 }), true);
  assert.equal(events.stage, "ended");
  assert.deepEqual(sent.map(({ type, agentName }) => [type, agentName]), [
    ["agent_started", null],
    ["agent_started", "triage"],
    ["agent_completed", "triage"],
    ["progress_update", null],
    ["agent_completed", null],
  ]);
  assert.deepEqual(sent.at(-1), {
    ...run,
    type: "agent_completed",
    agentName: null,
    timestamp: "2026-01-01T00:00:00.000Z",
    data: {
      status: "completed",
      result: { token: "[REDACTED]" },
      execution_time_ms: 3,
      message: "Work has ended: completed",
    },
  });
  assert.deepEqual([events.violations, events.faults], [0, 0]);
});

Deno.test("RunEvents counts what breaks the order, and does not send it", () => {
  const end = { result: null, executionTimeMs: 1 };
  const cases: {
    name: string;
    before: ((events: RunEvents) => boolean)[];
    then: (events: RunEvents) => boolean;
  }[] = [
    { name: "an end before the start", before: [], then: (e) => e.ended(end) },
    { name: "a death before the start", before: [], then: (e) => e.died({ cause: "timeout" }) },
    {
      name: "a thought before the start",
      before: [],
      then: (e) => e.tell("a", "agent_thinking", { reasoning: "r" }),
    },
    { name: "a second start", before: [(e) => e.started()], then: (e) => e.started() },
    {
      name: "a second end",
      before: [(e) => e.started(), (e) => e.ended(end)],
      then: (e) => e.ended(end),
    },
    {
      name: "a death after the end",
      before: [(e) => e.started(), (e) => e.ended(end)],
      then: (e) => e.died({ cause: "timeout" }),
    },
    {
      name: "an end after a death",
      before: [(e) => e.started(), (e) => e.died({ cause: "timeout" })],
      then: (e) => e.ended(end),
    },
    {
      name: "a start after the end",
      before: [(e) => e.started(), (e) => e.ended(end)],
      then: (e) => e.started(),
    },
    {
      name: "an error after the end",
      before: [(e) => e.started(), (e) => e.ended(end)],
      then: (e) => e.tell("a", "agent_error", { errorMessage: "m" }),
    },
    {
      name: "an end of the run told as if it were another event",
      before: [(e) => e.started()],
      then: (e) => e.tell(null, "agent_completed", end),
    },
    {
      name: "a start of the run told so",
      before: [(e) => e.started()],
      then: (e) => e.tell(null, "agent_started", {}),
    },
    {
      name: "a death of the run told so",
      before: [(e) => e.started()],
      then: (e) => e.tell(null, "agent_death", { cause: "timeout" }),
    },
  ];
  for (const { name, before, then } of cases) {
    const { events, sent } = newRun();
    for (const step of before) assert.equal(step(events), true, name);
    assert.equal(then(events), false, name);
    assert.deepEqual([sent.length, events.violations], [before.length, 1], name);
  }
});

Deno.test("RunEvents refuses a run without a true id before anything is sent", () => {
  for (const runId of ["", " ", "registry", "null", null as unknown as string]) {
    const sink = { send: () => assert.fail("sent") };
    assert.throws(
      () => new RunEvents({ ...run, runId, sink, clock: new FakeClock() }),
      InvalidUserEventError,
      String(runId),
    );
  }
});

Deno.test("RunEvents counts a sink that does not take events, in whatever way, and goes on", async () => {
  const sinks: { name: string; send: UserEventSink["send"]; isSent: boolean }[] = [
    {
      name: "throws",
      send: () => {
        throw new Error("full");
      },
      isSent: false,
    },
    { name: "says no", send: () => false, isSent: false },
    { name: "says why not", send: () => "too_large", isSent: false },
    { name: "rejects later", send: () => Promise.reject(new Error("gone")), isSent: true },
    { name: "says no later", send: () => Promise.resolve(false), isSent: true },
  ];
  for (const { name, send, isSent } of sinks) {
    const events = new RunEvents({ ...run, sink: { send }, clock: new FakeClock() });
    const told = [events.started(), events.ended({ result: 1, executionTimeMs: 1 })];
    assert.deepEqual(told, [isSent, isSent], name);
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual([events.stage, events.faults, events.violations], ["ended", 2, 0], name);
  }
});

Deno.test("RunEvents keeps the order also where nobody takes the events", () => {
  const events = new RunEvents({ ...run, sink: null, clock: new FakeClock() });
  const told = [events.tell("a", "custom", {}), events.started(), events.started()];
  assert.deepEqual(told, [false, true, false]);
  assert.deepEqual([events.stage, events.violations, events.faults], ["started", 2, 0]);
});

Deno.test("RunEvents counts data that cannot be read, and goes on", () => {
  const { events, sent } = newRun();
  events.started();
  const reasoning = {
    toString: () => {
      throw new Error("no");
    },
  } as unknown as string;
  assert.equal(events.tell("a", "agent_thinking", { reasoning }), false);
  assert.deepEqual([events.faults, events.stage, sent.length], [1, "started", 1]);
});

Deno.test("RunEvents sends at most one start, first, and one terminal event, last, whatever is called", () => {
  const call = fc.constantFrom<((events: RunEvents) => boolean)>(
    (events) => events.started(),
    (events) => events.ended({ result: 1, executionTimeMs: 1 }),
    (events) => events.died({ cause: "cancelled" }),
    (events) => events.tell("a", "agent_completed", { result: 1, executionTimeMs: 1 }),
    (events) => events.tell(null, "agent_death", { cause: "cancelled" }),
    (events) => events.tell(null, "custom", { n: 1 }),
  );
  checkProperty(fc.property(fc.array(call), (calls) => {
    const { events, sent } = newRun();
    const told = calls.filter((one) => one(events)).length;
    assert.deepEqual([sent.length, events.violations], [told, calls.length - told]);
    const ofRun = sent.map(({ type, agentName }) => agentName === null ? type : "other");
    const isStart = (type: string) => type === "agent_started";
    const isEnd = (type: string) => type === "agent_completed" || type === "agent_death";
    if (sent.length > 0) assert.equal(ofRun.findIndex(isStart), 0);
    assert.ok(ofRun.filter(isStart).length <= 1);
    assert.ok(ofRun.filter(isEnd).length <= 1);
    if (ofRun.some(isEnd)) assert.equal(ofRun.findIndex(isEnd), ofRun.length - 1);
  }));
});
