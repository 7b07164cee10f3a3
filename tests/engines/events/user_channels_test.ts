import assert from "node:assert/strict";
import { eventBody } from "../../../engines/events/event_body.ts";
import { UserChannels } from "../../../engines/events/user_channels.ts";
import { newUserEventCounts } from "../../../engines/events/user_event_metrics.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { anEvent } from "./events.ts";

function newChannels(usersMax = 2, historyTotalMaxBytes = 100_000) {
  const clock = new FakeClock();
  const counts = newUserEventCounts();
  const channels = new UserChannels({
    clock,
    counts,
    usersMax,
    idleMs: 1_000,
    historyMaxEvents: 10,
    historyMaxBytes: 10_000,
    historyTotalMaxBytes,
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

/** Publishes an event of about 600 bytes. */
function publishTo(channels: UserChannels, userId: string): void {
  const event = anEvent({ userId, data: { text: "x".repeat(450) } });
  assert.equal(channels.publish(eventBody(event)), true);
}

/** The bytes that all channels of users say they have. */
function bytesOf(channels: UserChannels, ...userIds: string[]): number {
  return userIds.reduce((sum, userId) => sum + (channels.use(userId)?.bytes ?? 0), 0);
}

Deno.test("UserChannels gives up the longest unused channel when all together keep too much", () => {
  const { channels, counts, listen } = newChannels(9, 2_000);
  using mine = listen("listened");
  for (const userId of ["listened", "old", "young", "new"]) publishTo(channels, userId);
  assert.deepEqual([counts.channels_evicted_total, counts.events_displaced_total], [1, 0]);
  assert.equal(bytesOf(channels, "old"), 0);
  assert.equal(channels.bytes, bytesOf(channels, "listened", "young", "new"));
  assert.equal(mine.take()?.kind, "event");
});

Deno.test("UserChannels takes the oldest events of those who listen, the least recent user first", () => {
  const { channels, counts, listen } = newChannels(9, 2_000);
  using _silent = listen("silent");
  using quiet = listen("quiet");
  using busy = listen("busy");
  for (const userId of ["quiet", "busy", "busy", "busy"]) publishTo(channels, userId);
  assert.deepEqual([counts.channels_evicted_total, counts.events_displaced_total], [0, 1]);
  assert.deepEqual([quiet.take()?.kind, quiet.take()], ["lagged", null]);
  publishTo(channels, "quiet");
  assert.equal(quiet.take()?.kind, "event");
  assert.deepEqual([busy.take()?.kind, busy.take()?.kind], ["lagged", "event"]);
  assert.equal(channels.bytes, bytesOf(channels, "quiet", "busy"));
  assert.ok(channels.bytes <= 2_000);
});

Deno.test("UserChannels keeps the newest event even when it is larger than the bound", () => {
  const { channels, listen } = newChannels(9, 500);
  using heard = listen("u-1");
  for (const userId of ["u-1", "u-2", "u-1"]) publishTo(channels, userId);
  assert.deepEqual([heard.take()?.kind, heard.take()?.kind], ["lagged", "event"]);
  assert.equal(channels.bytes, bytesOf(channels, "u-1"));
});

Deno.test("UserChannels knows its bytes whatever happens", async () => {
  const { channels, clock, listen } = newChannels(3, 3_000);
  const users = ["u-1", "u-2", "u-3"];
  for (let i = 0; i < 60; i++) {
    const userId = users[i * 7 % 5 % 3] ?? "u-1";
    if (i % 4 === 0) listen(userId)[Symbol.dispose]();
    else publishTo(channels, userId);
    if (i % 10 === 9) await clock.advance(600);
    assert.ok(channels.bytes <= 3_000);
  }
  assert.equal(channels.bytes, bytesOf(channels, ...users));
  await clock.advance(2_000);
  channels.reclaimIdle();
  assert.equal(channels.bytes, 0);
});

Deno.test("UserChannels ends everything when it is closed", () => {
  const { channels, listen } = newChannels();
  const subscription = listen("u-1");
  channels.use("u-2");
  channels.close();
  assert.deepEqual([channels.size, subscription.isClosed], [0, true]);
});
