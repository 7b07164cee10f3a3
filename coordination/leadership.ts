import { describeError } from "../config/describe_error.ts";
import type { LeaderElection } from "./leader_election.ts";
import type { WaitOptions } from "./leader_election_options.ts";
import { coordinationLogger } from "./logger.ts";
import { aborted } from "./signals.ts";
import type { Term } from "./term.ts";

/**
 * Runs work only while leading: waits for leadership, runs the work, resigns. Calls on one election
 * take turns, so the work must not call it again on the same one.
 *
 * @param election Where to lead.
 * @param work What only a leader may do. It must stop when `term.signal` aborts; a loss is reported
 * only after it has.
 * @param options The signal that ends the wait for leadership, and the term when it aborts later.
 * @returns What the work returned.
 * @throws {LeadershipLostError} when leadership was lost before the work was done, even when the work
 * itself came to an end.
 *
 * @example A job that runs in one process at a time
 * ```ts
 * import { LeaderElection, withLeadership } from "@baton/orchestration/coordination";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using election = new LeaderElection({ kv, name: "nightly", storePath: ":memory:" });
 * const done = await withLeadership(election, async (term) => {
 *   const { ok } = await term.atomic().set(["nightly", "done"], term.term).commit();
 *   return ok;
 * });
 * if (!done) throw new Error("deposed meanwhile");
 * ```
 */
export async function withLeadership<T>(
  election: LeaderElection,
  work: (term: Term) => Promise<T>,
  options: WaitOptions = {},
): Promise<T> {
  const { signal } = options;
  const done = Promise.withResolvers<void>();
  const turn = new AbortController();
  const before = queues.get(election) ?? Promise.resolve();
  queues.set(election, before.then(() => done.promise));
  try {
    await (signal ? Promise.race([before, aborted(signal, turn.signal)]) : before);
    signal?.throwIfAborted();
    return await lead(election, work, signal);
  } finally {
    turn.abort();
    done.resolve();
  }
}

/** Work under one election of a process takes turns: a term has one owner. */
const queues = new WeakMap<LeaderElection, Promise<void>>();

async function lead<T>(
  election: LeaderElection,
  work: (term: Term) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const term = await election.campaign(signal && { signal });
  if (signal?.aborted) {
    await term[Symbol.asyncDispose]();
    throw signal.reason;
  }
  const working = (async () => await work(term))();
  const resign = () => void term.resign({ after: working }).catch(() => {});
  signal?.addEventListener("abort", resign, { once: true });
  try {
    const result = await working;
    if (term.isValid()) return result;
  } catch (error) {
    if (term.isValid()) throw error;
    coordinationLogger.debug("Work of {election} ended with {error} after its term", {
      election: term.election,
      term: term.term,
      error: describeError(error),
    });
  } finally {
    signal?.removeEventListener("abort", resign);
    await term[Symbol.asyncDispose]();
  }
  signal?.throwIfAborted();
  throw term.signal.reason;
}
