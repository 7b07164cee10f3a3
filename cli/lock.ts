/**
 * `deno task lock -- COMMAND`: runs a command only while this process leads.
 *
 * @module
 */

import { LeaderElection } from "../coordination/leader_election.ts";
import type { Term } from "../coordination/term.ts";
import { acquireTerm } from "./acquire_term.ts";
import { reportOf } from "./cli_error.ts";
import type { CliIo } from "./cli_io.ts";
import { type CommandGroup, startCommandGroup } from "./command_group.ts";
import type { CommandSpec } from "./command_line.ts";
import { ExitCode } from "./exit_codes.ts";
import { type GroupWatchdog, startGroupWatchdog } from "./group_watchdog.ts";
import { configureLogging } from "./logging.ts";
import { openStore, systemStoreRuntime } from "./open_store.ts";
import { storeIdentity } from "./store_loss.ts";
import { parseDuration } from "./parse_duration.ts";
import { parseSwitch, parseText } from "./parse_values.ts";
import { runAsProcess, runCommand } from "./run_command.ts";
import type { Setting, Values } from "./settings.ts";
import { INSTANCE_ID, LEASE, LOG_FORMAT, logLevel, STORE, WAIT } from "./shared_settings.ts";
import { StopSignals } from "./stop_signals.ts";
import { storeLocation } from "./store_target.ts";
import { watchStore } from "./store_watch.ts";
import { superviseGroup } from "./supervise_group.ts";
import { tellReport } from "./tell_report.ts";
import { usage, usageError } from "./usage.ts";
import { waitForStore } from "./wait_for_store.ts";

const NAME: Setting<string> = {
  flags: "--name <name>",
  env: "BATON_LOCK_NAME",
  about: "which lock; whoever names the same one on the same store competes for it",
  fallback: "lock",
  parse: parseText,
};

const TRY: Setting<boolean> = {
  flags: "--try",
  env: "BATON_TRY",
  about: "exit with 75 at once when somebody else holds the lock, dead or alive",
  fallback: false,
  fallbackText: "off",
  parse: parseSwitch,
};

const TIMEOUT: Setting<number | undefined> = {
  flags: "--timeout <duration>",
  env: "BATON_TIMEOUT",
  about: "how long to wait for the lock; then exit with 124",
  fallback: undefined,
  fallbackText: "as long as it takes",
  parse: parseDuration,
};

const GRACE: Setting<number | undefined> = {
  flags: "--grace <duration>",
  env: "BATON_GRACE",
  about: "time between SIGTERM and SIGKILL when the lock is lost",
  fallback: undefined,
  fallbackText: "15 % of the lease, so that COMMAND is gone before another can lead",
  parse: parseDuration,
};

const SETTINGS = {
  name: NAME,
  store: STORE,
  id: INSTANCE_ID,
  leaseMs: LEASE,
  tryOnly: TRY,
  timeoutMs: TIMEOUT,
  graceMs: GRACE,
  wait: WAIT,
  logLevel: logLevel("error"),
  logFormat: LOG_FORMAT,
} as const;

const SPEC: CommandSpec<typeof SETTINGS> = {
  name: "baton lock",
  purpose: "Runs COMMAND once this process leads, and only for as long as it does.",
  examples: [
    "deno task lock -- ./nightly-report.sh",
    "deno task lock --name backup --try -- pg_dump --file=db.sql app",
    "deno task lock --timeout 30s -- sh -c 'echo term $BATON_TERM'",
  ],
  notes:
    `COMMAND finds BATON_TERM, BATON_FENCE and BATON_LOCK_HELD=true in its environment. It runs in a
process group of its own; what it leaves running in the background is ended with it.
Exit codes: COMMAND's own (128 + n when signal n ended it), 1 the lock was lost, 2 wrong usage,
3 the store cannot be had, 69 Deno KV is switched off, 75 held by somebody else (--try), 124 timed
out, 126 COMMAND is not executable, 127 there is no COMMAND, 129/130/143 after SIGHUP/SIGINT/SIGTERM.
Limits: COMMAND is ended too when this process is killed, but not while it is merely stopped
(SIGSTOP): let the resource that COMMAND writes refuse a BATON_FENCE smaller than one it has seen.`,
  settings: SETTINGS,
  operands: ["<command...>", "what to run, with its arguments"],
};

