import { StoreUnavailableError } from "../errors.ts";
import { isHandleClosed } from "../kv_store.ts";
import { type Moment, momentOf } from "../lease_validity.ts";
import { UNNEEDED } from "../signals.ts";
import type { Claim } from "./claim.ts";
import { HeldClaim } from "./held_claim.ts";
import { keyText } from "./commit_part.ts";
import { ClaimLostError } from "./work_errors.ts";
import { keyAfter } from "./work_keys.ts";
import { parseWorkCopy, type WorkCopy } from "./work_record.ts";
import { listenTo, type WorkSetting } from "./work_setting.ts";

/** Options of {@link ClaimLoop}. */
export interface ClaimLoopOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** Identifies this process, as its heartbeat does at the moment. */
  readonly incarnation: () => string;
  /** How many claims may be open at once. */
  readonly maxClaims: number;
}

/** How many are claimed at once. */
const BATCH_MAX_SIZE = 50;
const LIST_MAX_SIZE = 500;
/** How many pages of ready items that cannot be claimed are skipped before the rest has to wait. */
const PAGES_MAX = 20;

/** Claims what is ready for this member, as long as there is room, and hands it out. */
export class ClaimLoop {
  readonly #setting: WorkSetting;
  readonly #incarnation: () => string;
  readonly #maxClaims: number;
  readonly #open: Set<HeldClaim> = new Set();
  /** Ready items whose records do not fit them, as they stood when they were met. */
  #misfits: ReadonlyMap<string, string> = new Map();
  #freed = new AbortController();

  /** @param options The node, and how much it may claim. */
  constructor({ setting, incarnation, maxClaims }: ClaimLoopOptions) {
    this.#setting = setting;
    this.#incarnation = incarnation;
    this.#maxClaims = maxClaims;
  }

  /**
   * Claims until told to stop. What was claimed and not handed out yet is given back then; what was
   * handed out goes on.
   *
   * @param stop Ends the loop.
   * @returns One claim after the other.
   */
  async *claims(stop: AbortSignal): AsyncGenerator<Claim, void, undefined> {
    const { keys, instanceId, timing } = this.#setting;
    const claimed: HeldClaim[] = [];
    await using waker = await listenTo(this.#setting, keys.bellOf(instanceId));
    try {
      while (!stop.aborted) {
        const hasClaimed = await this.#fill(claimed);
        for (let next = claimed.shift(); next && !stop.aborted; next = claimed.shift()) {
          if (next.isValid()) yield next;
        }
        if (hasClaimed || stop.aborted) continue;
        const freed = this.#freed.signal;
        const wait = AbortSignal.any([stop, freed]);
        await waker.wait(timing.safetyPollMs, wait).catch(() => {});
      }
    } finally {
      await this.#giveBack(claimed);
    }
  }

  /** Claims as much as there is room for; returns whether that was anything. */
  async #fill(claimed: HeldClaim[]): Promise<boolean> {
    this.#freed = new AbortController();
    const room = Math.min(this.#maxClaims - this.#open.size, BATCH_MAX_SIZE);
    if (room <= 0 || this.#setting.standingMs() <= 0) return false;
    try {
      const claims = await this.#claim(await this.#firstReady(room));
      claimed.push(...claims);
      return claims.length > 0;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || isHandleClosed(error)) throw error;
      this.#setting.counters.fault(error);
      return false;
    }
  }

  /** Reads the first ready items, leaving out what cannot be claimed. */
  async #firstReady(room: number): Promise<WorkCopy[]> {
    const { store, keys, instanceId, timing, counters } = this.#setting;
    const found: WorkCopy[] = [];
    const misfits = new Map<string, string>();
    const limit = Math.min(room + this.#misfits.size, LIST_MAX_SIZE);
    let start: Deno.KvKey | undefined;
    for (let pages = 0; pages < PAGES_MAX && found.length < room; pages++) {
      const page = await store.list(keys.readyOf(instanceId), {
        timeoutMs: timing.attemptTimeoutMs,
        limit,
        ...(start && { start }),
      });
      for (const entry of page) {
        const text = keyText(entry.key);
        if (this.#misfits.get(text) === entry.versionstamp) {
          misfits.set(text, entry.versionstamp);
          continue;
        }
        const copy = counters.readable(() => parseWorkCopy(entry));
        if (copy === null) misfits.set(text, entry.versionstamp);
        else if (found.length < room) found.push(copy);
      }
      if (page.length < limit) break;
      start = keyAfter(page.at(-1)!.key);
    }
    this.#misfits = misfits;
    return found;
  }

  async #claim(copies: readonly WorkCopy[]): Promise<HeldClaim[]> {
    const since = momentOf(this.#setting.store.clock);
    const claims = await Promise.all(
      copies.map((copy) =>
        this.#claimOne(copy, since).catch((error) => {
          this.#setting.counters.fault(error);
          return null;
        })
      ),
    );
    return claims.filter((claim) => claim !== null);
  }

  async #claimOne(copy: WorkCopy, since: Moment): Promise<HeldClaim | null> {
    const { part, record } = this.#setting.transitions.claim(copy, this.#incarnation());
    const outcome = await this.#setting.commits.commit(part);
    if (outcome.kind === "refused") return await this.#noteMisfit(copy);
    this.#setting.counters.count("claimed");
    const { versionstamp } = outcome;
    const claim: HeldClaim = new HeldClaim({
      setting: this.#setting,
      held: { record, versionstamp },
      since,
      onEnd: () => this.#free(claim),
    });
    this.#open.add(claim);
    claim.start();
    return claim;
  }

  /** A ready item that still stands although its record was written apart from it leads nowhere. */
  async #noteMisfit({ key, versionstamp }: WorkCopy): Promise<null> {
    const { store, timing, counters } = this.#setting;
    const now = await store.get(key, { timeoutMs: timing.attemptTimeoutMs });
    if (now.versionstamp === versionstamp) {
      counters.count("corruptRecords");
      this.#misfits = new Map([...this.#misfits, [keyText(key), versionstamp]]);
    }
    return null;
  }

  #free(claim: HeldClaim): void {
    this.#open.delete(claim);
    this.#freed.abort(UNNEEDED);
  }

  /** Gives back what was not handed out. What cannot be given back runs out. */
  async #giveBack(claimed: readonly HeldClaim[]): Promise<void> {
    await Promise.all(claimed.map(async (claim) => {
      try {
        await claim.release();
      } catch (error) {
        if (!(error instanceof ClaimLostError)) this.#setting.counters.fault(error);
      }
    }));
  }
}
