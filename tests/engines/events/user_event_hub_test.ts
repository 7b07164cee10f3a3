import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";
import { UserEventHub } from "../../../engines/events/user_event_hub.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import type { UserEventSubscription } from "../../../engines/events/user_event_subscription.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { checkProperty } from "../../support/property.ts";
import { anEvent } from "./events.ts";

function texts(subscription: UserEventSubscription): string[] {
  const all: string[] = [];
  for (let next = subscription.take(); next !== null; next = subscription.take()) {
    all.push(next.kind === "event" ? next.text : "lagged");
  }
  return all;
}

Deno.test("UserEventHub brings each user's events to that user alone, whatever the order", () => {
  const users = ["u-1", "u-2", "u-3"];
  checkProperty(
    fc.property(fc.array(fc.constantFrom(...users)), (order) => {
      using hub = new UserEventHub({ clock: new FakeClock() });
      const listeners = users.map((userId) => hub.subscribe(userId));
      order.forEach((userId, n) => hub.send(anEvent({ userId, data: { n, userId } })));
      users.forEach((userId, i) => {
        const got = texts(listeners[i]!).map((text) => JSON.parse(text));
        const expected = order.flatMap((owner, n) => owner === userId ? [n] : []);
        assert.deepEqual(got.map(({ data }) => data.n), expected);
        assert.deepEqual(got.map(({ seq }) => seq), expected.map((_, at) => at + 1));
        assert.ok(got.every(({ user_id }) => user_id === userId));
      });
    }),
    100,
  );
});

Deno.test("UserEventHub is not fooled by an event that changes its user while it is read", () => {
  using hub = new UserEventHub({ clock: new FakeClock() });
  const [one, two] = [hub.subscribe("u-1"), hub.subscribe("u-2")];
  let reads = 0;
  const event = Object.defineProperty({ ...anEvent() }, "userId", {
    enumerable: true,
    get: () => reads++ === 0 ? "u-1" : "u-2",
  });
  hub.send(event);
  const [text] = texts(one);
  assert.equal(text !== undefined && JSON.parse(text).user_id, "u-1");
  assert.deepEqual(texts(two), []);
});

