import assert from "node:assert/strict";
import { UserEventHub } from "../../../engines/events/user_event_hub.ts";
import { type SocketPort, UserEventSocket } from "../../../engines/events/user_event_socket.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { anEvent } from "./events.ts";
import { FakeSocket } from "./fake_socket.ts";

function connect(settings: { after?: number; bufferMaxBytes?: number } = {}) {
  const clock = new FakeClock();
  const hub = new UserEventHub({ clock, historyMaxEvents: 5 });
  const socket = new FakeSocket();
  const subscription = hub.subscribe("u-1", { after: settings.after ?? null });
  new UserEventSocket({
    socket: socket as unknown as SocketPort,
    subscription,
    hub,
    clock,
    bufferMaxBytes: settings.bufferMaxBytes ?? 100_000,
    messageMaxBytes: 10,
    messagesPerMinuteMax: 3,
    openTimeoutMs: 1_000,
  }).start();
  const send = async (count: number) => {
    for (let i = 0; i < count; i++) hub.send(anEvent());
    await Promise.resolve();
  };
  return { clock, hub, socket, send };
}

Deno.test("UserEventSocket greets when it opens, then sends events as they come", async () => {
  const { socket, send, hub } = connect();
  await send(1);
  assert.deepEqual(socket.takeSent(), []);
  socket.open();
  assert.deepEqual(socket.takeSent(), ["hello", 1]);
  await send(2);
  assert.deepEqual(socket.takeSent(), [2, 3]);
  assert.equal(hub.metrics.deliveries_total, 3);
});

Deno.test("UserEventSocket stops when the client is behind, and later says what it missed", async () => {
  const { socket, send, clock, hub } = connect({ bufferMaxBytes: 300 });
  socket.open();
  for (let i = 0; i < 9; i++) await send(1);
  const first = socket.takeSent();
  assert.equal(first[0], "hello");
  const seen = first.at(-1) as number;
  assert.ok(seen < 9 && socket.bufferedAmount < 600, String(seen));
  await send(10);
  await clock.advance(200);
  assert.deepEqual(socket.takeSent(), []);
  socket.bufferedAmount = 0;
  await clock.advance(50);
  const [lagged, next] = socket.takeSent();
  assert.deepEqual([lagged, next], [`${seen + 1}-14`, 15]);
  assert.equal(hub.metrics.lagged_total, 1);
});

Deno.test("UserEventSocket waits for one client at a time with one timer, and none when it is over", async () => {
  const { socket, send, clock } = connect({ bufferMaxBytes: 10 });
  assert.equal(clock.sleeperCount, 1);
  socket.open();
  for (let i = 0; i < 5; i++) await send(1);
  assert.equal(clock.sleeperCount, 1);
  socket.dispatchEvent(new Event("close"));
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("UserEventSocket counts what a broken connection does not take, and harms no other", async () => {
  const { socket, send, hub } = connect();
  using other = hub.subscribe("u-1");
  socket.open();
  socket.isBroken = true;
  await send(3);
  const { deliveries_failed_total, subscribers, subscriber_faults_total } = hub.metrics;
  assert.deepEqual([deliveries_failed_total, subscribers, subscriber_faults_total], [1, 1, 0]);
  assert.equal(other.take()?.kind, "event");
});

Deno.test("UserEventSocket leaves its place when the connection ends, however it does", () => {
  for (const type of ["close", "error"]) {
    const { socket, hub } = connect();
    socket.open();
    assert.equal(hub.metrics.subscribers, 1);
    socket.dispatchEvent(new Event(type));
    assert.equal(hub.metrics.subscribers, 0, type);
    socket.dispatchEvent(new Event("close"));
  }
});

Deno.test("UserEventSocket leaves its place when the connection does not open in time", async () => {
  const { socket, hub, clock } = connect();
  await clock.advance(999);
  assert.equal(hub.metrics.subscribers, 1);
  await clock.advance(1);
  assert.equal(hub.metrics.subscribers, 0);
  socket.open();
  assert.deepEqual([socket.takeSent(), socket.closedWith], [[], [[1001, "too late"]]]);
});

Deno.test("UserEventSocket keeps a connection that opened", async () => {
  const { socket, hub, clock } = connect();
  socket.open();
  await clock.advance(10_000);
  assert.deepEqual([hub.metrics.subscribers, socket.closedWith], [1, []]);
});

Deno.test("UserEventSocket ignores what the client says, within bounds", async () => {
  const { socket, clock, send } = connect();
  socket.open();
  for (let minute = 0; minute < 3; minute++) {
    for (const message of ["hi", new ArrayBuffer(10), "0123456789"]) socket.say(message);
    await clock.advance(60_000);
  }
  await send(1);
  assert.deepEqual([socket.takeSent(), socket.closedWith], [["hello", 1], []]);
});

Deno.test("UserEventSocket ends a connection whose client says too much, when it has said it all", async () => {
  const cases: { name: string; says: unknown[]; code: [number, string] }[] = [
    { name: "a long text", says: ["01234567890"], code: [1009, "message too large"] },
    { name: "many bytes", says: [new ArrayBuffer(11)], code: [1009, "message too large"] },
    { name: "something unknown", says: [{}], code: [1009, "message too large"] },
    { name: "too many messages", says: ["a", "b", "c", "d"], code: [1008, "too many messages"] },
  ];
  for (const { name, says, code } of cases) {
    const { socket, hub, clock } = connect();
    socket.open();
    for (const message of says) socket.say(message);
    assert.deepEqual([socket.closedWith, hub.metrics.subscribers], [[], 0], name);
    for (let i = 0; i < 9; i++) socket.say("more");
    await clock.advance(100);
    assert.deepEqual(socket.closedWith, [code], name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("UserEventSocket says that the server goes away when the hub is closed", () => {
  const { socket, hub } = connect();
  socket.open();
  hub[Symbol.dispose]();
  assert.deepEqual(socket.closedWith, [[1001, "closing"]]);
});
