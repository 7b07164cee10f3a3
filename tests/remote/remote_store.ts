import assert from "node:assert/strict";
import { DenokvServer, requireDenokv } from "../support/denokv_server.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";

/** Where the task lets these tests write. */
const FOLDER = ".cache";
/** What opening a store asks at most: where it is. The server answers with a path, not an address. */
const METADATA_REQUESTS = 2;

await requireDenokv();
Deno.env.set("DENO_KV_ACCESS_TOKEN", DenokvServer.TOKEN);

/** A real server with an empty store, and the lines to it. */
export class RemoteStore implements AsyncDisposable {
  readonly server: DenokvServer;
  readonly #proxies: TcpProxy[] = [];
  readonly #folder: string;

  private constructor(server: DenokvServer, folder: string) {
    this.server = server;
    this.#folder = folder;
  }

  static async start(): Promise<RemoteStore> {
    const folder = await Deno.makeTempDir({ prefix: "remote-", dir: FOLDER });
    return new RemoteStore(await DenokvServer.start(folder), folder);
  }

  /** A new line of its own to the server; its `url` is a store's path. */
  line(): TcpProxy {
    const proxy = new TcpProxy(this.server.port);
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Fails when somebody found a way to the server around the lines: the server's own address. */
  assertAllWentThroughLines(): void {
    for (const line of this.#proxies) {
      assert.ok(line.counts.requests > METADATA_REQUESTS, "a line carried no calls");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await Promise.all(this.#proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Registers a test that has a server of its own. All it does with it must go through its lines. */
export function testOnServer(name: string, fn: (store: RemoteStore) => Promise<void>): void {
  Deno.test({
    name: `over KV Connect ${name}`,
    // The store's client never gives up a call: what was cut off stays open.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using store = await RemoteStore.start();
      await fn(store);
      store.assertAllWentThroughLines();
    },
  });
}
