import { StoreUnavailableError } from "../errors.ts";
import { isHandleClosed } from "../kv_store.ts";
import { type Moment, momentOf } from "../lease_validity.ts";
import { UNNEEDED } from "../signals.ts";
import type { Waker } from "../waker.ts";
import type { Claim } from "./claim.ts";
import { ClaimQueue } from "./claim_queue.ts";
import type { PartOutcome } from "./group_commit.ts";
import { HeldClaim } from "./held_claim.ts";
import { keyText } from "./commit_part.ts";
import { keyAfter } from "./work_keys.ts";
import {
  parseStoredWork,
  parseWorkCopy,
  type StoredWork,
  type WorkCopy,
  type WorkRecord,
} from "./work_record.ts";
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
/** How often in a row it looks again at once after others were faster. */
const LOOKS_MAX = 10;

/** A claim whose commit nobody answered for. */
interface UnheardClaim {
  readonly record: WorkRecord;
  /** A moment before it was sent. */
  readonly since: Moment;
}

/** What came of looking for something to claim. */
type Look =
  /** Something was claimed. */
  | "claimed"
  /** Something was there, and others have it now. */
  | "lost"
  /** There is nothing to claim, or no room, or no store. */
  | "nothing";

/** Claims what is ready for this member, as long as there is room, and hands it out. */
export class ClaimLoop {
  readonly #setting: WorkSetting;
  readonly #incarnation: () => string;
  readonly #maxClaims: number;
  readonly #open: Set<HeldClaim> = new Set();
  /** Ready items whose records do not fit them, as they stood when they were met. */
  #misfits: ReadonlyMap<string, string> = new Map();
  #freed = new AbortController();
  /** Of the last batch at most: nothing more is claimed before the store has told what became of it. */
  #unheard: readonly UnheardClaim[] = [];

  /** @param options The node, and how much it may claim. */
  constructor({ setting, incarnation, maxClaims }: ClaimLoopOptions) {
    this.#setting = setting;
    this.#incarnation = incarnation;
    this.#maxClaims = maxClaims;
  }

