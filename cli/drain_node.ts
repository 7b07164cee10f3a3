import { DeadlineError, withDeadline } from "../coordination/deadline.ts";
import type { CoordinatorMetrics } from "../coordination/coordinator.ts";
import type { CliIo } from "./cli_io.ts";
import { cliLogger } from "./cluster_log.ts";

/** A node that is to leave its cluster, and what it does there. */
export interface DrainedNode {
  readonly node: {
    readonly isRunning: boolean;
    getMetrics(): CoordinatorMetrics;
    shutdown(): Promise<void>;
  };
  readonly recovery: AsyncDisposable | null;
}

/**
 * Has a node leave its cluster, and logs how that went. Recovery ends first, while the store still
 * takes what became of its actions; it has half of the time.
 *
 * @param drained The node.
 * @param graceMs How long it may take, in ms.
 * @param io Times it.
 */
export async function drainNode(
  { node, recovery }: DrainedNode,
  graceMs: number,
  { clock }: Pick<CliIo, "clock">,
): Promise<void> {
  const before = node.getMetrics();
  const wasRunning = node.isRunning;
  const resting = recovery?.[Symbol.asyncDispose]() ?? Promise.resolve();
  const leaving = withDeadline(resting, graceMs / 2, clock)
    .catch(() => {}) // who disposes of recovery is told how it failed
    .then(() => node.shutdown());
  try {
    await withDeadline(leaving, graceMs, clock);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    cliLogger.warn("Gave up on letting go after {graceMs} ms: another leads after the lease", {
      graceMs: Math.round(graceMs),
    });
    return;
  }
  const after = node.getMetrics();
  if (!wasRunning && after.heartbeats + after.electionWins === 0) return;
  if (countFaults(after) === countFaults(before) && after.lastError === before.lastError) {
    cliLogger.info("Left the cluster: another can lead at once");
    return;
  }
  cliLogger.warn("Stopped without telling the store: another leads after the lease ({error})", {
    error: after.lastError,
  });
}

/** What the store did not do: a fault may read as the one before it. */
function countFaults({ store }: CoordinatorMetrics): number {
  return store.failures + store.unknown;
}
