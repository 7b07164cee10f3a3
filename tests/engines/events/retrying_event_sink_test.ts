import assert from "node:assert/strict";
import fc from "fast-check";
import { RetryingEventSink } from "../../../engines/events/retrying_event_sink.ts";
import type { RetryingEventSinkOptions } from "../../../engines/events/retrying_event_sink_options.ts";
import { RunEvents } from "../../../engines/events/run_events.ts";
import type {
  UserEvent,
  UserEventAnswer,
  UserEventSink,
} from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { checkAsyncProperty } from "../../support/property.ts";
import { anEvent } from "./events.ts";

/** A sink that answers each try as a test says, and remembers what it took. */
function newSink(
  answer: (event: UserEvent, attempt: number) => ReturnType<UserEventSink["send"]>,
  options: RetryingEventSinkOptions = {},
) {
  const clock = new FakeClock();
  const taken: string[] = [];
  const triesOf = new Map<string, number>();
  const sink = new RetryingEventSink({
    send: (event) => {
      const attempt = (triesOf.get(event.runId) ?? 0) + 1;
      triesOf.set(event.runId, attempt);
      const said = answer(event, attempt);
      const note = (one: UserEventAnswer) => {
        if (one === true) taken.push(event.runId);
        return one;
      };
      return said instanceof Promise ? said.then(note) : note(said as UserEventAnswer);
    },
  }, { clock, ...options });
  const send = (runId: string, change: Partial<UserEvent> = {}) =>
    sink.send(anEvent({ runId, ...change }));
  return { sink, clock, taken, send, tries: (runId: string) => triesOf.get(runId) ?? 0 };
}

function never(): Promise<never> {
  return new Promise(() => {});
}

Deno.test("RetryingEventSink hands an event over at once when the sink takes it at once", () => {
  const { sink, taken, send } = newSink(() => true);
  assert.deepEqual([send("a"), send("b")], ["taken", "taken"]);
  assert.deepEqual(taken, ["a", "b"]);
  const { events_delivered_total, events_waiting, users_waiting, bytes_waiting } = sink.metrics;
  assert.deepEqual([events_delivered_total, events_waiting, users_waiting, bytes_waiting], [
    2,
    0,
    0,
    0,
  ]);
});

Deno.test("RetryingEventSink loses nothing to a sink that fails at the first try of each event", async () => {
  const failures: { name: string; fail: () => ReturnType<UserEventSink["send"]> }[] = [
    { name: "says no", fail: () => false },
    { name: "has no room", fail: () => "no_room" },
    { name: "rejects", fail: () => Promise.reject(new Error("gone")) },
    { name: "says no later", fail: () => Promise.resolve(false) },
    {
      name: "throws",
      fail: () => {
        throw new Error("gone");
      },
    },
    { name: "never answers", fail: never },
  ];
  for (const { name, fail } of failures) {
    const types: string[] = [];
    const seen = new Set<string>();
    const clock = new FakeClock();
    await using sink = new RetryingEventSink({
      send: ({ type }) => {
        const isFirst = !seen.has(type);
        seen.add(type);
        if (isFirst) return fail();
        types.push(type);
      },
    }, { clock });
    const run = { userId: "u-1", threadId: "t-1", runId: "r-1" };
    const events = new RunEvents({ ...run, sink, clock });
    events.started();
    events.tell("triage", "agent_thinking", { reasoning: "so" });
    events.ended({ result: 1, executionTimeMs: 1 });
    const flushed = sink.flush();
    await clock.advance(20_000);
    await flushed;
    assert.deepEqual(types, ["agent_started", "agent_thinking", "agent_completed"], name);
    assert.deepEqual([sink.metrics.retries_total, events.faults], [3, 0], name);
  }
});

Deno.test("RetryingEventSink waits 5 ms and then 10 ms, and gives up after the third try", async () => {
  const { sink, clock, taken, send, tries } = newSink(({ runId }) => runId !== "bad");
  send("bad");
  send("good");
  assert.equal(tries("bad"), 1);
  await clock.advance(4);
  assert.equal(tries("bad"), 1);
  await clock.advance(1);
  assert.equal(tries("bad"), 2);
  await clock.advance(9);
  assert.equal(tries("bad"), 2);
  await clock.advance(1);
  assert.deepEqual([tries("bad"), taken], [3, ["good"]]);
  const { events_given_up_total, retries_total, events_delivered_total } = sink.metrics;
  assert.deepEqual([events_given_up_total, retries_total, events_delivered_total], [1, 2, 1]);
});

