import { LossCause } from "../enums/loss_cause.ts";
import type { Clock } from "../clock.ts";
import type { CoordinatorCounters } from "./coordinator_counters.ts";
import type { LeaderWork } from "./coordinator_options.ts";
import { withDeadline } from "./deadline.ts";
import { describeError, LeadershipLostError } from "./errors.ts";
import { coordinationLogger } from "./logger.ts";
import type { Pulse, PulseMember } from "./pulse.ts";
import { aborted } from "./signals.ts";
import type { Term } from "./term.ts";

/** Options of {@link holdOffice}. */
export interface LeaderOfficeOptions {
  /** The term that was won. */
  readonly term: Term;
  /** What the leader writes once an interval. */
  readonly duty: PulseMember;
  /** Writes it. */
  readonly pulse: Pulse;
  /** The application's own work. */
  readonly work: LeaderWork | undefined;
  /** How long the work may take to stop when the node shuts down, in ms. */
  readonly stopTimeoutMs: number;
  /** Counts wins, losses and faults. */
  readonly counters: CoordinatorCounters;
  /** Times the stop. */
  readonly clock: Clock;
  /** Ends the office although the term goes on. */
  readonly signal: AbortSignal;
  /** Told once, when the first decision was published or could not be. */
  readonly opened: () => void;
}

/**
 * Does what a leader does for as long as its term lasts. The application's work is told to stop, and
 * awaited, before the term is given up.
 *
 * @param options The term and the work.
 * @returns When all of it has stopped.
 */
export async function holdOffice(options: LeaderOfficeOptions): Promise<void> {
  const { term, duty, pulse, counters, signal, opened } = options;
  counters.count("electionWins");
  coordinationLogger.info("Elected in term {term}", { term: term.term, election: term.election });
  pulse.add(duty);
  const published = pulse.beat(duty).catch((error) => counters.noteError(error)).finally(opened);
  const work = options.work && runWork(options.work, term, counters);
  await aborted(AbortSignal.any([term.signal, signal]));
  await Promise.all([pulse.remove(duty), published, work && stopWork(options, work)]);
  const { reason } = term.signal;
  if (reason instanceof LeadershipLostError && reason.cause.kind !== LossCause.RESIGNED) {
    counters.count("leadershipLosses", reason);
    coordinationLogger.warn("{error}", { error: describeError(reason), term: term.term });
  }
}

async function runWork(work: LeaderWork, term: Term, counters: CoordinatorCounters): Promise<void> {
  try {
    await work.run(term);
  } catch (error) {
    if (error !== term.signal.reason) counters.count("observerFaults", error);
  }
}

async function stopWork(options: LeaderOfficeOptions, running: Promise<void>): Promise<void> {
  const { work, stopTimeoutMs, clock, counters } = options;
  try {
    work!.stop();
    await withDeadline(running, stopTimeoutMs, clock);
  } catch (error) {
    counters.count("observerFaults", error);
  }
}
