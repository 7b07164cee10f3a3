import assert from "node:assert/strict";
import {
  handleUserEvents,
  type UserEventsEndpointOptions,
} from "../../../engines/events/handle_user_events.ts";
import { UserEventHub } from "../../../engines/events/user_event_hub.ts";
import { readUserEventsToken } from "../../../engines/events/user_events_request.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { EventClient } from "./event_client.ts";
import { anEvent } from "./events.ts";
import { FakeSocket } from "./fake_socket.ts";

const HOSTNAME = "127.0.0.1";
const permission = { name: "net", host: HOSTNAME } as const;
const isPermitted = Deno.permissions.querySync(permission).state === "granted";

/** Whoever names itself is believed, but for those that a test does not know. */
function authenticate(request: Request): { userId: string } | null {
  const userId = readUserEventsToken(request);
  return userId === null || userId === "stranger" ? null : { userId };
}

const HANDSHAKE = {
  upgrade: "websocket",
  connection: "upgrade",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

function handshake(query: string, headers: Record<string, string> = {}): Request {
  return new Request(`http://app.example/events${query}`, {
    headers: { ...HANDSHAKE, ...headers },
  });
}

Deno.test("handleUserEvents refuses with a status that says why, and counts it", async () => {
  const fail = () => {
    throw new Error("database down");
  };
  const cases: {
    name: string;
    request: Request;
    options?: Partial<UserEventsEndpointOptions>;
    status: number;
  }[] = [
    { name: "no WebSocket", request: new Request("http://app.example/events"), status: 426 },
    {
      name: "a foreign page, before it is asked who it is",
      request: handshake("?token=u-1", { origin: "http://evil.example" }),
      options: { authenticate: () => assert.fail("asked") },
      status: 403,
    },
    {
      name: "a stranger on a page that is allowed",
      request: handshake("?token=stranger", { origin: "http://page.example" }),
      options: { allowedOrigins: ["http://page.example"] },
      status: 401,
    },
    { name: "a bad number", request: handshake("?token=u-1&after=x"), status: 400 },
    { name: "no token", request: handshake(""), status: 401 },
    { name: "a stranger", request: handshake("?token=stranger"), status: 401 },
    {
      name: "somebody of whom nothing is known",
      request: handshake("?token=u-1"),
      options: { authenticate: () => undefined },
      status: 401,
    },
    {
      name: "a user without an id",
      request: handshake("?token=u-1"),
      options: { authenticate: () => ({}) as { userId: string } },
      status: 401,
    },
    { name: "nobody's id", request: handshake("?token=null"), status: 401 },
    {
      name: "a check that fails",
      request: handshake("?token=u-1"),
      options: { authenticate: fail },
      status: 503,
    },
    {
      name: "a check that rejects",
      request: handshake("?token=u-1"),
      options: { authenticate: () => Promise.reject(new Error("down")) },
      status: 503,
    },
    { name: "too many connections", request: handshake("?token=busy"), status: 429 },
    { name: "no room", request: handshake("?token=another"), status: 503 },
  ];
  for (const { name, request, options = {}, status } of cases) {
    using hub = new UserEventHub({ usersMax: 1, subscribersPerUserMax: 1 });
    hub.subscribe("busy");
    const response = await handleUserEvents(request, { hub, authenticate, ...options });
    await response.body?.cancel();
    assert.equal(response.status, status, name);
    assert.equal(hub.metrics.subscriptions_refused_total, 1, name);
    assert.equal(hub.metrics.subscribers, 1, name);
  }
});

Deno.test("handleUserEvents does not wait for ever to hear who it is", async () => {
  const clock = new FakeClock();
  const cases: { name: string; options: Partial<UserEventsEndpointOptions>; afterMs: number }[] = [
    { name: "by default", options: {}, afterMs: 10_000 },
    { name: "as told", options: { authenticateTimeoutMs: 50 }, afterMs: 50 },
  ];
  for (const { name, options, afterMs } of cases) {
    using hub = new UserEventHub({ clock });
    const { promise, reject } = Promise.withResolvers<null>();
    let status = 0;
    handleUserEvents(handshake(""), { hub, clock, authenticate: () => promise, ...options })
      .then((response) => status = response.status);
    await clock.advance(afterMs - 1);
    assert.equal(status, 0, name);
    await clock.advance(1);
    assert.deepEqual([status, hub.metrics.subscriptions_refused_total], [503, 1], name);
    reject(new Error("too late to matter"));
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("handleUserEvents refuses options that are out of range", async () => {
  using hub = new UserEventHub();
  for (const name of ["heartbeatSeconds", "authenticateTimeoutMs"]) {
    await assert.rejects(handleUserEvents(handshake(""), { hub, authenticate, [name]: 0 }), {
      name: "RangeError",
      message: `${name} must be a whole number from 1, got 0`,
    });
  }
});

/** Answers a handshake with a connection that only the test drives. */
async function connect(
  options: Partial<UserEventsEndpointOptions>,
): Promise<{ hub: UserEventHub; clock: FakeClock; socket: FakeSocket }> {
  const clock = new FakeClock();
  const hub = new UserEventHub({ clock });
  const socket = new FakeSocket();
  const { upgradeWebSocket } = Deno;
  Deno.upgradeWebSocket = () => ({
    response: new Response(),
    socket: socket as unknown as WebSocket,
  });
  try {
    await handleUserEvents(handshake("?token=u-1"), { hub, authenticate, clock, ...options });
  } finally {
    Deno.upgradeWebSocket = upgradeWebSocket;
  }
  return { hub, clock, socket };
}

Deno.test("handleUserEvents gives a connection no longer to open than it is told", async () => {
  const { hub, clock, socket } = await connect({ openTimeoutMs: 50 });
  await clock.advance(49);
  assert.equal(hub.metrics.subscribers, 1);
  await clock.advance(1);
  assert.equal(hub.metrics.subscribers, 0);
  socket.open();
  assert.deepEqual(socket.closedWith, [[1001, "too late"]]);
});

Deno.test("handleUserEvents lets a client say no more than it is told", async () => {
  const cases: {
    name: string;
    options: Partial<UserEventsEndpointOptions>;
    says: string[];
    code: [number, string];
  }[] = [
    {
      name: "a long message",
      options: { messageMaxBytes: 10 },
      says: ["0123456789", "0123456789+"],
      code: [1009, "message too large"],
    },
    {
      name: "many messages",
      options: { messagesPerMinuteMax: 2 },
      says: ["a", "b", "c"],
      code: [1008, "too many messages"],
    },
  ];
  for (const { name, options, says, code } of cases) {
    const { hub, clock, socket } = await connect(options);
    socket.open();
    says.slice(0, -1).forEach((message) => socket.say(message));
    assert.equal(hub.metrics.subscribers, 1, name);
    socket.say(says.at(-1));
    assert.equal(hub.metrics.subscribers, 0, name);
    await clock.advance(100);
    assert.deepEqual(socket.closedWith, [code], name);
  }
});

Deno.test("handleUserEvents lets no more wait to be sent than it is told", async () => {
  const { hub, clock, socket } = await connect({ bufferMaxBytes: 10 });
  socket.open();
  hub.send(anEvent());
  await clock.advance(1_000);
  assert.deepEqual(socket.takeSent(), ["hello"]);
  socket.bufferedAmount = 0;
  await clock.advance(50);
  assert.deepEqual(socket.takeSent(), [1]);
});

/** A server with the endpoint, for tests with real WebSockets. */
class EventServer implements AsyncDisposable {
  readonly hub: UserEventHub;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(hub: UserEventHub, options: Partial<UserEventsEndpointOptions> = {}) {
    this.hub = hub;
    this.#server = Deno.serve(
      { hostname: HOSTNAME, port: 0, onListen: () => {} },
      (request) => handleUserEvents(request, { hub, authenticate, ...options }),
    );
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get url(): string {
    return `ws://${HOSTNAME}:${this.port}/events`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hub[Symbol.dispose]();
    await this.#server.shutdown();
  }
}

function testSockets(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: isPermitted ? name : `${name} (needs --allow-net=${HOSTNAME})`,
    ignore: !isPermitted,
    fn,
  });
}

/** Lets the server and the clients go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function until(isDone: () => boolean, what: () => string): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!isDone()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain: ${what()}`);
    await turn();
  }
}

function closing(socket: WebSocket): Promise<CloseEvent> {
  return new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
}

testSockets("handleUserEvents sends a page's events, and agrees to the subprotocol", async () => {
  await using server = new EventServer(new UserEventHub());
  const socket = new WebSocket(server.url, ["baton.events", "baton.token.u-1"]);
  const heard: string[] = [];
  socket.onmessage = ({ data }) => heard.push(data);
  await until(() => heard.length === 1, () => "hello");
  assert.equal(socket.protocol, "baton.events");
  server.hub.send(anEvent({ userId: "u-2" }));
  server.hub.send(anEvent({ agentName: "triage" }));
  await until(() => heard.length === 2, () => "the event");
  assert.equal(
    heard[1],
    '{"seq":1,"type":"custom","run_id":"r-1","user_id":"u-1","agent_name":"triage",' +
      '"timestamp":"2026-01-01T00:00:00.000Z","data":{"n":1}}',
  );
  const closed = closing(socket);
  socket.close();
  await closed;
  await until(() => server.hub.metrics.subscribers === 0, () => "the server to notice");
});

testSockets("handleUserEvents closes with codes that say why", async () => {
  const cases: {
    name: string;
    act: (socket: WebSocket, hub: UserEventHub) => void;
    code: number;
  }[] = [
    { name: "too large", act: (socket) => socket.send("x".repeat(5_000)), code: 1009 },
    {
      name: "too large, and more",
      act: (socket) => {
        socket.send("x".repeat(5_000));
        for (let i = 0; i < 500; i++) socket.send("hi");
      },
      code: 1009,
    },
    { name: "too large, bytes", act: (socket) => socket.send(new Uint8Array(5_000)), code: 1009 },
    {
      name: "too many",
      act: (socket) => {
        for (let i = 0; i < 500; i++) socket.send("hi");
      },
      code: 1008,
    },
    { name: "the server goes away", act: (_, hub) => hub[Symbol.dispose](), code: 1001 },
  ];
  for (const { name, act, code } of cases) {
    await using server = new EventServer(new UserEventHub());
    const socket = new WebSocket(`${server.url}?token=u-1`);
    const closed = closing(socket);
    await until(() => socket.readyState === WebSocket.OPEN, () => "the connection");
    act(socket, server.hub);
    assert.equal((await closed).code, code, name);
    assert.equal(server.hub.metrics.subscribers, 0, name);
  }
});

/** Opens a WebSocket by hand, and then neither reads nor answers. */
async function openSilently(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: HOSTNAME, port });
  const lines = Object.entries(HANDSHAKE).map(([name, value]) => `${name}: ${value}`);
  const text = ["GET /events?token=u-1 HTTP/1.1", `host: ${HOSTNAME}:${port}`, ...lines, "", ""];
  await connection.write(new TextEncoder().encode(text.join("\r\n")));
  return connection;
}

