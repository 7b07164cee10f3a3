import assert from "node:assert/strict";
import { UserChannels } from "../../../engines/events/user_channels.ts";
import { newUserEventCounts } from "../../../engines/events/user_event_metrics.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

function newChannels(usersMax = 2) {
  const clock = new FakeClock();
  const counts = newUserEventCounts();
  const channels = new UserChannels({
    clock,
    counts,
    usersMax,
    idleMs: 1_000,
    historyMaxEvents: 10,
    historyMaxBytes: 10_000,
    eventMaxBytes: 1_000,
  });
  const listen = (userId: string) => {
    const channel = channels.use(userId);
    assert.ok(channel);
    const subscription = channel.subscribe();
    channels.noteListened(channel);
    return subscription;
  };
  return { channels, clock, counts, listen };
}

Deno.test("UserChannels has one channel for each user", () => {
  const { channels } = newChannels();
  const mine = channels.use("u-1");
  assert.equal(mine?.userId, "u-1");
  assert.equal(channels.use("u-1"), mine);
  assert.notEqual(channels.use("u-2"), mine);
  assert.equal(channels.size, 2);
});

Deno.test("UserChannels gives up what nobody has used for long, and nothing else", async () => {
  const { channels, clock, counts, listen } = newChannels(9);
  using _ = listen("listened");
  channels.use("old");
  await clock.advance(999);
  channels.use("young");
  assert.equal(channels.reclaimIdle(), 0);
  await clock.advance(1);
  assert.equal(channels.reclaimIdle(), 1);
  assert.deepEqual([channels.size, counts.channels_reclaimed_total], [2, 1]);
});

Deno.test("UserChannels counts from the last use, and from when the last subscriber left", async () => {
  const { channels, clock, listen } = newChannels(9);
  channels.use("used");
  const subscription = listen("left");
  await clock.advance(900);
  channels.use("used");
  subscription.close();
  await clock.advance(900);
  assert.equal(channels.reclaimIdle(), 0);
  await clock.advance(100);
  assert.equal(channels.reclaimIdle(), 2);
});

Deno.test("UserChannels makes room at the bound by giving up the longest unused", () => {
  const { channels, counts } = newChannels();
  const first = channels.use("u-1");
  const second = channels.use("u-2");
  channels.use("u-1");
  channels.use("u-3");
  assert.equal(channels.use("u-1"), first);
  assert.deepEqual([channels.size, counts.channels_evicted_total], [2, 1]);
  assert.notEqual(channels.use("u-2"), second);
});

Deno.test("UserChannels takes no channel from those who listen", () => {
  const { channels, listen } = newChannels();
  const subscriptions = [listen("u-1"), listen("u-2")];
  assert.equal(channels.use("u-3"), null);
  assert.equal(channels.subscriberCount, 2);
  subscriptions[0]?.close();
  assert.ok(channels.use("u-3"));
  assert.equal(channels.subscriberCount, 1);
});

Deno.test("UserChannels ends everything when it is closed", () => {
  const { channels, listen } = newChannels();
  const subscription = listen("u-1");
  channels.use("u-2");
  channels.close();
  assert.deepEqual([channels.size, subscription.isClosed], [0, true]);
});