Deno.test("RetryingEventSink waits no longer than its longest wait", async () => {
  const { clock, send, tries } = newSink(() => false, { attemptsMax: 6 });
  send("a");
  await clock.advance(5 + 10 + 20 + 25 + 24);
  assert.equal(tries("a"), 5);
  await clock.advance(1);
  assert.equal(tries("a"), 6);
});

Deno.test("RetryingEventSink waits for answers and between tries as long as it is told", async () => {
  const { clock, send, tries } = newSink((_, attempt) => attempt === 1 ? never() : false, {
    attemptTimeoutMs: 100,
    backoffMs: 20,
    backoffMaxMs: 30,
  });
  send("a");
  const triesAt: number[] = [];
  for (const ms of [119, 1, 29, 1]) {
    await clock.advance(ms);
    triesAt.push(tries("a"));
  }
  assert.deepEqual(triesAt, [1, 2, 2, 3]);
});

Deno.test("RetryingEventSink has no more wait of all users than it is told", () => {
  const counted = newSink(never, { eventsMax: 1 });
  assert.equal(counted.send("a"), "taken");
  assert.equal(counted.send("b", { userId: "u-2" }), "no_room");
  const { bytes_waiting } = counted.sink.metrics;
  const measured = newSink(never, { bytesMax: bytes_waiting });
  assert.equal(measured.send("a"), "taken");
  assert.equal(measured.send("b", { userId: "u-2" }), "no_room");
});

Deno.test("RetryingEventSink does not try again what never will be taken", async () => {
  for (const outcome of ["invalid", "too_large", "closed"] as const) {
    const { sink, clock, send, tries } = newSink(() => outcome);
    send("a");
    send("b");
    await clock.advance(0);
    assert.deepEqual([tries("a"), tries("b")], [1, 1], outcome);
    assert.deepEqual([sink.metrics.events_refused_total, sink.metrics.events_waiting], [2, 0]);
  }
});

Deno.test("RetryingEventSink refuses what names nobody, or is no plain data", () => {
  const { sink, send } = newSink(() => true);
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  assert.deepEqual(
    [send(""), send("a", { data: loop }), sink.send(null as unknown as UserEvent)],
    ["invalid", "invalid", "invalid"],
  );
  assert.equal(sink.metrics.events_refused_total, 3);
});

Deno.test("RetryingEventSink lets no user wait for another", async () => {
  const { sink, clock, taken, send } = newSink(
    ({ userId }) => userId === "stuck" ? never() : Promise.resolve(true),
    { eventsPerUserMax: 3 },
  );
  for (const run of ["a", "b", "c", "d"]) send(run, { userId: "stuck" });
  for (const run of ["e", "f", "g"]) send(run);
  await clock.advance(0);
  assert.deepEqual(taken, ["e", "f", "g"]);
  const { events_waiting, users_waiting, events_dropped_total } = sink.metrics;
  assert.deepEqual([events_waiting, users_waiting, events_dropped_total], [3, 1, 1]);
});

Deno.test("RetryingEventSink has room for an end when there is none for anything else", () => {
  const { sink, send } = newSink(never, { eventsPerUserMax: 2 });
  send("under way");
  send("waiting");
  assert.equal(send("end", { type: "agent_completed" }), "taken");
  assert.equal(send("more"), "no_room");
  assert.equal(sink.metrics.events_dropped_total, 2);
});

Deno.test("RetryingEventSink keeps the order when a sink sends while it is told", async () => {
  const { clock, taken, sink, send } = newSink(({ runId }): boolean => {
    if (runId === "a") assert.equal(send("b"), "taken");
    return true;
  });
  send("a");
  await clock.advance(0);
  assert.deepEqual([taken, sink.metrics.users_waiting], [["a", "b"], 0]);
});

