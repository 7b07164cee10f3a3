import type { Clock } from "../../clock.ts";
import type { NodeInfo } from "../node_info.ts";
import { type MemberBurden, type PickedWork, pickMember } from "./pick_member.ts";

/** Options of {@link Roster}. */
export interface RosterOptions {
  /** Reads the registered members. */
  readonly read: () => Promise<readonly NodeInfo[]>;
  /** Times how old they are. */
  readonly clock: Clock;
  /** How old they may be to pick from, in ms. */
  readonly maxAgeMs: number;
  /** For how long a member that claims nothing comes last, in ms. */
  readonly stalledMs: number;
}

/**
 * The members as the leader last read them, how many items wait for each to claim them, and who of
 * them does not claim.
 */
export class Roster {
  readonly #options: RosterOptions;
  #members: readonly NodeInfo[] = [];
  #readAtMs = -Infinity;
  #unclaimed: Map<string, number> = new Map();
  #stalledUntilMs: Map<string, number> = new Map();

  /** @param options Where members come from, and how old they may be. */
  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** @returns The members as they are now. */
  async refresh(): Promise<readonly NodeInfo[]> {
    this.#members = await this.#options.read();
    this.#readAtMs = this.#options.clock.monotonic();
    return this.#members;
  }

  /** Reads the members, unless they were read lately. */
  async renew(): Promise<void> {
    const ageMs = this.#options.clock.monotonic() - this.#readAtMs;
    if (ageMs > this.#options.maxAgeMs) await this.refresh();
  }

  /**
   * Picks a member, and counts the item as its.
   *
   * @param item What is to be done.
   * @returns The member's id; null when none fits.
   */
  pick(item: PickedWork): string | null {
    return this.#count(pickMember(item, this.#members, this.#burden()));
  }

  /**
   * Picks a member that has nothing to claim and less to do than the one that has the item now.
   *
   * @param item An item that is ready for a member.
   * @param holder That member.
   * @param idle Who has nothing to claim.
   * @returns The member's id; null when it is best left where it is.
   */
  pickIdler(item: PickedWork, holder: string, idle: ReadonlySet<string>): string | null {
    const burden = this.#burden();
    const loadOf = ({ instanceId, load }: NodeInfo) =>
      load + (burden.unclaimed.get(instanceId) ?? 0);
    const held = this.#members.find(({ instanceId }) => instanceId === holder);
    if (held === undefined) return null;
    const others = this.#members.filter((member) =>
      idle.has(member.instanceId) && !burden.stalled.has(member.instanceId) &&
      loadOf(member) < loadOf(held)
    );
    const picked = this.#count(pickMember(item, others, burden));
    if (picked !== null) this.#unclaimed.set(holder, (burden.unclaimed.get(holder) ?? 1) - 1);
    return picked;
  }

  /** @returns The members of those last read that have nothing to claim, as far as is known. */
  idle(): ReadonlySet<string> {
    const ids = this.#members.map(({ instanceId }) => instanceId);
    return new Set(ids.filter((id) => (this.#unclaimed.get(id) ?? 0) <= 0));
  }

  /** @returns How many items a member has to claim, as far as is known. */
  unclaimedOf(instanceId: string): number {
    return this.#unclaimed.get(instanceId) ?? 0;
  }

  /** Takes note of how many items a member has to claim. */
  noteUnclaimed(instanceId: string, items: number): void {
    this.#unclaimed.set(instanceId, items);
  }

  /** Takes note that only these have anything to claim. */
  keepUnclaimed(instanceIds: ReadonlySet<string>): void {
    for (const id of this.#unclaimed.keys()) {
      if (!instanceIds.has(id)) this.#unclaimed.delete(id);
    }
  }

  /** Takes note that a member claims nothing of what it has: for a while others come first. */
  noteStalled(instanceId: string): void {
    const { clock, stalledMs } = this.#options;
    this.#stalledUntilMs.set(instanceId, clock.monotonic() + stalledMs);
  }

  #burden(): MemberBurden {
    const now = this.#options.clock.monotonic();
    for (const [id, untilMs] of this.#stalledUntilMs) {
      if (untilMs <= now) this.#stalledUntilMs.delete(id);
    }
    return { unclaimed: this.#unclaimed, stalled: this.#stalledUntilMs };
  }

  #count(picked: string | null): string | null {
    if (picked !== null) this.#unclaimed.set(picked, (this.#unclaimed.get(picked) ?? 0) + 1);
    return picked;
  }
}