Deno.test("UserEventHub counts what it cannot take, and never throws", () => {
  using hub = new UserEventHub({ clock: new FakeClock(), eventMaxBytes: 300 });
  const bad: unknown[] = [
    null,
    undefined,
    "text",
    anEvent({ runId: "registry" }),
    anEvent({ userId: " " }),
    { ...anEvent(), type: "hello" },
    { ...anEvent(), data: null },
    Object.defineProperty({}, "userId", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
  ];
  for (const event of bad) assert.equal(hub.send(event as UserEvent), "invalid");
  assert.equal(hub.send(anEvent({ data: { text: "x".repeat(400) } })), "too_large");
  assert.equal(hub.metrics.channels, 0);
  assert.equal(hub.send(anEvent()), "taken");
  const { events_invalid_total, events_too_large_total, events_sent_total } = hub.metrics;
  assert.deepEqual([events_invalid_total, events_too_large_total, events_sent_total], [
    bad.length,
    1,
    1,
  ]);
});

Deno.test("UserEventHub keeps events for a user who comes later", () => {
  using hub = new UserEventHub({ clock: new FakeClock() });
  hub.send(anEvent());
  using all = hub.subscribe("u-1", { after: 0 });
  using live = hub.subscribe("u-1");
  assert.deepEqual([texts(all).length, texts(live).length], [1, 0]);
});

Deno.test("UserEventHub bounds what it keeps of a user", () => {
  using hub = new UserEventHub({
    clock: new FakeClock(),
    historyMaxBytes: 1_000,
    eventMaxBytes: 1_000,
  });
  for (let i = 0; i < 20; i++) hub.send(anEvent());
  const kept = texts(hub.subscribe("u-1", { after: 0 }));
  assert.equal(kept[0], "lagged");
  assert.ok(kept.length > 2 && hub.metrics.history_bytes <= 1_000);
});

Deno.test("UserEventHub bounds users and subscribers, and counts whom it refuses", () => {
  using hub = new UserEventHub({ clock: new FakeClock(), usersMax: 1, subscribersPerUserMax: 2 });
  hub.subscribe("u-1");
  const second = hub.subscribe("u-1");
  const refusals: [() => unknown, string][] = [
    [() => hub.subscribe("u-1"), "too_many_subscribers"],
    [() => hub.subscribe("u-2"), "too_many_users"],
  ];
  for (const [subscribe, reason] of refusals) {
    assert.throws(subscribe, { name: "SubscriptionRefusedError", reason });
  }
  assert.equal(hub.send(anEvent({ userId: "u-2" })), "no_room");
  const { subscriptions_refused_total, events_dropped_total, subscribers, channels } = hub.metrics;
  assert.deepEqual([subscriptions_refused_total, events_dropped_total, subscribers, channels], [
    2,
    1,
    2,
    1,
  ]);
  second.close();
  hub.subscribe("u-1");
});

Deno.test("UserEventHub refuses to listen for nobody, or after no number", () => {
  using hub = new UserEventHub({ clock: new FakeClock() });
  assert.throws(() => hub.subscribe(" "), InvalidUserEventError);
  for (const after of [-1, 1.5, NaN, "1" as unknown as number]) {
    assert.throws(() => hub.subscribe("u-1", { after }), InvalidUserEventError, String(after));
  }
  assert.equal(hub.metrics.subscribers, 0);
});

Deno.test("UserEventHub begins a new series for a user whose channel was given up, and says so", async () => {
  const clock = new FakeClock();
  using hub = new UserEventHub({ clock, idleMs: 1_000 });
  const before = hub.subscribe("u-1");
  hub.send(anEvent());
  before.close();
  await clock.advance(1_000);
  assert.equal(hub.reclaimIdle(), 1);
  hub.send(anEvent());
  const after = hub.subscribe("u-1", { after: 1, channel: before.hello.channel });
  assert.deepEqual([after.hello.resumed, after.hello.after, texts(after).length], [false, 0, 1]);
});

Deno.test("UserEventHub does not take a number of an earlier process for one of its own", () => {
  using hub = new UserEventHub({ clock: new FakeClock() });
  for (let i = 0; i < 10; i++) hub.send(anEvent());
  const back = hub.subscribe("u-1", { after: 5 });
  assert.deepEqual([back.hello.resumed, back.hello.after, texts(back).length], [false, 0, 10]);
});

Deno.test("UserEventHub bounds what it keeps of all users, and tells those whom it pushed out", () => {
  using hub = new UserEventHub({
    clock: new FakeClock(),
    historyTotalMaxBytes: 5_000,
    historyMaxBytes: 5_000,
    eventMaxBytes: 2_000,
  });
  const before = hub.subscribe("u-1");
  hub.send(anEvent());
  before.close();
  for (let i = 0; i < 20; i++) {
    hub.send(anEvent({ userId: `other-${i}`, data: { text: "x".repeat(900) } }));
    assert.ok(hub.metrics.history_bytes <= 5_000);
  }
  assert.ok(hub.metrics.channels_evicted_total >= 15);
  hub.send(anEvent());
  const back = hub.subscribe("u-1", { after: 1, channel: before.hello.channel });
  assert.deepEqual([back.hello.resumed, texts(back).length], [false, 1]);
  hub[Symbol.dispose]();
  assert.equal(hub.metrics.history_bytes, 0);
});

Deno.test("UserEventHub ends all subscriptions when it is disposed, and drops what still comes", () => {
  const hub = new UserEventHub({ clock: new FakeClock() });
  const subscription = hub.subscribe("u-1");
  hub[Symbol.dispose]();
  assert.equal(hub.send(anEvent()), "closed");
  assert.equal(subscription.isClosed, true);
  assert.throws(() => hub.subscribe("u-1"), { reason: "closed" });
  const { channels, subscribers, events_dropped_total } = hub.metrics;
  assert.deepEqual([channels, subscribers, events_dropped_total], [0, 0, 1]);
});
