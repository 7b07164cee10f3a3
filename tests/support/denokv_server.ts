/** A self-hosted KV Connect server on this machine, for the suite that needs one. */
export class DenokvServer implements AsyncDisposable {
  static readonly TOKEN = "only-for-tests-on-loopback";
  readonly url: string;
  readonly #child: Deno.ChildProcess;

  private constructor(url: string, child: Deno.ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts `denokv` (found on PATH) and waits until it answers. */
  static async start(folder: string): Promise<DenokvServer> {
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = new Deno.Command("denokv", {
      args: [
        "--sqlite-path",
        `${folder}/store.sqlite`,
        "serve",
        "--addr",
        `127.0.0.1:${port}`,
        "--access-token",
        DenokvServer.TOKEN,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        await (await fetch(url)).body?.cancel();
        return new DenokvServer(url, child);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    child.kill("SIGKILL");
    throw new Error("denokv did not start");
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
