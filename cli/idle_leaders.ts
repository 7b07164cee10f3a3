import type { Clock } from "../clock.ts";
import { StoreUnavailableError } from "../coordination/errors.ts";
import type { LeaderView, WaitOptions } from "../coordination/leader_election_options.ts";
import type { RecoveryStorage } from "../orchestration/recovery/recovery_storage.ts";
import { cliLogger } from "./cluster_log.ts";
import { readDuty } from "./recovery_duty.ts";

/** A node, as far as it tells who leads. */
export interface FollowedNode {
  readonly instanceId: string;
  changes(options: WaitOptions): AsyncIterable<LeaderView>;
}

/** Options of {@link warnOfIdleLeaders}. */
export interface IdleLeaderOptions {
  /** Where leaders say that they do recovery. */
  readonly storage: RecoveryStorage;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** How long a leader may take to say that it does recovery. */
const PATIENCE_MS = 5_000;

/**
 * Warns of other leaders that do not say that they do recovery: what this node's file says is for the
 * cluster is not done then.
 *
 * @param node Tells who leads.
 * @param options Where to look, and until when.
 */
export async function warnOfIdleLeaders(
  node: FollowedNode,
  { storage, clock, signal }: IdleLeaderOptions,
): Promise<void> {
  try {
    for await (const { holderId: leader, term } of node.changes({ signal })) {
      if (leader === null || leader === node.instanceId) continue;
      await clock.sleep(PATIENCE_MS, { signal });
      if (await doesRecovery(storage, term)) continue;
      cliLogger.warn(
        "{leader} leads in term {term} and is not seen to run recovery: start it with --recovery",
        { leader, term },
      );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Whether it does, or another leads meanwhile, or nobody can say. */
async function doesRecovery(storage: RecoveryStorage, term: number): Promise<boolean> {
  try {
    return ((await readDuty(storage))?.term ?? 0) >= term;
  } catch (error) {
    if (error instanceof StoreUnavailableError) return true;
    throw error;
  }
}
