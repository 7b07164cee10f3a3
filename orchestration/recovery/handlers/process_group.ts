/** How a program ended. */
export interface ProcessEnd {
  /** Its exit code: 128 + n for a signal. */
  readonly code: number;
}

/** A program and everything it started, in a process group of its own. */
export interface ProcessGroup {
  /** Resolves when the program itself ends. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** What is written to stdout. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** What is written to stderr. */
  readonly stderr: ReadableStream<Uint8Array>;
  /**
   * Sends a signal to every process of the group; 0 only asks.
   *
   * @returns Whether there was anybody left.
   */
  signal(signal: Deno.Signal | 0): boolean | Promise<boolean>;
}

/** What a program is started with. */
export interface StartOptions {
  /** The folder in which it runs; undefined for this process's own. */
  readonly cwd: string | undefined;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a program as the leader of a new process group. It throws when that cannot be done.
 *
 * @param argv The program and its arguments.
 * @param options Where it runs, and with which environment.
 * @returns The running group.
 */
export type StartProcessGroup = (argv: readonly string[], options: StartOptions) => ProcessGroup;

/** The program that signals a group where the run permission is granted for some programs only. */
export const KILL = "kill";

/**
 * Starts a program on this machine, without input.
 *
 * @param argv The program and its arguments.
 * @param options Where it runs, and with which environment.
 * @returns The running group.
 */
export function startProcessGroup(argv: readonly string[], options: StartOptions): ProcessGroup {
  const { cwd, env } = options;
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    ended: child.status.then(({ code }) => ({ code })),
    stdout: child.stdout,
    stderr: child.stderr,
    signal: (signal) => signalGroup(child.pid, signal),
  };
}

/** Deno signals other processes only with the run permission for all programs. */
async function signalGroup(pid: number, signal: Deno.Signal | 0): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "run" });
  if (state !== "granted") return await signalByProgram(pid, signal);
  try {
    Deno.kill(-pid, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function signalByProgram(pid: number, signal: Deno.Signal | 0): Promise<boolean> {
  const name = String(signal).replace(/^SIG/, "");
  const { success } = await new Deno.Command(KILL, {
    args: ["-s", name, "--", `-${pid}`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}
