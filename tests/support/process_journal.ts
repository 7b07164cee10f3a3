import { spawnProgram } from "./spawn_program.ts";

/** One line that a process told. */
export interface Told {
  /** What happened. */
  readonly event: string;
  /** To whom. */
  readonly instanceId: string;
}

/** A process that tells what it does. */
export interface TellingProcess {
  readonly instanceId: string;
  readonly kill: (signal: Deno.Signal) => void;
  /** Resolves once it has ended and everything it told is in the journal. */
  readonly ended: Promise<Deno.CommandStatus>;
}

const WAIT_MAX_MS = 60_000;

/** What several processes told on standard output, one JSON document a line, in one journal. */
export class ProcessJournal<E extends Told> implements AsyncDisposable {
  readonly events: E[] = [];
  /** What they wrote to standard error. */
  stderr = "";
  readonly #program: string;
  readonly #live = new Map<string, TellingProcess>();
  #notify: (() => void)[] = [];

  /** @param program A file beside this one; its second argument is the process's id. */
  constructor(program: string) {
    this.#program = program;
  }

  /** The processes that have not ended, by their ids. */
  get live(): ReadonlyMap<string, TellingProcess> {
    return this.#live;
  }

  spawn(storePath: string, instanceId: string, settings: object): TellingProcess {
    const args = [storePath, instanceId, JSON.stringify(settings)];
    const child = spawnProgram(this.#program, args);
    const readers = [
      this.#read(child.stdout, (line) => this.events.push(JSON.parse(line))),
      this.#read(child.stderr, (line) => this.stderr += `${instanceId}: ${line}\n`),
    ];
    const ended = Promise.all([child.status, ...readers]).then(([status]) => {
      this.#live.delete(instanceId);
      this.#wake();
      return status as Deno.CommandStatus;
    });
    const process = { instanceId, ended, kill: (signal: Deno.Signal) => child.kill(signal) };
    this.#live.set(instanceId, process);
    return process;
  }

  /** Ends a process at once, and waits for all that it told before. */
  async kill(instanceId: string): Promise<void> {
    const process = this.#live.get(instanceId)!;
    process.kill("SIGKILL");
    await process.ended;
  }

  /** Waits until there is an answer, asking again whenever somebody told something. */
  async until<T>(
    what: string,
    find: () => T | undefined | false,
    maxMs = WAIT_MAX_MS,
  ): Promise<T> {
    const deadline = performance.now() + maxMs;
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}: ${this.tail}`);
      if (this.#live.size === 0) throw new Error(`Nobody is left for ${what}: ${this.tail}`);
      await this.#nextChange();
    }
  }

  /** The last of what was told, for messages. */
  get tail(): string {
    const last = this.events.slice(-20).map((event) => JSON.stringify(event));
    return `${last.join("\n")}\n${this.stderr}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#live.keys()].map((id) => this.kill(id)));
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
