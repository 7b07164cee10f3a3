import type { Clock } from "../../clock.ts";
import type { NodeInfo } from "../node_info.ts";
import { type PickedWork, pickMember } from "./pick_member.ts";

/** Options of {@link Roster}. */
export interface RosterOptions {
  /** Reads the registered members. */
  readonly read: () => Promise<readonly NodeInfo[]>;
  /** Times how old they are. */
  readonly clock: Clock;
  /** How old they may be to pick from, in ms. */
  readonly maxAgeMs: number;
}

/**
 * The members as the leader last read them, and what it has assigned to each since that member
 * reported its load.
 */
export class Roster {
  readonly #options: RosterOptions;
  #members: readonly NodeInfo[] = [];
  #readAtMs = -Infinity;
  #assignedSince: Map<string, number> = new Map();

  /** @param options Where members come from, and how old they may be. */
  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** @returns The members as they are now. */
  async refresh(): Promise<readonly NodeInfo[]> {
    const last = new Map(this.#members.map((member) => [member.instanceId, member]));
    this.#members = await this.#options.read();
    this.#readAtMs = this.#options.clock.monotonic();
    const silent = this.#members.filter((member) => {
      const before = last.get(member.instanceId);
      return before?.lastHeartbeat === member.lastHeartbeat &&
        before.incarnation === member.incarnation;
    });
    this.#assignedSince = new Map(silent.map(({ instanceId }) => [
      instanceId,
      this.#assignedSince.get(instanceId) ?? 0,
    ]));
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
    const picked = pickMember(item, this.#members, this.#assignedSince);
    if (picked !== null) {
      this.#assignedSince.set(picked, (this.#assignedSince.get(picked) ?? 0) + 1);
    }
    return picked;
  }
}
