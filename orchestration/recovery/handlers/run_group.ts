import type { Clock } from "../../../clock.ts";
import type { ProcessGroup, StartProcessGroup } from "./process_group.ts";
import { readTail } from "./read_tail.ts";

/** What is run, and how it is ended. */
export interface GroupRun {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The folder in which it runs; null for this process's own. */
  readonly cwd: string | null;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How long the group has between SIGTERM and SIGKILL, in ms. */
  readonly graceMs: number;
  /** How many of the last bytes of stdout, and of stderr, are kept. */
  readonly maxOutput: number;
  /** Ends the group. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
  /** Starts the program. */
  readonly start: StartProcessGroup;
}

/** What became of a program. */
export interface GroupResult {
  /** Its exit code: 128 + n for a signal. */
  readonly code: number;
  /** The last of what it wrote. */
  readonly stdout: string;
  /** The last of what it wrote to stderr. */
  readonly stderr: string;
}

const POLL_MIN_MS = 10;
const POLL_MAX_MS = 200;
/** How long a group may outlast SIGKILL: one that nobody reaps, as in a container, never ends. */
const KILLED_WAIT_MS = 1_000;
/** How long output may be read after the group is gone: who left the group may hold a pipe open. */
const DRAIN_MS = 200;

/**
 * Runs a program to its end, and ends it when a signal aborts. Either way nothing of its group is left
 * afterwards: what it started in the background is ended too.
 *
 * Not guaranteed: that a process which began a session of its own ends, as it has left the group.
 *
 * @param run What is run.
 * @returns What became of it.
 * @throws the signal's reason when it aborted before the program ended, once the group is gone.
 */
export async function runGroup(run: GroupRun): Promise<GroupResult> {
  const { argv, cwd, env, signal, maxOutput: maxBytes } = run;
  signal.throwIfAborted();
  const group = run.start(argv, { cwd: cwd ?? undefined, env });
  const over = new AbortController();
  const tails = Promise.all(
    [group.stdout, group.stderr].map((each) => readTail(each, { maxBytes, signal: over.signal })),
  );
  tails.catch(() => {}); // looked at below, once the group is gone
  const hasEnded = await endedFirst(group, signal);
  try {
    await endGroup(group, run);
    await drain(tails, run.clock);
  } finally {
    over.abort();
  }
  const [stdout = "", stderr = ""] = await tails;
  if (!hasEnded) throw signal.reason;
  return { code: (await group.ended).code, stdout, stderr };
}

/** @returns Whether the program ended before the signal aborted. */
async function endedFirst(group: ProcessGroup, signal: AbortSignal): Promise<boolean> {
  const { promise: aborted, resolve } = Promise.withResolvers<boolean>();
  const onAbort = () => resolve(false);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([group.ended.then(() => true), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function endGroup(group: ProcessGroup, { graceMs, clock }: GroupRun): Promise<void> {
  if (!await group.signal("SIGTERM")) return;
  // A stopped process takes SIGTERM only once it goes on.
  await group.signal("SIGCONT");
  if (await isGoneWithin(graceMs, group, clock)) return;
  await group.signal("SIGKILL");
  await isGoneWithin(KILLED_WAIT_MS, group, clock);
}

async function isGoneWithin(ms: number, group: ProcessGroup, clock: Clock): Promise<boolean> {
  const untilMs = clock.monotonic() + ms;
  let pauseMs = POLL_MIN_MS;
  while (clock.monotonic() < untilMs) {
    await clock.sleep(Math.min(pauseMs, untilMs - clock.monotonic()));
    if (!await group.signal(0)) return true;
    pauseMs = Math.min(2 * pauseMs, POLL_MAX_MS);
  }
  return false;
}

async function drain(tails: Promise<unknown>, clock: Clock): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(DRAIN_MS, resolve);
  try {
    await Promise.race([tails, late]);
  } finally {
    cancel();
  }
}
