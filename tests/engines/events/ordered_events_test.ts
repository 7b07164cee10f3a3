import assert from "node:assert/strict";
import { type EventPlace, OrderedEvents } from "../../../engines/events/ordered_events.ts";
import type { UserEvent, UserEventSink } from "../../../engines/events/user_event_sink.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

function newEvents(sink: (sent: UserEvent[]) => UserEventSink | null) {
  const sent: UserEvent[] = [];
  const counts = { violations: 0, faults: 0 };
  const events = new OrderedEvents({
    sink: sink(sent),
    ids: { userId: "u-1", threadId: "t-1", runId: "r-1" },
    clock: new FakeClock(),
    onViolation: () => counts.violations++,
    onFault: () => counts.faults++,
  });
  const send = (place: EventPlace) => events.send(place, "triage", "custom", { place });
  return { events, sent, counts, send };
}

const listen = (sent: UserEvent[]): UserEventSink => ({ send: (event) => void sent.push(event) });

Deno.test("OrderedEvents sends one start first, one end last, and what is between", () => {
  const cases: { places: EventPlace[]; told: boolean[]; stage: string }[] = [
    { places: [], told: [], stage: "new" },
    { places: ["middle"], told: [false], stage: "new" },
    { places: ["end"], told: [false], stage: "new" },
    { places: ["start", "start"], told: [true, false], stage: "started" },
    { places: ["start", "middle", "middle"], told: [true, true, true], stage: "started" },
    { places: ["start", "end"], told: [true, true], stage: "ended" },
    {
      places: ["start", "end", "end", "middle", "start"],
      told: [true, true, false, false, false],
      stage: "ended",
    },
  ];
  for (const { places, told, stage } of cases) {
    for (const sink of [listen, () => null]) {
      const { events, sent, counts, send } = newEvents(sink);
      const name = `${places} ${sink.name}`;
      assert.deepEqual(places.map(send), told, name);
      assert.equal(events.stage, stage, name);
      const missing = told.filter((isTold) => !isTold).length;
      assert.deepEqual(counts, { violations: missing, faults: 0 }, name);
      assert.equal(sent.length, sink === listen ? told.length - missing : 0, name);
    }
  }
});

Deno.test("OrderedEvents says whose event it is, and when it happened", () => {
  const { sent, send } = newEvents(listen);
  send("start");
  assert.deepEqual(sent, [{
    type: "custom",
    userId: "u-1",
    threadId: "t-1",
    runId: "r-1",
    agentName: "triage",
    timestamp: "2026-01-01T00:00:00.000Z",
    data: { place: "start" },
  }]);
});

Deno.test("OrderedEvents counts each event that was not taken once, and keeps the order", async () => {
  const { events, counts, send } = newEvents(() => ({
    send: () => Promise.reject(new Error("no")),
  }));
  assert.deepEqual([send("start"), send("end")], [true, true]);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual([counts, events.stage], [{ violations: 0, faults: 2 }, "ended"]);
});
