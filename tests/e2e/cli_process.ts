import assert from "node:assert/strict";

/** The repository's root, with a slash at its end. */
const ROOT: string = new URL("../../", import.meta.url).pathname;

/** The permissions of the tasks in deno.json, for a store in the folder of the test. */
const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-env=BATON_*,ORCHESTRATION_*,DENO_KV_ACCESS_TOKEN",
  "--allow-read=.baton,health.yaml,recovery.yaml,recovery_policies.yaml",
  "--allow-write=.baton",
  "--allow-net",
  "--allow-sys=loadavg,systemMemoryInfo",
  "--allow-run",
];

/** What these tests need; the name of a test that is ignored says what is missing. */
export const PERMISSION_KINDS = ["read", "write", "run", "env"] as const;
const missing = PERMISSION_KINDS.filter((name) =>
  Deno.permissions.querySync({ name }).state !== "granted"
);
/** Whether to ignore the tests of this file. */
export const ignore: boolean = missing.length > 0;
/** What to add to their names. */
export const need: string = ignore
  ? ` [needs ${missing.map((m) => `--allow-${m}`).join(" ")}]`
  : "";

/** How to start a command. */
export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of `deno run` instead of those of the tasks. */
  readonly flags?: readonly string[];
}

/** A command that runs. */
export class CliProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>[];
  #out = "";
  #err = "";

  constructor(command: string, args: readonly string[], options: StartOptions) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      cwd: options.cwd,
      env: { NO_COLOR: "1", ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = [
      collect(this.#child.stdout, (text) => this.#out += text),
      collect(this.#child.stderr, (text) => this.#err += text),
    ];
  }

  get pid(): number {
    return this.#child.pid;
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits until one of the streams shows a text. */
  async says(text: string, timeoutMs = 20_000): Promise<void> {
    await eventually(() => (this.#out + this.#err).includes(text), {
      timeoutMs,
      what: () => `"${text}" in: ${this.#out}${this.#err}`,
    });
  }

  /** Waits for the end; a process that does not come to it is killed, which shows in its code. */
  async ends(): Promise<number> {
    const overdue = setTimeout(() => this.#child.kill("SIGKILL"), 30_000);
    const { code } = await this.#child.status;
    clearTimeout(overdue);
    await Promise.all(this.#read);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await this.ends();
  }
}

/** Starts one of the commands with the permissions of its task. */
export function startCli(
  script: "coordinator" | "status" | "lock" | "recovery",
  args: readonly string[],
  options: StartOptions,
): CliProcess {
  const flags = options.flags ?? ["--config", `${ROOT}deno.json`, ...PERMISSIONS];
  return new CliProcess(
    Deno.execPath(),
    ["run", ...flags, `${ROOT}cli/${script}.ts`, ...args],
    options,
  );
}

/** Runs one of the commands to its end. */
export async function runCli(
  script: "coordinator" | "status" | "lock" | "recovery",
  args: readonly string[],
  options: StartOptions,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const process = startCli(script, args, options);
  const code = await process.ends();
  return { code, out: process.out, err: process.err };
}

/** A line for a shell that runs one of the commands, for `script -qec`. */
export function shellLine(script: string, args: string): string {
  const flags = ["--config", `${ROOT}deno.json`, ...PERMISSIONS].map((flag) => `'${flag}'`);
  return `'${Deno.execPath()}' run ${flags.join(" ")} '${ROOT}cli/${script}.ts' ${args}`;
}

/** Runs a test in a folder of its own. */
export function inFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir({ prefix: "baton-cli-" });
    try {
      await work(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/** Waits until something is so. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  options: { readonly timeoutMs?: number; readonly what: () => string },
): Promise<void> {
  const until = performance.now() + (options.timeoutMs ?? 20_000);
  while (!await isSo()) {
    assert.ok(performance.now() < until, `waited in vain for ${options.what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
}
