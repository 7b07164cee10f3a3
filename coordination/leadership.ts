import { describeError } from "./errors.ts";
import type { LeaderElection } from "./leader_election.ts";
import type { WaitOptions } from "./leader_election_options.ts";
import { coordinationLogger } from "./logger.ts";
import type { Term } from "./term.ts";

/**
 * Runs work only while leading: waits for leadership, runs the work, resigns.
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
  const term = await election.campaign(options);
  const working = (async () => await work(term))();
  const resign = () => void term.resign({ after: working }).catch(() => {});
  options.signal?.addEventListener("abort", resign, { once: true });
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
    options.signal?.removeEventListener("abort", resign);
    await term[Symbol.asyncDispose]();
  }
  options.signal?.throwIfAborted();
  throw term.signal.reason;
}
