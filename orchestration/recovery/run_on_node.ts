import type { Clock } from "../../clock.ts";
import type { ActionContext } from "./action_handler.ts";
import { awaitRequest, entryOfRequest } from "./await_request.ts";
import { laneKeys, nodeLane } from "./lane_keys.ts";
import type { ManualRequest } from "./manual_request.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";

/** Options of {@link runOnNode}. */
export interface RunOnNodeOptions {
  /** Where the nodes find what is asked of them. */
  readonly storage: RecoveryStorage;
  /** The node that is asked. */
  readonly node: string;
  /** The leader that asks. */
  readonly leader: string;
  /** Identifies what is asked: the same for a leader that goes on where another one died. */
  readonly requestId: string;
  /** Whether the action may run in any phase. */
  readonly force: boolean;
  /** Time. */
  readonly clock: Clock;
}

const LOOK_MS = 500;

/**
 * Has another node run an action for the leader: an action that is about a node runs on that node. The
 * node decides by its own ledger whether it may, and puts it on its own record.
 *
 * @param context The action.
 * @param options Who is asked.
 * @returns What the node reported.
 * @throws {Error} when the node refused, or failed; what it said is in the message.
 * @throws the signal's reason when there is no answer in time: the request is withdrawn then, if the
 * node did not take it.
 */
export async function runOnNode(
  context: ActionContext,
  { storage, node, leader, requestId, force, clock }: RunOnNodeOptions,
): Promise<string> {
  const { action, params, reason, signal } = context;
  const lane = nodeLane(node);
  const answered = await entryOfRequest(requestId, { storage, lane });
  if (answered !== null) return reportOf(answered, node);
  const key = [...laneKeys(lane).requests, requestId];
  const actor = `leader ${leader}`;
  const asked = { id: requestId, action, reason, actor, params, force, atMs: clock.now() };
  const value: ManualRequest = { ...asked, node: leader };
  // Refused when a leader before this one has asked already: then its answer is waited for.
  await storage.commit({ checks: [{ key, version: null }], sets: [{ key, value }] });
  const wait = { storage, lane, everyMs: LOOK_MS, signal, clock };
  const outcome = await awaitRequest(requestId, wait);
  switch (outcome.kind) {
    case "ended":
      return reportOf(outcome.entry, node);
    case "withdrawn":
      throw new Error(`node ${node} did not take it`);
    case "under_way":
      throw signal.reason;
    default:
      return outcome satisfies never;
  }
}

function reportOf({ success, result, report, error }: RecoveryActionDict, node: string): string {
  if (success) return `on node ${node}${report === null ? "" : `: ${report}`}`;
  throw new Error(`on node ${node}: ${result}: ${error}`);
}
