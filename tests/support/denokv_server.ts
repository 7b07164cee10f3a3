/** There is no `denokv` to test against. */
export class MissingDenokvError extends Error {
  override readonly name = "MissingDenokvError";

  constructor(binary: string, cause: unknown) {
    super(
      `Cannot start the server "${binary}": no such program. Install it with ` +
        "`cargo install denokv --locked`, or name it in DENOKV_BIN",
      { cause },
    );
  }
}

const HOSTNAME = "127.0.0.1";
const START_ATTEMPTS = 100;
const START_PAUSE_MS = 50;

/** @returns The server's program: what DENOKV_BIN names, or `denokv` on PATH. */
export function denokvBinary(): string {
  return Deno.env.get("DENOKV_BIN") || "denokv";
}

/**
 * Starts the program once, to see that it is there.
 *
 * @throws {MissingDenokvError} when it is not.
 */
export async function requireDenokv(): Promise<void> {
  const binary = denokvBinary();
  try {
    await new Deno.Command(binary, { args: ["--help"], stdout: "null", stderr: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new MissingDenokvError(binary, error);
  }
}

/** A self-hosted KV Connect server on this machine, for the suite that needs one. */
export class DenokvServer implements AsyncDisposable {
  /** It takes none that is shorter than twelve characters. */
  static readonly TOKEN = "only-for-tests-on-loopback";
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(port: number, child: Deno.ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  /** Starts the server on a port of its own and waits until it answers. */
  static async start(folder: string): Promise<DenokvServer> {
    const port = freePort();
    const address = `${HOSTNAME}:${port}`;
    const store = ["--sqlite-path", `${folder}/store.sqlite`];
    const child = new Deno.Command(denokvBinary(), {
      args: [...store, "serve", "--addr", address, "--access-token", DenokvServer.TOKEN],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      try {
        await (await fetch(`http://${address}`)).body?.cancel();
        return new DenokvServer(port, child);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
      }
    }
    child.kill("SIGKILL");
    throw new Error("denokv did not start");
  }

  get url(): string {
    return `http://${HOSTNAME}:${this.port}`;
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
  using listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  return listener.addr.port;
}