testSockets("handleUserEvents stops sending to a client that does not read", async () => {
  const hub = new UserEventHub({ historyMaxEvents: 100 });
  await using server = new EventServer(hub, { bufferMaxBytes: 100_000 });
  using _silent = await openSilently(server.port);
  await until(() => hub.metrics.subscribers === 1, () => "the connection");
  const text = "y".repeat(900);
  const data = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, text]));
  for (let i = 0; i < 3_000; i++) {
    hub.send(anEvent({ data }));
    if (i % 20 === 0) await turn();
  }
  const { events_sent_total: sent, deliveries_total: delivered } = hub.metrics;
  assert.equal(sent, 3_000);
  assert.ok(delivered < 2_500, `${delivered} events went to a client that reads nothing`);
});

testSockets(
  "handleUserEvents asks a silent client for a sign of life, then gives it up",
  async () => {
    const hub = new UserEventHub();
    await using server = new EventServer(hub, { heartbeatSeconds: 1 });
    const startMs = performance.now();
    using silent = await openSilently(server.port);
    const alive = new WebSocket(`${server.url}?token=u-2`);
    await until(() => hub.metrics.subscribers === 2, () => "the connections");
    const PING = 0x89;
    const bytes = new Uint8Array(1_000);
    let askedMs = 0;
    while (askedMs === 0) {
      const count = await silent.read(bytes);
      assert.ok(count !== null, "closed before it was asked");
      if (bytes.subarray(0, count).includes(PING)) askedMs = performance.now() - startMs;
    }
    assert.ok(askedMs >= 900, `asked after ${askedMs} ms`);
    await until(() => hub.metrics.subscribers === 1, () => "the silent one to be given up");
    const goneMs = performance.now() - startMs;
    assert.ok(goneMs >= 1_900, `given up after ${goneMs} ms`);
    assert.equal(alive.readyState, WebSocket.OPEN);
    const closed = closing(alive);
    alive.close();
    await closed;
  },
);

