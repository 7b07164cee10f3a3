import { type Http2Frame, Http2Frames } from "./http2_frames.ts";

/** Which way bytes go: from the client to the server, or back. */
export type Direction = "requests" | "replies";

/** What a {@link TcpProxy} has seen so far. */
export interface ProxyCounts {
  /** Connections that were passed on. */
  readonly connections: number;
  /** Connections that were closed at once: the line was cut, or nobody listens at its end. */
  readonly refused: number;
  /** Requests that reached the server, those that its client sent again included. */
  readonly requests: number;
  /** Replies that reached the client. */
  readonly replies: number;
  /** Replies that were swallowed. */
  readonly droppedReplies: number;
}

/** How much longer bytes take in each direction, in ms. */
export interface DelayOptions {
  readonly requestsMs?: number;
  readonly repliesMs?: number;
}

type Mode =
  | { readonly kind: "pass" }
  | { readonly kind: "cut" }
  | { readonly kind: "hold"; readonly direction: Direction }
  | { readonly kind: "delay"; readonly requestsMs: number; readonly repliesMs: number }
  | { readonly kind: "drop"; left: number };

interface Tunnel {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
}

/** Where bytes go, and not before when. */
interface Way {
  readonly to: Deno.TcpConn;
  readonly direction: Direction;
  readonly dueAtMs: number;
}

const CHUNK_BYTES = 65_536;
const HOSTNAME = "127.0.0.1";

/**
 * A line between a client and a server on this machine that tests can cut, slow down, block one way,
 * or rob of replies. It knows of what it carries only where a frame of HTTP/2 begins and ends, so
 * that it can tell a reply from the frames that keep a connection alive.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #targetPort: number;
  readonly #listener: Deno.TcpListener;
  readonly #tunnels = new Set<Tunnel>();
  readonly #pumps = new Set<Promise<void>>();
  readonly #counts = {
    connections: 0,
    refused: 0,
    requests: 0,
    replies: 0,
    droppedReplies: 0,
  };
  #mode: Mode = { kind: "pass" };
  #modeChange = Promise.withResolvers<void>();

  /** @param targetPort Where the server listens on 127.0.0.1. */
  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get url(): string {
    return `http://${HOSTNAME}:${this.port}`;
  }

  get counts(): ProxyCounts {
    return { ...this.#counts };
  }

  /** Lets everything through again; what was held back arrives now. */
  pass(): void {
    this.#change({ kind: "pass" });
  }

  /** Closes every connection, and each new one at once. */
  cut(): void {
    this.#change({ kind: "cut" });
    for (const tunnel of [...this.#tunnels]) this.#close(tunnel);
  }

  /** Keeps back what goes one way until the next call, as a network does that loses packets. */
  hold(direction: Direction): void {
    this.#change({ kind: "hold", direction });
  }

  /** Makes the line longer: what follows closely arrives as closely. */
  delay({ requestsMs = 0, repliesMs = 0 }: DelayOptions): void {
    this.#change({ kind: "delay", requestsMs, repliesMs });
  }

  /**
   * Swallows replies, and closes each connection that was robbed of one. Requests get through.
   *
   * @param times How many; then they pass again.
   */
  dropReplies(times = Infinity): void {
    this.#change({ kind: "drop", left: times });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#listener.close();
    await Promise.all(this.#pumps);
  }

  #change(mode: Mode): void {
    this.#mode = mode;
    this.#modeChange.resolve();
    this.#modeChange = Promise.withResolvers<void>();
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const serving = this.#serve(client).catch(() => {});
      this.#pumps.add(serving);
      void serving.then(() => this.#pumps.delete(serving));
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    const server = await this.#connect();
    if (server === null || this.#mode.kind === "cut") {
      this.#counts.refused++;
      server?.close();
      return client.close();
    }
    this.#counts.connections++;
    for (const end of [client, server]) end.setNoDelay();
    const tunnel: Tunnel = { client, server };
    this.#tunnels.add(tunnel);
    await Promise.all([this.#pump(tunnel, "requests"), this.#pump(tunnel, "replies")]);
  }

  async #connect(): Promise<Deno.TcpConn | null> {
    if (this.#mode.kind === "cut") return null;
    try {
      return await Deno.connect({ hostname: HOSTNAME, port: this.#targetPort });
    } catch {
      return null;
    }
  }

  /** Moves frames one way until either side ends, and ends the other with it. */
  async #pump(tunnel: Tunnel, direction: Direction): Promise<void> {
    const { client, server } = tunnel;
    const [from, to] = direction === "requests" ? [client, server] : [server, client];
    const frames = new Http2Frames(direction === "requests" ? "client" : "server");
    const buffer = new Uint8Array(CHUNK_BYTES);
    let sent = Promise.resolve();
    try {
      for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
        const arrived = frames.push(buffer.subarray(0, n));
        const dueAtMs = performance.now() + this.#delayMs(direction);
        sent = sent.then(() => this.#forward(arrived, { to, direction, dueAtMs }));
        sent.catch(() => this.#close(tunnel));
      }
      await sent;
    } catch {
      // The connection was closed: by one of its ends, by a cut, or because a reply was dropped.
    }
    this.#close(tunnel);
  }

  async #forward(frames: readonly Http2Frame[], way: Way): Promise<void> {
    const { to, direction, dueAtMs } = way;
    const leftMs = dueAtMs - performance.now();
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    while (this.#mode.kind === "hold" && this.#mode.direction === direction) {
      await this.#modeChange.promise;
    }
    for (const { bytes, isHead } of frames) {
      if (isHead && direction === "replies") this.#dropReply();
      await writeAll(to, bytes);
      if (isHead) this.#counts[direction]++;
    }
  }

  #delayMs(direction: Direction): number {
    if (this.#mode.kind !== "delay") return 0;
    return direction === "requests" ? this.#mode.requestsMs : this.#mode.repliesMs;
  }

  /** Ends the connection in place of the reply, where replies are dropped now. */
  #dropReply(): void {
    const mode = this.#mode;
    if (mode.kind !== "drop" || mode.left <= 0) return;
    mode.left--;
    this.#counts.droppedReplies++;
    throw new Deno.errors.ConnectionReset("The reply was dropped");
  }

  #close(tunnel: Tunnel): void {
    if (!this.#tunnels.delete(tunnel)) return;
    tunnel.client.close();
    tunnel.server.close();
  }
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await to.write(bytes.subarray(written));
}
