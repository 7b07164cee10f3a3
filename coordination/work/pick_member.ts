import { MemberStatus } from "../../enums/member_status.ts";
import type { NodeInfo } from "../node_info.ts";
import type { WorkOrder } from "./work_item.ts";

/** What {@link pickMember} looks at of an item. */
export type PickedWork = Pick<WorkOrder, "id" | "labels">;

/** What {@link pickMember} looks at of a member. */
export type PickedMember = Pick<
  NodeInfo,
  "instanceId" | "status" | "takesWork" | "labels" | "healthScore" | "load"
>;

/** Below this a member has failed and is given nothing; as in the cluster's health. */
const DEGRADED_FROM = 0.5;
/** Below this a member is degraded and is given something only when nobody is healthy. */
const HEALTHY_FROM = 0.8;

/**
 * Picks who is given an item: a live member that takes work and has all the labels asked for; a
 * healthy one rather than a degraded one, never a failed one; then the least loaded, by what it
 * reported plus what was assigned to it since. Ties go by rendezvous hashing (Thaler and
 * Ravishankar 1998): evenly, and to the same member while it is there.
 *
 * @param item What is to be done.
 * @param members The registered members.
 * @param assignedSince How many items each was assigned since it reported its load.
 * @returns The member's id; null when none fits.
 */
export function pickMember(
  item: PickedWork,
  members: readonly PickedMember[],
  assignedSince: ReadonlyMap<string, number>,
): string | null {
  let best: Rank | undefined;
  for (const member of members) {
    if (!fits(item, member)) continue;
    const rank: Rank = {
      instanceId: member.instanceId,
      isDegraded: (member.healthScore ?? 1) < HEALTHY_FROM,
      load: member.load + (assignedSince.get(member.instanceId) ?? 0),
    };
    if (best === undefined || isBetter(rank, best, item.id)) best = rank;
  }
  return best?.instanceId ?? null;
}

interface Rank {
  readonly instanceId: string;
  readonly isDegraded: boolean;
  readonly load: number;
}

function fits({ labels }: PickedWork, member: PickedMember): boolean {
  return member.status === MemberStatus.ALIVE && member.takesWork &&
    (member.healthScore ?? 1) >= DEGRADED_FROM &&
    Object.entries(labels).every(([name, value]) =>
      Object.hasOwn(member.labels, name) && member.labels[name] === value
    );
}

function isBetter(a: Rank, b: Rank, itemId: string): boolean {
  if (a.isDegraded !== b.isDegraded) return b.isDegraded;
  if (a.load !== b.load) return a.load < b.load;
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
