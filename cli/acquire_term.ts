import type { Clock } from "../clock.ts";
import type { LeaderView, WaitOptions } from "../coordination/leader_election_options.ts";
import type { Term } from "../coordination/term.ts";
import { CliError } from "./cli_error.ts";
import { ExitCode } from "./exit_codes.ts";
import { formatDuration } from "./parse_duration.ts";

/** What acquiring needs of an election. */
export interface Candidate {
  readonly name: string;
  tryAcquire(): Promise<Term | null>;
  campaign(options: WaitOptions): Promise<Term>;
  leader(): Promise<LeaderView>;
}

/** Options of {@link acquireTerm}. */
export interface AcquireOptions {
  /** Whether to give up at once when somebody else leads. */
  readonly tryOnly: boolean;
  /** How long to wait, in ms; undefined for as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Ends the wait: it rejects with the signal's reason. */
  readonly stop: AbortSignal;
  readonly clock: Clock;
  /** Is told who leads when there is a wait. */
  readonly onWait: (leader: LeaderView) => void;
}

/**
 * Waits until this process leads, for as long as it may.
 *
 * @param candidate The election.
 * @param options How long.
 * @returns The term.
 * @throws {CliError} with exit code 75 when it is only to try and somebody else leads, 124 when the
 * time is up.
 */
export async function acquireTerm(candidate: Candidate, options: AcquireOptions): Promise<Term> {
  options.stop.throwIfAborted();
  const term = await candidate.tryAcquire();
  if (term) return term;
  const leader = await candidate.leader();
  if (options.tryOnly) throw heldByOther(candidate.name, leader);
  options.onWait(leader);
  return await campaign(candidate, options);
}

async function campaign(candidate: Candidate, options: AcquireOptions): Promise<Term> {
  const { timeoutMs, stop, clock } = options;
  if (timeoutMs === undefined) return await candidate.campaign({ signal: stop });
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => late.abort(timedOut(candidate.name, timeoutMs)));
  try {
    return await candidate.campaign({ signal: AbortSignal.any([stop, late.signal]) });
  } finally {
    cancel();
  }
}

function heldByOther(name: string, leader: LeaderView): CliError {
  const holder = leader.holderId === null
    ? "is being taken by another process"
    : `is held by ${leader.holderId} in term ${leader.term}`;
  return new CliError(`The lock "${name}" ${holder}`, {
    code: "HELD",
    exitCode: ExitCode.TRY_AGAIN,
    hint: "Try again later, or leave --try out to wait for it",
  });
}

function timedOut(name: string, timeoutMs: number): CliError {
  return new CliError(`The lock "${name}" did not come free in ${formatDuration(timeoutMs)}`, {
    code: "TIMED_OUT",
    exitCode: ExitCode.TIMED_OUT,
    hint: "Wait longer with --timeout, or see who holds it by trying again",
  });
}
