import { describeError } from "../config/describe_error.ts";
import { LossCause } from "../enums/loss_cause.ts";
import type { ClusterServices } from "./cluster_services.ts";
import type { CoordinatorCounters } from "./coordinator_counters.ts";
import type { LeaderWork } from "./coordinator_options.ts";
import { LeadershipLostError } from "./errors.ts";
import { coordinationLogger } from "./logger.ts";
import type { Pulse } from "./pulse.ts";
import type { PulseMember } from "./pulse_member.ts";
import { aborted, UNNEEDED } from "./signals.ts";
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
  /** Ballots and work, of which a leader takes care. */
  readonly services: Pick<ClusterServices, "lead">;
  /** Counts wins, losses and faults. */
  readonly counters: CoordinatorCounters;
  /** Aborts when the node shuts down: the term is resigned. */
  readonly signal: AbortSignal;
  /** Told once, when the first decision was published or could not be. */
  readonly opened: () => void;
}

/**
 * Does what a leader does for as long as its term lasts. The application's work is told to stop when
 * the term ends, and awaited: a node whose work goes on does not stand for election again. On
 * shutdown the term is released once the work has stopped, or by the end of its lease.
 *
 * @param options The term and the work.
 * @returns When the node is free for another term.
 */
export async function holdOffice(options: LeaderOfficeOptions): Promise<void> {
  const { term, duty, pulse, work, services, counters, signal, opened } = options;
  counters.count("electionWins");
  coordinationLogger.info("Elected in term {term}", { term: term.term, election: term.election });
  pulse.add(duty);
  const published = pulse.beat(duty).catch((error) => counters.noteError(error)).finally(opened);
  const working = work ? runWork(work, term, counters) : Promise.resolve();
  const serving = services.lead(term, signal).catch((error) => counters.noteFault(error));
  const over = new AbortController();
  await aborted(AbortSignal.any([term.signal, signal]));
  noteLoss(term, counters);
  if (term.isValid()) await term.resign({ after: working }).catch((e) => counters.noteError(e));
  else await Promise.race([working, aborted(signal, over.signal)]);
  over.abort(UNNEEDED);
  await Promise.all([pulse.remove(duty), published, serving]);
}

function noteLoss({ term, signal: { reason } }: Term, counters: CoordinatorCounters): void {
  if (!(reason instanceof LeadershipLostError)) return;
  if (reason.cause.kind === LossCause.RESIGNED) return;
  counters.count("leadershipLosses", reason);
  coordinationLogger.warn("{error}", { error: describeError(reason), term });
}

async function runWork(work: LeaderWork, term: Term, counters: CoordinatorCounters): Promise<void> {
  try {
    await work.lead(term);
  } catch (error) {
    if (error !== term.signal.reason) counters.count("observerFaults", error);
  }
}