  /**
   * Claims until told to stop. What was claimed and not handed out in time, or by then, is given back;
   * what was handed out goes on. A store that hangs delays the end by about six attempts: one for
   * claims on their way, one to ask what became of those that nobody answered for, four to give back.
   *
   * @param stop Ends the loop.
   * @returns One claim after the other.
   */
  async *claims(stop: AbortSignal): AsyncGenerator<Claim, void, undefined> {
    const { keys, instanceId } = this.#setting;
    const maxAtOnce = Math.min(this.#maxClaims, BATCH_MAX_SIZE);
    await using waker = await listenTo(this.#setting, keys.bellOf(instanceId));
    await using queue = new ClaimQueue({ setting: this.#setting, maxAtOnce, stop });
    try {
      yield* this.#claimUntil(stop, queue, waker);
    } finally {
      await this.#findUnheard(queue).catch((error) => this.#setting.counters.fault(error));
    }
  }

  async *#claimUntil(
    stop: AbortSignal,
    queue: ClaimQueue,
    waker: Waker,
  ): AsyncGenerator<Claim, void, undefined> {
    const { timing } = this.#setting;
    let losses = 0;
    while (!stop.aborted) {
      const look = await this.#fill(queue, stop);
      for (let next = queue.take(); next; next = queue.take()) yield next;
      losses = look === "lost" ? losses + 1 : 0;
      const isOver = look === "nothing" || losses === LOOKS_MAX;
      if (!isOver || stop.aborted) continue;
      losses = 0;
      const wait = AbortSignal.any([stop, this.#freed.signal]);
      await waker.wait(timing.safetyPollMs, wait).catch(() => {});
    }
  }

  /** Claims as much as there is room for and may be claimed together. */
  async #fill(queue: ClaimQueue, stop: AbortSignal): Promise<Look> {
    this.#freed = new AbortController();
    const room = Math.min(this.#maxClaims - this.#open.size, queue.atOnce);
    if (room <= 0 || this.#setting.standingMs() <= 0) return "nothing";
    try {
      if (await this.#findUnheard(queue)) return "claimed";
      const found = await this.#firstReady(room);
      const batch = claimableTogether(found);
      if (batch.length < found.length) queue.cutTo(batch.length);
      return await this.#claim(batch, queue, stop);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || isHandleClosed(error)) throw error;
      this.#setting.counters.fault(error);
      return "nothing";
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

  async #claim(
    copies: readonly WorkCopy[],
    queue: ClaimQueue,
    stop: AbortSignal,
  ): Promise<Look> {
    const { store, counters, standingMs } = this.#setting;
    const since = momentOf(store.clock);
    const outcomes = await Promise.all(
      copies.map((copy) =>
        this.#claimOne(copy, since, stop).catch((error): Look => {
          counters.fault(error);
          return "nothing";
        })
      ),
    );
    const claims = outcomes.filter((outcome) => typeof outcome === "object");
    if (claims.length === 0) return outcomes.includes("lost") ? "lost" : "nothing";
    // Given back, it would be claimed anew just as late for ever: its attempt counts, and runs out.
    const isTooLate = !claims[0]!.isValid() && standingMs() > 0 && !stop.aborted;
    queue.add(isTooLate ? claims.slice(1) : claims, since.monotonicMs);
    return "claimed";
  }

  /** Takes what was claimed here without our hearing of it; returns whether that was anything. */
  async #findUnheard(queue: ClaimQueue): Promise<boolean> {
    if (this.#unheard.length === 0) return false;
    const { store, keys, timing, counters } = this.#setting;
    const unheard = this.#unheard;
    const entries = await store.getMany(unheard.map(({ record }) => keys.item(record.id)), {
      timeoutMs: timing.attemptTimeoutMs,
    });
    this.#unheard = [];
    const claims = unheard.flatMap(({ record, since }, index) => {
      const item = counters.readable(() => parseStoredWork(entries[index]!));
      return item?.record.nonce === record.nonce ? [this.#hold(item, since)] : [];
    });
    if (claims.length > 0) queue.add(claims, unheard[0]!.since.monotonicMs);
    return claims.length > 0;
  }

  async #claimOne(
    copy: WorkCopy,
    since: Moment,
    stop: AbortSignal,
  ): Promise<HeldClaim | Look> {
    const { part, record } = this.#setting.transitions.claim(copy, this.#incarnation());
    let outcome: PartOutcome;
    try {
      outcome = await this.#setting.commits.commit(part, { signal: stop });
    } catch (error) {
      if (stop.aborted && error === stop.reason) return "nothing"; // it was never sent
      this.#unheard = [...this.#unheard, { record, since }];
      throw error;
    }
    if (outcome.kind === "refused") return await this.#whyRefused(copy);
    return this.#hold({ record, versionstamp: outcome.versionstamp }, since);
  }

  #hold(held: StoredWork, since: Moment): HeldClaim {
    const setting = this.#setting;
    setting.counters.count("claimed");
    const onEnd = () => this.#free(claim);
    const claim: HeldClaim = new HeldClaim({ setting, held, since, onEnd });
    this.#open.add(claim);
    claim.start();
    return claim;
  }

  /** A ready item that still stands although its record was written apart from it leads nowhere. */
  async #whyRefused({ key, versionstamp }: WorkCopy): Promise<Look> {
    const { store, timing, counters } = this.#setting;
    const now = await store.get(key, { timeoutMs: timing.attemptTimeoutMs });
    if (now.versionstamp !== versionstamp) return "lost";
    counters.count("corruptRecords");
    this.#misfits = new Map([...this.#misfits, [keyText(key), versionstamp]]);
    return "nothing";
  }

  #free(claim: HeldClaim): void {
    this.#open.delete(claim);
    this.#freed.abort(UNNEEDED);
  }
}

/**
 * What is claimed ahead of its turn loses an attempt when this process ends before it was begun. So
 * only what has lost none yet, and can lose one, is claimed with others.
 */
function claimableTogether(copies: readonly WorkCopy[]): readonly WorkCopy[] {
  const end = copies.findIndex(({ record }) => record.attempt > 0 || record.maxAttempts === 1);
  return end < 0 ? copies : copies.slice(0, Math.max(1, end));
}
