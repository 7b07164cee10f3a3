import { MemberStatus } from "../../enums/member_status.ts";
import { WorkStatus } from "../../enums/work_status.ts";
import type { NodeInfo } from "../node_info.ts";
import type { Term } from "../term.ts";
import { type ClaimedRecord, parseClaimedRecord } from "./claimed_record.ts";
import { EntrySweep } from "./entry_sweep.ts";
import type { Roster } from "./roster.ts";
import { parseStoredWork } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";

interface Lapsed {
  readonly id: string;
  readonly versionstamp: string;
  readonly why: string;
}

/** How many items are read before what was found is committed. */
const CHUNK_SIZE = 100;

/** Ends the claims of members that died, came back as another process, or did not renew in time. */
export class LapseDuty {
  readonly #setting: WorkSetting;
  readonly #roster: Roster;
  readonly #claims: EntrySweep;
  readonly #pauseMs: number;
  #notBeforeMs = -Infinity;

  /**
   * @param setting The node.
   * @param roster Knows the members.
   * @param pauseMs How long to leave claims alone after all of them were looked at, in ms.
   */
  constructor(setting: WorkSetting, roster: Roster, pauseMs: number) {
    this.#setting = setting;
    this.#roster = roster;
    this.#pauseMs = pauseMs;
    this.#claims = new EntrySweep(setting.store, setting.keys.claimed);
  }

  /** Whether the last round found no claim. */
  get isIdle(): boolean {
    return this.#claims.isEmpty;
  }

  /**
   * Looks at the next claims.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether the rest of them is still to be looked at.
   */
  async carryOn(term: Term): Promise<boolean> {
    const { store: { clock }, timing, counters } = this.#setting;
    if (clock.monotonic() < this.#notBeforeMs) return false;
    const swept = await this.#claims.next({ timeoutMs: timing.attemptTimeoutMs });
    if (!this.#claims.isUnderWay) this.#notBeforeMs = clock.monotonic() + this.#pauseMs;
    if (swept.length === 0) return false;
    // After the claims: whoever has claimed is registered by now.
    const members = new Map((await this.#roster.refresh()).map((one) => [one.instanceId, one]));
    const lapsed: Lapsed[] = [];
    for (const { entry, ageMs } of swept) {
      const claim = counters.readable(() => parseClaimedRecord(entry));
      const why = claim && whyLapsed(claim, members.get(claim.member), ageMs);
      if (claim && why) lapsed.push({ id: claim.id, versionstamp: entry.versionstamp, why });
    }
    for (let from = 0; from < lapsed.length; from += CHUNK_SIZE) {
      await this.#end(term, lapsed.slice(from, from + CHUNK_SIZE));
    }
    return this.#claims.isUnderWay;
  }

  /** A record that is newer than its claim's entry was renewed or finished meanwhile. */
  async #end(term: Term, lapsed: readonly Lapsed[]): Promise<void> {
    const { store, keys, timing, counters } = this.#setting;
    const items = await store.getMany(lapsed.map(({ id }) => keys.item(id)), {
      timeoutMs: timing.attemptTimeoutMs,
    });
    await Promise.all(lapsed.map(async ({ versionstamp, why }, index) => {
      const item = counters.readable(() => parseStoredWork(items[index]!));
      if (item?.versionstamp !== versionstamp) return;
      const { part, record } = this.#setting.transitions.fail(item, why, term.check);
      const outcome = await this.#setting.commits.commit(part).catch((error) => {
        counters.fault(error);
        return null;
      });
      if (outcome?.kind !== "committed") return;
      counters.count("lapsed");
      if (record.status === WorkStatus.DEAD) counters.count("dead");
    }));
  }
}

/** @returns Why a claim is over; null when it stands. */
function whyLapsed(
  claim: ClaimedRecord,
  member: NodeInfo | undefined,
  ageMs: number,
): string | null {
  const who = `member "${claim.member}"`;
  if (member === undefined) return `${who} is gone`;
  if (member.status === MemberStatus.DEAD) return `${who} is dead`;
  if (member.incarnation !== claim.incarnation) return `${who} was started anew`;
  return ageMs >= claim.claimMs ? `${who} did not renew its claim for ${claim.claimMs} ms` : null;
}
