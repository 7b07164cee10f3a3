import { spawnProgram } from "./spawn_program.ts";

/** One line that a member process told. */
export interface MemberEvent {
  readonly event: "started" | "elected" | "lost" | "refused" | "failed" | "stopped";
  readonly instanceId: string;
  readonly atMs: number;
  readonly term?: number;
  readonly fence?: string;
  readonly cause?: string;
  readonly name?: string;
  readonly message?: string;
}

const WAIT_MAX_MS = 30_000;

/** Waits until one of the members is elected in a higher term. */
export async function elected(
  members: readonly MemberProcess[],
  afterTerm: number,
): Promise<{ readonly member: MemberProcess; readonly term: number; readonly atMs: number }> {
  const elections = members.map(async (member) => {
    const event = await member.until(({ event, term }) => event === "elected" && term! > afterTerm);
    return { member, term: event.term!, atMs: event.atMs };
  });
  return await Promise.any(elections);
}

/** Ends every member that still runs, and waits for it. */
export async function endAll(members: readonly MemberProcess[]): Promise<void> {
  await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
}

/** A cluster member in a process of its own. */
export class MemberProcess implements AsyncDisposable {
  readonly instanceId: string;
  readonly events: MemberEvent[] = [];
  /** What it wrote to standard error. */
  stderr = "";
  readonly #child: Deno.ChildProcess;
  readonly #readers: Promise<void>[];
  #notify: (() => void)[] = [];
  #hasExited = false;

  constructor(path: string, instanceId: string, leaseMs: number, writeEveryMs = 5) {
    this.instanceId = instanceId;
    const args = [path, instanceId, String(leaseMs), String(writeEveryMs)];
    this.#child = spawnProgram("reckless_member.ts", args);
    this.#readers = [
      this.#read(this.#child.stdout, (line) => this.events.push(JSON.parse(line))),
      this.#read(this.#child.stderr, (line) => this.stderr += `${line}\n`),
    ];
    void this.#child.status.then(() => this.#hasExited = true).then(() => this.#wake());
  }

  get pid(): number {
    return this.#child.pid;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for the first event that fits, from the `from`-th on. */
  async until(fits: (event: MemberEvent) => boolean, from = 0): Promise<MemberEvent> {
    const deadline = performance.now() + WAIT_MAX_MS;
    for (;;) {
      const found = this.events.slice(from).find(fits);
      if (found) return found;
      if (this.#hasExited) throw new Error(`${this.instanceId} exited: ${this.stderr}`);
      if (performance.now() > deadline) {
        throw new Error(`${this.instanceId} told only ${JSON.stringify(this.events)}`);
      }
      await this.#nextChange();
    }
  }

  async exited(): Promise<Deno.CommandStatus> {
    return await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasExited) {
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    await this.#child.status;
    await Promise.all(this.#readers);
  }

  async #read(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) take(line);
      this.#wake();
    }
  }

  async #nextChange(): Promise<void> {
    const change = Promise.withResolvers<void>();
    this.#notify.push(change.resolve);
    const timer = setTimeout(change.resolve, 1_000);
    await change.promise;
    clearTimeout(timer);
  }

  #wake(): void {
    for (const notify of this.#notify.splice(0)) notify();
  }
}
