import type { DistributedResilienceCoordinator } from "@baton/orchestration/coordination";

const RETRY_MS = 50;

/** Starts a node as a supervisor would: again, when a busy machine's store did not answer in time. */
export async function startUp(node: DistributedResilienceCoordinator): Promise<void> {
  for (;;) {
    try {
      return await node.startup();
    } catch (error) {
      if ((error as Error).name !== "StoreUnavailableError") throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
