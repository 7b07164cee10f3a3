import { getLogger, type Logger } from "@logtape/logtape";
import type { Clock } from "../clock.ts";
import type { ConsensusDecision } from "../coordination/consensus_decision.ts";
import { StoreUnavailableError } from "../coordination/errors.ts";
import type { LeaderView, WaitOptions } from "../coordination/leader_election_options.ts";
import type { NodeInfo } from "../coordination/node_info.ts";
import {
  type ClusterEvent,
  consensusEvent,
  leaderEvent,
  memberEvents,
  type MemberStatuses,
  memberStatuses,
} from "./cluster_events.ts";

/** The commands' own log, as far as it is about a cluster. */
export const cliLogger: Logger = getLogger(["baton", "cli"]);

/** What the log reads of a node. */
export interface ObservedNode {
  readonly instanceId: string;
  changes(options: WaitOptions): AsyncIterable<LeaderView>;
  getNodes(): Promise<NodeInfo[]>;
  getConsensus(): Promise<ConsensusDecision>;
}

/** Options of {@link logCluster}. */
export interface ClusterLogOptions {
  /** How often members and consensus are read, in ms. */
  readonly intervalMs: number;
  /** Ends the log. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Takes the events. */
  readonly log: (event: ClusterEvent) => void;
}

/**
 * Logs what changes in a cluster: leaders as they change, members and consensus at an interval.
 *
 * @param node The node through which to look.
 * @param options How often, and until when.
 * @returns A promise that resolves when the signal aborts.
 */
export async function logCluster(node: ObservedNode, options: ClusterLogOptions): Promise<void> {
  try {
    await Promise.all([logLeaders(node, options), logMembers(node, options)]);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

/** Writes an event to the commands' log. */
export function writeEvent(event: ClusterEvent): void {
  cliLogger[event.level](event.message, event.properties);
}

async function logLeaders(node: ObservedNode, options: ClusterLogOptions): Promise<void> {
  for await (const view of node.changes({ signal: options.signal })) {
    const event = leaderEvent(view, node.instanceId);
    if (event) options.log(event);
  }
}

async function logMembers(node: ObservedNode, options: ClusterLogOptions): Promise<void> {
  let members: MemberStatuses | undefined;
  let decision: ConsensusDecision | undefined;
  while (!options.signal.aborted) {
    const present = await node.getNodes().then(memberStatuses, tolerateOutage);
    if (present) {
      for (const event of memberEvents(members, present)) options.log(event);
      members = present;
    }
    const decided = await node.getConsensus();
    const event = consensusEvent(decision, decided);
    if (event) options.log(event);
    decision = decided;
    await options.clock.sleep(options.intervalMs, { signal: options.signal });
  }
}

/** The consensus of the same turn says that the store is not to be had. */
function tolerateOutage(error: unknown): undefined {
  if (!(error instanceof StoreUnavailableError)) throw error;
}
