import type { KvStore } from "../kv_store.ts";
import type { LeaseTiming } from "../lease_timing.ts";
import { Waker } from "../waker.ts";
import type { GroupCommit } from "./group_commit.ts";
import type { WorkCounters } from "./work_counters.ts";
import type { WorkKeys } from "./work_keys.ts";
import type { WorkTransitions } from "./work_transitions.ts";

/** What of a node's timing concerns work. */
export type WorkTiming = Pick<
  LeaseTiming,
  "leaseMs" | "attemptTimeoutMs" | "safetyPollMs" | "blindPollMs" | "debounceMs"
>;

/** What everything that one node does about work has in common. */
export interface WorkSetting {
  /** The port. */
  readonly store: KvStore;
  /** Where the work stands. */
  readonly keys: WorkKeys;
  /** This node's id. */
  readonly instanceId: string;
  /** Deadlines and polls. */
  readonly timing: WorkTiming;
  /** Path or URL of the store; undefined when unknown. */
  readonly storePath: string | undefined;
  /** How many items may be unfinished in the cluster. */
  readonly maxBacklog: number;
  /** How items move on. */
  readonly transitions: WorkTransitions;
  /** Commits them. */
  readonly commits: GroupCommit;
  /** For how many ms yet nobody takes this node for dead. */
  readonly standingMs: () => number;
  /** Aborts when this node has done with work: nothing may keep its process from ending then. */
  readonly closed: AbortSignal;
  /** Counts what happens. */
  readonly counters: WorkCounters;
}

/**
 * Begins to listen for a bell.
 *
 * @param setting Where it is heard.
 * @param bell The key.
 * @returns What waits for it; to be disposed of.
 */
export async function listenTo(setting: WorkSetting, bell: Deno.KvKey): Promise<Waker> {
  const { store, storePath, timing } = setting;
  const waker = new Waker({ ...timing, store, storePath, keys: [bell] });
  await waker.start();
  return waker;
}
