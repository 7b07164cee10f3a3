import assert from "node:assert/strict";
import { EventRing } from "../../../engines/events/event_ring.ts";
import { newUserEventCounts } from "../../../engines/events/user_event_metrics.ts";
import { ChannelReader } from "../../../engines/events/channel_reader.ts";

function newSubscription(after = 0) {
  const ring = new EventRing({ maxEvents: 3, maxBytes: 1_000 });
  const counts = newUserEventCounts();
  const left: ChannelReader[] = [];
  const hello = { type: "hello", channel: "c", after, resumed: true } as const;
  const subscription = new ChannelReader({
    ring,
    counts,
    hello,
    leave: (one) => void left.push(one),
  });
  const add = (count: number) => {
    for (let i = 0; i < count; i++) ring.add({ seq: ring.nextSeq, text: "{}", bytes: 2 });
  };
  return { subscription, counts, left, add };
}

Deno.test("ChannelReader takes events at its own pace", () => {
  const { subscription, counts, add } = newSubscription();
  assert.equal(subscription.take(), null);
  add(2);
  assert.deepEqual(subscription.take(), { kind: "event", seq: 1, text: "{}" });
  add(1);
  assert.deepEqual(
    [subscription.take(), subscription.take()].map((one) => one?.kind === "event" && one.seq),
    [2, 3],
  );
  assert.equal(subscription.take(), null);
  assert.equal(counts.deliveries_total, 3);
});

Deno.test("ChannelReader names exactly the events that it missed", () => {
  const { subscription, counts, add } = newSubscription();
  add(1);
  subscription.take();
  add(7);
  assert.deepEqual(subscription.take(), {
    kind: "lagged",
    notice: { type: "lagged", from: 2, to: 5 },
  });
  assert.deepEqual(subscription.take(), { kind: "event", seq: 6, text: "{}" });
  assert.deepEqual([counts.lagged_total, counts.events_missed_total], [1, 4]);
});

Deno.test("ChannelReader wakes its listener later, and once for many events", async () => {
  const { subscription } = newSubscription();
  let woken = 0;
  subscription.wake();
  subscription.listen({ ready: () => woken++, closed: () => assert.fail("not closed") });
  subscription.wake();
  subscription.wake();
  assert.equal(woken, 0);
  await Promise.resolve();
  assert.equal(woken, 1);
  subscription.wake();
  await Promise.resolve();
  assert.equal(woken, 2);
});

Deno.test("ChannelReader counts a listener that throws", async () => {
  const { subscription, counts } = newSubscription();
  const fail = () => {
    throw new Error("listener");
  };
  subscription.listen({ ready: fail, closed: fail });
  await Promise.resolve();
  subscription.end();
  assert.equal(counts.subscriber_faults_total, 2);
});

Deno.test("ChannelReader gives nothing and leaves once when it is closed", async () => {
  const { subscription, left, add } = newSubscription();
  const told: string[] = [];
  subscription.listen({ ready: () => told.push("ready"), closed: () => told.push("closed") });
  add(1);
  subscription.close();
  subscription.close();
  subscription.end();
  subscription.wake();
  await Promise.resolve();
  assert.deepEqual([subscription.take(), subscription.isClosed, told], [null, true, []]);
  assert.deepEqual(left, [subscription]);
});

Deno.test("ChannelReader tells its listener when the hub ends it", () => {
  const { subscription } = newSubscription();
  const told: string[] = [];
  subscription.listen({ ready: () => told.push("ready"), closed: () => told.push("closed") });
  subscription.end();
  subscription.end();
  assert.deepEqual(told, ["closed"]);
});
