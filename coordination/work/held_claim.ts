import type { Clock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";
import { ClaimLoss } from "../../enums/claim_loss.ts";
import { WorkStatus } from "../../enums/work_status.ts";
import { VALIDITY_SHARE } from "../lease_timing.ts";
import { type Moment, momentOf, remainingValidityMs } from "../lease_validity.ts";
import { UNNEEDED } from "../signals.ts";
import { toJsonText } from "./json_text.ts";
import { ClaimLostError, NoProgressError } from "./work_errors.ts";
import { checkContent } from "./work_item.ts";
import { parseStoredWork, type StoredWork, type WorkRecord } from "./work_record.ts";
import type { Claim, RenewOptions } from "./claim.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { Transition } from "./work_transitions.ts";
import { type AttemptEnd, isSameEnd, type SentEnd, UnheardEnds } from "./unheard_ends.ts";

/** What {@link HeldClaim} is made of. */
export interface HeldClaimOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** The item as it stands, claimed by this process. */
  readonly held: StoredWork;
  /** A moment before the commit that claimed it was sent. */
  readonly since: Moment;
  /** Told once, when the claim is over, however it ended. */
  readonly onEnd: () => void;
}

/** A transition on its way, and whether it was sent before. */
interface Sending {
  readonly transition: Transition;
  readonly isRepeated: boolean;
}

/** An end of the attempt that is called for. */
interface Ending {
  readonly how: AttemptEnd;
  readonly result: string | null;
  readonly make: (from: StoredWork) => Transition;
  readonly signal?: AbortSignal | undefined;
}

/** How often a transition is made anew because the item had been renewed without our knowledge. */
const TRIES_MAX = 3;

/** A {@link Claim} in force: watches its own clock, and moves the item on. */
export class HeldClaim implements Claim {
  readonly #setting: WorkSetting;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #payload: unknown;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  readonly #unheard = new UnheardEnds();
  #held: StoredWork;
  #renewedAt: Moment;
  #progress = 0;
  #grewAt: Moment;
  #loss: ClaimLoss | null = null;
  /** What has closed it: called again, that is done. */
  #closedBy: SentEnd | null = null;
  /** Whether a failure or release was sent: what became of it may not be known. */
  #isLetGo = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options The item, and how it was claimed. */
  constructor({ setting, held, since, onEnd }: HeldClaimOptions) {
    this.#setting = setting;
    this.#clock = setting.store.clock;
    this.#onEnd = onEnd;
    this.#held = held;
    this.#payload = JSON.parse(held.record.payload);
    this.#renewedAt = since;
    this.#grewAt = since;
  }

  /** Begins to watch the time. */
  start(): void {
    void this.#watchTime();
  }

  /** The item's id. */
  get id(): string {
    return this.#record.id;
  }

  /** What to do. */
  get payload(): unknown {
    return this.#payload;
  }

  /** Which attempt this is, from 1. */
  get attempt(): number {
    return this.#record.attempt;
  }

  /** The labels that a member must have for it. */
  get labels(): Readonly<Record<string, string>> {
    return this.#record.labels;
  }

  /** How long it stands without a renewal, in ms. */
  get claimMs(): number {
    return this.#record.claimMs;
  }

  /** The item's priority. */
  get priority(): number {
    return this.#record.priority;
  }

  /** Aborts when the claim is lost or was not renewed in time; its reason is a `ClaimLostError`. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether nobody else can have been given the item yet. */
  isValid(): boolean {
    return this.remainingMs() > 0;
  }

  /** For how many ms the claim may still be relied on. */
  remainingMs(): number {
    const leftMs = this.#expireInTime();
    return this.#isLetGo ? 0 : leftMs;
  }