const CLIENTS = 200;
const USERS = 20;
const EVENTS = 400;

testSockets(
  `handleUserEvents serves ${CLIENTS} clients of ${USERS} users through random disconnects`,
  async () => {
    const seed = Number(
      Deno.env.get("BATON_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
    );
    const random = chanceOf(seed);
    // Short, so that some who are away for long miss something.
    const hub = new UserEventHub({ historyMaxEvents: 60, subscribersPerUserMax: 100 });
    await using server = new EventServer(hub);
    const clients = Array.from(
      { length: CLIENTS },
      (_, i) => new EventClient(server.url, `user-${i % USERS}`, () => {}),
    );
    await Promise.all(clients.map((client) => client.connect()));
    let isProducing = true;
    const lives = clients.map(async (client) => {
      while (isProducing) {
        for (let turns = random() * 60; turns > 0 && isProducing; turns--) await turn();
        await client.leave();
        for (let turns = random() ** 4 * 200; turns > 0 && isProducing; turns--) await turn();
        await client.connect();
      }
    });
    for (let n = 1; n <= EVENTS; n++) {
      for (let user = 0; user < USERS; user++) {
        const owner = `user-${user}`;
        hub.send(anEvent({ userId: owner, runId: `run-of-${owner}`, data: { n, owner } }));
      }
      if (random() < 0.5) await turn();
    }
    isProducing = false;
    await Promise.all(lives);
    await until(
      () => clients.every(({ seen }) => seen === EVENTS),
      () => `seed ${seed}: ${clients.map(({ seen }) => seen)}`,
    );
    await Promise.all(clients.map((client) => client.leave()));
    assert.deepEqual(clients.flatMap(({ faults }) => faults), [], `seed ${seed}`);
    assert.ok(clients.every(({ events, missed }) => events + missed === EVENTS), `seed ${seed}`);
    const sum = (of: (client: EventClient) => number) =>
      clients.reduce((all, one) => all + of(one), 0);
    assert.ok(sum(({ connections }) => connections) > CLIENTS * 2, `seed ${seed}: no reconnects`);
    assert.ok(sum(({ events }) => events) > CLIENTS * EVENTS / 2, `seed ${seed}: too few events`);
    await until(() => hub.metrics.subscribers === 0, () => "the server to notice");
  },
);

/** Chance that a seed repeats: mulberry32, which is in the public domain. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
