import type { KvStore } from "../kv_store.ts";
import type { NodeInfo } from "../node_info.ts";
import type { Term } from "../term.ts";
import type { WorkLimitsOptions } from "./work_limits.ts";
import type { WorkTiming } from "./work_setting.ts";

export type { WorkLimitsOptions } from "./work_limits.ts";

/** Options of `WorkQueue`. */
export interface WorkQueueOptions {
  /** The port. */
  readonly store: KvStore;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
  /** The cluster's name. */
  readonly cluster: string;
  /** This node's id. */
  readonly instanceId: string;
  /** Identifies this process, as its heartbeat does. */
  readonly incarnation: () => string;
  /** Deadlines and polls. */
  readonly timing: WorkTiming;
  /** How often the leader looks at the work although nobody rings, in ms. */
  readonly intervalMs: number;
  /** Path or URL of the store; undefined when unknown. */
  readonly storePath: string | undefined;
  /** The valid term of this node; null while it does not lead. */
  readonly term: () => Term | null;
  /** Reads the registered members. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /** For how many ms yet nobody takes this node for dead; zero or less when somebody may. */
  readonly standingMs: () => number;
  /** Writes this node's heartbeat now, because `takesWork` has changed. */
  readonly announce: () => Promise<void>;
  /** How much work the cluster holds. */
  readonly limits?: WorkLimitsOptions;
}