  /** Prolongs the claim; see {@link Claim.renew}. */
  async renew(options: RenewOptions = {}): Promise<void> {
    const { progress = this.#progress } = options;
    if (!Number.isFinite(progress)) {
      throw new RangeError(`progress must be a finite number, got ${progress}`);
    }
    await this.#inTurn(async () => {
      if (!this.isValid()) throw this.#lostError();
      const now = momentOf(this.#clock);
      this.#noteProgress(progress, now);
      const { transitions } = this.#setting;
      const renew = (from: StoredWork) => transitions.renew(from, this.#progress);
      await this.#move((from) => ({ transition: renew(from), isRepeated: false }));
      this.#renewedAt = now;
    });
  }

  /** Records the result; see {@link Claim.complete}. */
  async complete(result?: unknown): Promise<void> {
    const text = toJsonText("result", result);
    checkContent(this.#record, text);
    const make = (from: StoredWork) => this.#setting.transitions.complete(from, text);
    await this.#end({ how: "completed", result: text, make });
  }

  /** Ends the attempt without a result; see {@link Claim.fail}. */
  async fail(error: unknown): Promise<void> {
    const text = describeError(error);
    const make = (from: StoredWork) => this.#setting.transitions.fail(from, text);
    await this.#end({ how: "failed", result: null, make });
  }

  /**
   * Gives the item back; see {@link Claim.release}.
   *
   * @param options What ends the sending: the claim runs out then, unless it had arrived.
   */
  async release({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const make = (from: StoredWork) => this.#setting.transitions.release(from);
    await this.#end({ how: "released", result: null, make, signal });
  }

  get #record(): WorkRecord {
    return this.#held.record;
  }

  /** @returns For how many ms the claim may be relied on yet; ends it when there are none. */
  #expireInTime(): number {
    if (this.#loss !== null) return 0;
    const { closed, standingMs } = this.#setting;
    const validityMs = this.#record.claimMs * VALIDITY_SHARE;
    const ownMs = remainingValidityMs(this.#renewedAt, validityMs, momentOf(this.#clock));
    const leftMs = closed.aborted ? 0 : Math.max(0, Math.min(ownMs, standingMs()));
    if (leftMs === 0) this.#lose(ClaimLoss.EXPIRED);
    return leftMs;
  }

  #noteProgress(progress: number, now: Moment): void {
    const { progressMs } = this.#record;
    if (progress > this.#progress) {
      this.#progress = progress;
      this.#grewAt = now;
    } else if (progressMs !== null) {
      const leftMs = remainingValidityMs(this.#grewAt, progressMs, now);
      if (leftMs > 0) return;
      this.#setting.counters.count("stalled");
      throw new NoProgressError(this.id, this.#progress, progressMs - leftMs);
    }
  }

  /** Ends the attempt. What was sent before without an answer is sent again as it was. */
  async #end({ how, result, make, signal }: Ending): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#closedBy && isSameEnd(this.#closedBy, how, result)) return;
      // An expired claim may still be closed: the store knows whether it is too late.
      if (this.#loss !== null && this.#loss !== ClaimLoss.EXPIRED) throw this.#lostError();
      if (how !== "completed") this.#isLetGo = true;
      let sent: SentEnd | undefined;
      await this.#move((from) => {
        const sending = this.#unheard.send({ how, transition: make(from) });
        sent = sending;
        return sending;
      }, signal);
      this.#close(sent!);
    });
  }

  /** Commits a transition, or finds out that the claim is over. */
  async #move(next: (from: StoredWork) => Sending, signal?: AbortSignal): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const { transition: { part, record }, isRepeated } = next(this.#held);
      const outcome = await this.#setting.commits.commit(part, { isRepeated, signal });
      if (outcome.kind === "committed") {
        return this.#hold({ record, versionstamp: outcome.versionstamp });
      }
      const found = await this.#readItem();
      // The leader may have moved an item on already that we let go of.
      const end = this.#unheard.recordedBy(found?.record.endedBy);
      if (end?.transition.record === record) return;
      if (end) {
        this.#close(end);
        throw this.#lostError();
      }
      if (found === null || !isSameAttempt(found.record, this.#record)) break;
      this.#hold(found); // a renewal arrived, and nobody heard of it
    }
    this.#lose(ClaimLoss.SUPERSEDED);
    this.#loss = ClaimLoss.SUPERSEDED;
    throw this.#lostError();
  }

  #hold(held: StoredWork): void {
    this.#held = held;
    this.#unheard.clear();
  }

  async #readItem(): Promise<StoredWork | null> {
    const { store, keys, timing, counters } = this.#setting;
    const entry = await store.get(keys.item(this.id), { timeoutMs: timing.attemptTimeoutMs });
    return counters.readable(() => parseStoredWork(entry));
  }

  #lostError(): ClaimLostError {
    return new ClaimLostError(this.id, this.attempt, this.#loss ?? ClaimLoss.CLOSED);
  }

  #close(end: SentEnd): void {
    this.#closedBy = end;
    this.#setting.counters.count(end.how);
    if (end.transition.record.status === WorkStatus.DEAD) this.#setting.counters.count("dead");
    this.#loss = ClaimLoss.CLOSED;
    this.#finish();
  }

  #lose(loss: ClaimLoss): void {
    if (this.#loss !== null) return;
    this.#loss = loss;
    this.#setting.counters.count("claimsLost");
    this.#lost.abort(this.#lostError());
    this.#finish();
  }

  #finish(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(UNNEEDED);
    this.#onEnd();
  }

  /** Ends the claim at its time even when nobody asks; renewals and heartbeats move that time on. */
  async #watchTime(): Promise<void> {
    const signal = AbortSignal.any([this.#ended.signal, this.#setting.closed]);
    for (let leftMs = this.#expireInTime(); leftMs > 0; leftMs = this.#expireInTime()) {
      await this.#clock.sleep(Math.max(1, leftMs), { signal }).catch(() => {});
    }
  }

  /** One commit at a time: each needs the versionstamp of the last. */
  async #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => {}).then(act);
    this.#turn = turn;
    await turn;
  }
}

/**
 * Every attempt begins with the end of another, or is the item's first: so no two attempts of one
 * item agree in what ended the one before.
 */
function isSameAttempt(found: WorkRecord, held: WorkRecord): boolean {
  return found.status === WorkStatus.CLAIMED && found.assignee === held.assignee &&
    found.incarnation === held.incarnation && found.attempt === held.attempt &&
    found.endedBy === held.endedBy && found.createdAt === held.createdAt;
}
