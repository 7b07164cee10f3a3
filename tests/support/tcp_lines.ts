const HOSTNAME = "127.0.0.1";
const CHUNK_BYTES = 65_536;

/** One connection from a client through to the server. */
interface Line {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  /** Resolves when bytes may go on. */
  gate: PromiseWithResolvers<void> | null;
  /** Ends the line after a stall. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Lines from clients to a server on this machine, each of which can be cut or stalled by itself. */
export class TcpLines implements AsyncDisposable {
  /** How many were cut. */
  cuts = 0;
  /** How many were stalled, and cut a while later. */
  stalls = 0;
  readonly #targetPort: number;
  readonly #listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  readonly #lines = new Set<Line>();
  readonly #work = new Set<Promise<void>>();
  #held = Promise.withResolvers<void>();

  /** @param targetPort Where the server listens. */
  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#held.resolve();
    this.#track(this.#accept());
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Closes one of the lines, so that neither end hears a word of it. */
  cutOne(random: () => number): void {
    const line = this.#anyOf(random);
    if (line === undefined) return;
    this.cuts++;
    this.#close(line);
  }

  /** Lets nothing through one of the lines any more, and cuts it after some time. */
  stallOne(random: () => number, ms: number): void {
    const line = this.#anyOf(random);
    if (line === undefined) return;
    this.stalls++;
    line.gate ??= Promise.withResolvers();
    line.timer ??= setTimeout(() => this.#close(line), ms);
  }

  /** Lets nothing through any line until {@link TcpLines.pass}: what is sent piles up at its sender. */
  hold(): void {
    this.#held = Promise.withResolvers<void>();
  }

  /** Lets everything through again. */
  pass(): void {
    this.#held.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pass();
    this.#listener.close();
    for (const line of [...this.#lines]) this.#close(line);
    await Promise.all(this.#work);
  }

  #anyOf(random: () => number): Line | undefined {
    return [...this.#lines][Math.floor(random() * this.#lines.size)];
  }

  #track(work: Promise<void>): void {
    const done = work.catch(() => {}); // the listener or a connection was closed
    this.#work.add(done);
    void done.then(() => this.#work.delete(done));
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname: HOSTNAME, port: this.#targetPort });
      const line: Line = { client, server, gate: null, timer: undefined };
      this.#lines.add(line);
      this.#track(this.#pump(line, client, server));
      this.#track(this.#pump(line, server, client));
    }
  }

  async #pump(line: Line, from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
        await Promise.all([line.gate?.promise, this.#held.promise]);
        for (let sent = 0; sent < n;) sent += await to.write(buffer.subarray(sent, n));
      }
    } finally {
      this.#close(line);
    }
  }

  #close(line: Line): void {
    if (!this.#lines.delete(line)) return;
    clearTimeout(line.timer);
    line.gate?.resolve();
    line.client.close();
    line.server.close();
  }
}