Deno.test("RetryingEventSink ignores an answer that comes too late", async () => {
  const first = Promise.withResolvers<boolean>();
  const { sink, clock, send } = newSink((_, attempt) => attempt === 1 ? first.promise : true);
  send("a");
  await clock.advance(5_005);
  assert.equal(sink.metrics.events_delivered_total, 1);
  first.resolve(true);
  await clock.advance(0);
  assert.equal(sink.metrics.events_delivered_total, 1);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("RetryingEventSink waits in flush for what waits, until the signal aborts", async () => {
  const { sink, clock, send } = newSink(() => false);
  await sink.flush();
  send("a");
  const controller = new AbortController();
  const aborted = sink.flush({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(aborted, { message: "enough" });
  await assert.rejects(sink.flush({ signal: controller.signal }), { message: "enough" });
  const flushed = sink.flush();
  await clock.advance(15);
  await flushed;
  assert.equal(sink.metrics.events_given_up_total, 1);
});

Deno.test("RetryingEventSink delivers what waits when it is disposed, and takes nothing more", async () => {
  const { sink, clock, taken, send } = newSink((_, attempt) => attempt > 1);
  send("a");
  const disposed = sink[Symbol.asyncDispose]();
  assert.equal(send("b"), "closed");
  await clock.advance(5);
  await disposed;
  assert.deepEqual([taken, sink.metrics.events_dropped_total, clock.sleeperCount], [["a"], 1, 0]);
});

Deno.test("RetryingEventSink drops what is still stuck when it is disposed, and counts it", async () => {
  const { sink, clock, send } = newSink(
    ({ userId }) => userId === "u-1" ? never() : false,
    { closeWaitMs: 100, attemptsMax: 1_000 },
  );
  for (const run of ["a", "b"]) send(run);
  send("c", { userId: "u-2" });
  const disposed = sink[Symbol.asyncDispose]();
  const flushed = sink.flush();
  await clock.advance(100);
  await disposed;
  await flushed;
  const { events_dropped_total, events_waiting, users_waiting } = sink.metrics;
  assert.deepEqual([events_dropped_total, events_waiting, users_waiting], [3, 0, 0]);
  assert.equal(clock.sleeperCount, 0);
  await sink[Symbol.asyncDispose]();
});

Deno.test("RetryingEventSink accounts for every event, and keeps each user's order", async () => {
  const step = fc.record({
    userId: fc.constantFrom("u-1", "u-2", "u-3"),
    failures: fc.integer({ min: 0, max: 3 }),
    isLater: fc.boolean(),
    pauseMs: fc.integer({ min: 0, max: 8 }),
  });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    const { sink, clock, taken, send } = newSink(({ runId }, attempt) => {
      const { failures = 0, isLater = false } = steps[Number(runId.slice(1))] ?? {};
      const answer = attempt > failures;
      return isLater ? Promise.resolve(answer) : answer;
    }, { eventsPerUserMax: 4, eventsMax: 8 });
    for (const [n, { userId, pauseMs }] of steps.entries()) {
      send(`r${n}`, { userId });
      if (pauseMs > 0) await clock.advance(pauseMs);
    }
    await clock.advance(1_000);
    const metrics = sink.metrics;
    assert.equal(
      metrics.events_delivered_total + metrics.events_given_up_total + metrics.events_dropped_total,
      steps.length,
    );
    assert.equal(taken.length, metrics.events_delivered_total);
    for (const user of ["u-1", "u-2", "u-3"]) {
      const own = taken.map((id) => Number(id.slice(1))).filter((n) => steps[n]?.userId === user);
      assert.deepEqual(own, own.toSorted((a, b) => a - b));
    }
  });
  await checkAsyncProperty(property, 60);
});

Deno.test("RetryingEventSink delivers data as they were when they were sent", async () => {
  const seen: unknown[] = [];
  const gate = Promise.withResolvers<boolean>();
  const inner: UserEventSink = {
    send: async ({ userId, data }) => {
      await gate.promise;
      seen.push([userId, data["of"]]);
      return true;
    },
  };
  await using sink = new RetryingEventSink(inner, { clock: new FakeClock() });
  const data = { of: "ada" };
  sink.send(anEvent({ userId: "ada", data }));
  sink.send(anEvent({ userId: "ada", data }));
  data.of = "bob";
  sink.send(anEvent({ userId: "bob", data }));
  gate.resolve(true);
  await sink.flush();
  assert.deepEqual(seen.toSorted(), [["ada", "ada"], ["ada", "ada"], ["bob", "bob"]]);
});
