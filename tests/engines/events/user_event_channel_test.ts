import assert from "node:assert/strict";
import fc from "fast-check";
import { eventBody } from "../../../engines/events/event_body.ts";
import { UserEventChannel } from "../../../engines/events/user_event_channel.ts";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";
import { newUserEventCounts } from "../../../engines/events/user_event_metrics.ts";
import type { UserEventSubscription } from "../../../engines/events/user_event_subscription.ts";
import { checkProperty } from "../../support/property.ts";
import { anEvent } from "./events.ts";

function newChannel(limits: { historyMaxEvents?: number; historyMaxBytes?: number } = {}) {
  const counts = newUserEventCounts();
  let deserted = 0;
  const channel = new UserEventChannel({
    userId: "u-1",
    counts,
    historyMaxEvents: 5,
    historyMaxBytes: 100_000,
    onDeserted: () => deserted++,
    ...limits,
  });
  const publish = (count: number) => {
    for (let i = 0; i < count; i++) channel.publish(eventBody(anEvent()));
  };
  return { channel, counts, publish, deserted: () => deserted };
}

/** Takes all there is: numbers of events, and ranges that were missed. */
function takeAll(subscription: UserEventSubscription): (number | string)[] {
  const taken: (number | string)[] = [];
  for (let next = subscription.take(); next !== null; next = subscription.take()) {
    taken.push(next.kind === "event" ? next.seq : `${next.notice.from}-${next.notice.to}`);
  }
  return taken;
}

Deno.test("UserEventChannel numbers events from 1, in the message too", () => {
  const { channel, publish } = newChannel();
  const subscription = channel.subscribe();
  publish(2);
  const first = subscription.take();
  assert.equal(first?.kind === "event" && JSON.parse(first.text).seq, 1);
  assert.deepEqual([takeAll(subscription), channel.lastSeq], [[2], 2]);
});

Deno.test("UserEventChannel begins where a subscriber stopped", () => {
  const { channel, publish } = newChannel();
  publish(7);
  const { id } = channel;
  const cases = [
    { name: "never there", from: {}, after: 7, resumed: false, taken: [] },
    {
      name: "an old number of no channel, which may be of another process",
      from: { after: 5 },
      after: 0,
      resumed: false,
      taken: ["1-2", 3, 4, 5, 6, 7],
    },
    {
      name: "two behind",
      from: { after: 5, channel: id },
      after: 5,
      resumed: true,
      taken: [6, 7],
    },
    { name: "up to date", from: { after: 7, channel: id }, after: 7, resumed: true, taken: [] },
    {
      name: "too far behind",
      from: { after: 1, channel: id },
      after: 1,
      resumed: true,
      taken: ["2-2", 3, 4, 5, 6, 7],
    },
    {
      name: "all that is kept",
      from: { after: 0 },
      after: 0,
      resumed: false,
      taken: ["1-2", 3, 4, 5, 6, 7],
    },
    {
      name: "ahead of us",
      from: { after: 8, channel: id },
      after: 0,
      resumed: false,
      taken: ["1-2", 3, 4, 5, 6, 7],
    },
    {
      name: "another channel",
      from: { after: 6, channel: "x" },
      after: 0,
      resumed: false,
      taken: ["1-2", 3, 4, 5, 6, 7],
    },
  ];
  for (const { name, from, after, resumed, taken } of cases) {
    const subscription = channel.subscribe(from);
    assert.deepEqual(subscription.hello, { type: "hello", channel: id, after, resumed }, name);
    assert.deepEqual(takeAll(subscription), taken, name);
  }
});

Deno.test("UserEventChannel refuses events of other users, without a number", () => {
  const { channel, counts, publish } = newChannel();
  const other = eventBody(anEvent({ userId: "u-2" }));
  assert.throws(() => channel.publish(other), InvalidUserEventError);
  publish(1);
  assert.deepEqual([channel.lastSeq, counts.events_sent_total], [1, 1]);
});

Deno.test("UserEventChannel knows how many bytes it keeps, and can give up the oldest", () => {
  const { channel } = newChannel();
  assert.deepEqual([channel.bytes, channel.dropOldest()], [0, false]);
  const subscription = channel.subscribe();
  channel.publish(eventBody(anEvent({ data: { text: "ü" } })));
  const before = channel.bytes;
  channel.publish(eventBody(anEvent()));
  const texts = [channel.subscribe({ after: 1, channel: channel.id }).take()];
  const second = texts[0]?.kind === "event" ? texts[0].text : "";
  assert.equal(channel.bytes - before, new TextEncoder().encode(second).length);
  assert.equal(channel.dropOldest(), true);
  assert.equal(channel.bytes, second.length);
  assert.deepEqual(takeAll(subscription), ["1-1", 2]);
});

Deno.test("UserEventChannel tells when the last subscriber has left", () => {
  const { channel, deserted } = newChannel();
  const [a, b] = [channel.subscribe(), channel.subscribe()];
  assert.equal(channel.subscriberCount, 2);
  a.close();
  assert.equal(deserted(), 0);
  b.close();
  assert.deepEqual([deserted(), channel.subscriberCount], [1, 0]);
});

Deno.test("UserEventChannel ends all subscriptions when it is closed", () => {
  const { channel } = newChannel();
  const subscriptions = [channel.subscribe(), channel.subscribe()];
  channel.close();
  assert.deepEqual(subscriptions.map(({ isClosed }) => isClosed), [true, true]);
});

Deno.test("UserEventChannel accounts for every number once and in order, at any pace and through reconnects", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("publish" as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kind: fc.constant("take" as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kind: fc.constant("reconnect" as const), count: fc.constant(0) }),
  );
  const limits = fc.record({
    historyMaxEvents: fc.integer({ min: 1, max: 6 }),
    historyMaxBytes: fc.integer({ min: 200, max: 900 }),
  });
  checkProperty(fc.property(fc.array(step, { maxLength: 40 }), limits, (steps, bounds) => {
    const { channel, counts, publish } = newChannel(bounds);
    let subscription = channel.subscribe();
    let seen = 0;
    const takeOne = () => {
      const next = subscription.take();
      if (next === null) return false;
      const [from, to] = next.kind === "event"
        ? [next.seq, next.seq]
        : [next.notice.from, next.notice.to];
      assert.equal(from, seen + 1);
      assert.ok(to >= from);
      seen = to;
      return true;
    };
    for (const { kind, count } of steps) {
      if (kind === "publish") publish(count);
      if (kind === "take") { for (let i = 0; i < count; i++) takeOne(); }
      if (kind === "reconnect") {
        subscription.close();
        subscription = channel.subscribe({ after: seen, channel: channel.id });
        assert.equal(subscription.hello.resumed, true);
      }
    }
    while (takeOne());
    assert.equal(seen, channel.lastSeq);
    assert.equal(counts.deliveries_total + counts.events_missed_total, channel.lastSeq);
  }));
});
