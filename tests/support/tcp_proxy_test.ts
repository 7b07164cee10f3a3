import assert from "node:assert/strict";
import { HTTP2_PREFACE } from "./http2_frames.ts";
import { TcpProxy } from "./tcp_proxy.ts";

const HOSTNAME = "127.0.0.1";
const FRAME_BYTES = 10;
const SETTINGS = 4;
const HEADERS = 1;

const permission = { name: "net", host: HOSTNAME } as const;
const isPermitted = Deno.permissions.querySync(permission).state === "granted";

function frame(type: number, value: number): Uint8Array {
  return Uint8Array.from([0, 0, 1, type, 0, 0, 0, 0, 1, value]);
}

/** Answers each request with a reply of the same value, after a frame that is none. */
class EchoServer implements AsyncDisposable {
  /** The values of the requests that arrived. */
  readonly seen: number[] = [];
  readonly #listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  readonly #accepting = this.#accept();

  get port(): number {
    return this.#listener.addr.port;
  }

  async close(): Promise<void> {
    this.#listener.close();
    await this.#accepting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => {});
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const conn of this.#listener) serving.push(this.#serve(conn).catch(() => {}));
    await Promise.all(serving);
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    using _ = conn;
    await conn.write(frame(SETTINGS, 0));
    await readExactly(conn, HTTP2_PREFACE.length);
    for (;;) {
      const value = (await readExactly(conn, FRAME_BYTES)).at(-1)!;
      this.seen.push(value);
      await conn.write(frame(HEADERS, value));
    }
  }
}

/** What a client of the proxy does. */
class Client implements Disposable {
  readonly #conn: Deno.TcpConn;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async connect(proxy: TcpProxy): Promise<Client> {
    const conn = await Deno.connect({ hostname: HOSTNAME, port: proxy.port });
    await conn.write(HTTP2_PREFACE);
    return new Client(conn);
  }

  async send(value: number): Promise<void> {
    await this.#conn.write(frame(HEADERS, value));
  }

  /** @returns The value of the next reply. */
  async reply(): Promise<number> {
    let bytes = await readExactly(this.#conn, FRAME_BYTES);
    if (bytes[3] === SETTINGS) bytes = await readExactly(this.#conn, FRAME_BYTES);
    return bytes.at(-1)!;
  }

  async ask(value: number): Promise<number> {
    await this.send(value);
    return await this.reply();
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

async function readExactly(conn: Deno.TcpConn, bytes: number): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const n = await conn.read(all.subarray(at));
    if (n === null) throw new Deno.errors.ConnectionReset("closed");
    at += n;
  }
  return all;
}

function testProxy(
  name: string,
  fn: (proxy: TcpProxy, server: EchoServer) => Promise<void>,
): void {
  Deno.test({
    name: isPermitted ? name : `${name} (needs --allow-net=${HOSTNAME})`,
    ignore: !isPermitted,
    async fn() {
      await using server = new EchoServer();
      await using proxy = new TcpProxy(server.port);
      await fn(proxy, server);
    },
  });
}

testProxy("TcpProxy passes requests and replies, and counts them", async (proxy) => {
  using client = await Client.connect(proxy);
  assert.deepEqual([await client.ask(1), await client.ask(2)], [1, 2]);
  using other = await Client.connect(proxy);
  assert.equal(await other.ask(3), 3);
  assert.deepEqual(proxy.counts, {
    connections: 2,
    refused: 0,
    requests: 3,
    replies: 3,
    droppedReplies: 0,
  });
});

testProxy("TcpProxy ends connections and refuses new ones while cut", async (proxy, server) => {
  using client = await Client.connect(proxy);
  await client.ask(1);
  proxy.cut();
  await assert.rejects(() => client.ask(2));
  await assert.rejects(async () => {
    using late = await Client.connect(proxy);
    await late.ask(3);
  });
  assert.deepEqual([proxy.counts.connections, proxy.counts.refused], [1, 1]);
  assert.deepEqual(server.seen, [1]);
  proxy.pass();
  using again = await Client.connect(proxy);
  assert.equal(await again.ask(4), 4);
});

testProxy(
  "TcpProxy drops as many replies as told, after the request was served",
  async (proxy, server) => {
    proxy.dropReplies(2);
    for (const value of [1, 2]) {
      using client = await Client.connect(proxy);
      await assert.rejects(() => client.ask(value));
    }
    using client = await Client.connect(proxy);
    assert.equal(await client.ask(3), 3);
    assert.deepEqual(server.seen, [1, 2, 3]);
    assert.equal(proxy.counts.droppedReplies, 2);
    assert.deepEqual([proxy.counts.requests, proxy.counts.replies], [3, 1]);
  },
);

testProxy("TcpProxy drops replies until told to pass", async (proxy) => {
  proxy.dropReplies();
  for (const value of [1, 2, 3]) {
    using client = await Client.connect(proxy);
    await assert.rejects(() => client.ask(value));
  }
  proxy.pass();
  using client = await Client.connect(proxy);
  assert.equal(await client.ask(4), 4);
});

testProxy("TcpProxy delivers held requests late", async (proxy, server) => {
  using client = await Client.connect(proxy);
  await client.ask(1);
  proxy.hold("requests");
  await client.send(2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(server.seen, [1]);
  proxy.pass();
  assert.equal(await client.reply(), 2);
});

testProxy(
  "TcpProxy delivers held replies late, to requests that were served",
  async (proxy, server) => {
    using client = await Client.connect(proxy);
    await client.ask(1);
    proxy.hold("replies");
    const reply = client.ask(2);
    while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(proxy.counts.replies, 1);
    proxy.pass();
    assert.equal(await reply, 2);
  },
);

testProxy("TcpProxy delays each direction by its own time", async (proxy) => {
  using client = await Client.connect(proxy);
  await client.ask(1);
  for (const delay of [{ requestsMs: 30 }, { repliesMs: 30 }, { requestsMs: 15, repliesMs: 15 }]) {
    proxy.delay(delay);
    const sentAtMs = performance.now();
    assert.equal(await client.ask(2), 2);
    const tookMs = performance.now() - sentAtMs;
    assert.ok(tookMs >= 28, `${JSON.stringify(delay)} took ${tookMs} ms`);
  }
});

testProxy("TcpProxy delays what follows closely no longer than what goes first", async (proxy) => {
  using client = await Client.connect(proxy);
  await client.ask(0);
  proxy.delay({ requestsMs: 50 });
  const sentAtMs = performance.now();
  for (const value of [1, 2, 3, 4, 5, 6]) {
    await client.send(value);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (const value of [1, 2, 3, 4, 5, 6]) assert.equal(await client.reply(), value);
  const tookMs = performance.now() - sentAtMs;
  assert.ok(tookMs < 200, `six requests took ${tookMs} ms, a delay is 50`);
});

testProxy("TcpProxy refuses connections when nobody listens behind it", async (_, server) => {
  const port = server.port;
  await server.close();
  await using proxy = new TcpProxy(port);
  await assert.rejects(async () => {
    using client = await Client.connect(proxy);
    await client.ask(1);
  });
  assert.equal(proxy.counts.refused, 1);
});