type LockValues = Values<typeof SETTINGS>;
type Say = (text: string) => void;
type CommandWords = readonly [program: string, ...args: string[]];

const GRACE_SHARE = 0.15;
const STORE_LOOK_MAX_MS = 1_000;

/** `deno task lock`. */
export function lock(args: readonly string[], io: CliIo): Promise<number> {
  return runCommand({
    spec: SPEC,
    args,
    io,
    body: async (values, operands) => {
      configureLogging({ level: values.logLevel, format: values.logFormat }, io);
      return await leadAndRun(values, commandWords(operands), io);
    },
  });
}

function commandWords([program, ...args]: readonly string[]): CommandWords {
  if (program) return [program, ...args];
  throw usageError("COMMAND is empty");
}

async function leadAndRun(values: LockValues, command: CommandWords, io: CliIo): Promise<number> {
  const say: Say = (text) =>
    tellReport({ code: "LOCK", message: text, hint: null }, {
      name: SPEC.name,
      format: values.logFormat,
      level: "warning",
      io,
    });
  let group: CommandGroup | undefined;
  using stop = new StopSignals({
    clock: io.clock,
    onFirst: ({ stopSignal }) => group?.signal(stopSignal),
    onRepeat: () => group?.signal("SIGKILL"),
  });
  using kv = await openLockStore(values, { stop: stop.signal, io, say });
  const openedFile = await storeIdentity(values.store);
  await using election = usage(() =>
    new LeaderElection({
      kv,
      name: values.name,
      storePath: storeLocation(values.store),
      leaseMs: values.leaseMs,
      ...values.id === undefined ? {} : { holderId: values.id },
    })
  );
  await using term = await acquireTerm(election, {
    tryOnly: values.tryOnly,
    timeoutMs: values.timeoutMs,
    stop: stop.signal,
    clock: io.clock,
    onWait: ({ holderId, term }) =>
      say(holderId === null ? "waiting for the lock" : `waiting for ${holderId}, term ${term}`),
  });
  stop.signal.throwIfAborted();
  const graceMs = values.graceMs ?? values.leaseMs * GRACE_SHARE;
  await using store = watchStore({
    location: storeLocation(values.store),
    openedFile,
    identify: () => storeIdentity(values.store),
    intervalMs: Math.min(STORE_LOOK_MAX_MS, values.leaseMs / 4),
    hint: "Bring it back and start again",
    clock: io.clock,
  });
  const watchdog = startWatchdog(graceMs, say);
  try {
    group = startCommandGroup(command, environmentOf(term));
    await watchdog?.guard(group.pid);
    const outcome = await superviseGroup(group, {
      lost: AbortSignal.any([term.signal, store.lost]),
      graceMs,
      clock: io.clock,
      onLost: (reason) => say(`${reportOf(reason).message}; ending the command`),
    });
    if (stop.stopped) return stop.stopped.exitCode;
    if (outcome.lost) store.lost.throwIfAborted();
    return outcome.lost ? ExitCode.FAILED : outcome.code;
  } finally {
    await watchdog?.release();
  }
}

function openLockStore(
  values: LockValues,
  { stop, io, say }: { readonly stop: AbortSignal; readonly io: CliIo; readonly say: Say },
): Promise<Deno.Kv> {
  const open = () =>
    openStore(values.store, systemStoreRuntime(io), { create: true, script: "cli/lock.ts" });
  if (!values.wait) return open();
  return waitForStore(open, {
    clock: io.clock,
    random: io.random,
    signal: stop,
    onRetry: (error) => say(`${error.message}; trying again`),
  });
}

function environmentOf(term: Term): Readonly<Record<string, string>> {
  return { BATON_TERM: `${term.term}`, BATON_FENCE: term.fence, BATON_LOCK_HELD: "true" };
}

/** A command without a watchdog is better than none: it is only needed when this process is killed. */
function startWatchdog(graceMs: number, say: Say): GroupWatchdog | undefined {
  if (Deno.build.os === "windows") return undefined;
  try {
    return startGroupWatchdog(graceMs);
  } catch (error) {
    const { message } = reportOf(error);
    say(`no watchdog, so killing this process leaves the command alone (${message})`);
    return undefined;
  }
}

if (import.meta.main) await runAsProcess(SPEC.name, lock);
