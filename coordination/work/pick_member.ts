import { MemberStatus } from "../../enums/member_status.ts";
import type { NodeInfo } from "../node_info.ts";
import type { WorkOrder } from "./work_item.ts";

/** What {@link pickMember} looks at of an item. */
export interface PickedWork extends Pick<WorkOrder, "id" | "labels"> {
  /** How many attempts were begun; 0 for a new item. */
  readonly attempt?: number;
  /** The member that had it last. */
  readonly assignee?: string;
}

/** What {@link pickMember} looks at of a member. */
export type PickedMember = Pick<
  NodeInfo,
  "instanceId" | "status" | "takesWork" | "labels" | "healthScore" | "load"
>;

/** What is known of members besides what they report. */
export interface MemberBurden {
  /** How many items are assigned to each that it has not claimed. */
  readonly unclaimed: ReadonlyMap<string, number>;
  /** Who has claimed nothing for a while, although it could. */
  readonly stalled: { has(instanceId: string): boolean };
}

/** Below this a member has failed and is given nothing; as in the cluster's health. */
const DEGRADED_FROM = 0.5;
/** Below this a member is degraded and is given something only when nobody is healthy. */
const HEALTHY_FROM = 0.8;

/**
 * Picks who is given an item: a live member that takes work and has all the labels asked for, never
 * a failed one. Of those first one that claims what it is given; then, for an item that has failed,
 * another than the member that had it last; then a healthy one rather than a degraded one; then the
 * least loaded, by what it reported plus what it has not claimed yet. Ties go by rendezvous hashing
 * (Thaler and Ravishankar 1998): evenly, and to the same member while it is there.
 *
 * @param item What is to be done.
 * @param members The registered members.
 * @param burden What is known of them besides.
 * @returns The member's id; null when none fits.
 */
export function pickMember(
  item: PickedWork,
  members: readonly PickedMember[],
  { unclaimed, stalled }: MemberBurden,
): string | null {
  const avoided = (item.attempt ?? 0) > 0 ? item.assignee : undefined;
  let best: Rank | undefined;
  for (const member of members) {
    if (!fits(item, member)) continue;
    const { instanceId } = member;
    const costs = [
      Number(stalled.has(instanceId)),
      Number(instanceId === avoided),
      Number((member.healthScore ?? 1) < HEALTHY_FROM),
      member.load + (unclaimed.get(instanceId) ?? 0),
    ];
    const rank: Rank = { instanceId, costs };
    if (best === undefined || isBetter(rank, best, item.id)) best = rank;
  }
  return best?.instanceId ?? null;
}

interface Rank {
  readonly instanceId: string;
  /** What speaks against it; what comes first weighs more than all that follows. */
  readonly costs: readonly number[];
}

function fits({ labels }: PickedWork, member: PickedMember): boolean {
  return member.status === MemberStatus.ALIVE && member.takesWork &&
    (member.healthScore ?? 1) >= DEGRADED_FROM &&
    Object.entries(labels).every(([name, value]) =>
      Object.hasOwn(member.labels, name) && member.labels[name] === value
    );
}

function isBetter(a: Rank, b: Rank, itemId: string): boolean {
  const differing = a.costs.findIndex((cost, index) => cost !== b.costs[index]);
  if (differing >= 0) return a.costs[differing]! < b.costs[differing]!;
  const [weightA, weightB] = [weightOf(itemId, a.instanceId), weightOf(itemId, b.instanceId)];
  return weightA === weightB ? a.instanceId < b.instanceId : weightA > weightB;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over both ids, with the finish of MurmurHash3, without which near ids weigh nearly alike. */
function weightOf(itemId: string, memberId: string): number {
  let hash = FNV_OFFSET;
  for (const text of [itemId, "\u0000", memberId]) {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
