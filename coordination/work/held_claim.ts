import type { Clock } from "../../clock.ts";
import { ClaimLoss } from "../../enums/claim_loss.ts";
import { WorkStatus } from "../../enums/work_status.ts";
import { describeError } from "../errors.ts";
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

/** A {@link Claim} in force: watches its own clock, and moves the item on. */
export class HeldClaim implements Claim {
  readonly #setting: WorkSetting;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #payload: unknown;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  #held: StoredWork;
  #renewedAt: Moment;
  #progress = 0;
  #grewAt: Moment;
  #loss: ClaimLoss | null = null;
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
      await this.#move(this.#setting.transitions.renew(this.#held, this.#progress));
      this.#renewedAt = now;
    });
  }

  /** Records the result; see {@link Claim.complete}. */
  async complete(result?: unknown): Promise<void> {
    const text = toJsonText("result", result);
    checkContent(this.#record, text, null);
    await this.#inTurn(async () => {
      this.#throwIfGone();
      await this.#move(this.#setting.transitions.complete(this.#held, text));
      this.#close("completed");
    });
  }

  /** Ends the attempt without a result; see {@link Claim.fail}. */
  async fail(error: unknown): Promise<void> {
    await this.#inTurn(async () => {
      this.#letGo();
      const transition = this.#setting.transitions.fail(this.#held, describeError(error));
      await this.#move(transition);
      this.#close("failed");
      if (transition.record.status === WorkStatus.DEAD) this.#setting.counters.count("dead");
    });
  }

  /** Gives the item back; see {@link Claim.release}. */
  async release(): Promise<void> {
    await this.#inTurn(async () => {
      this.#letGo();
      await this.#move(this.#setting.transitions.release(this.#held));
      this.#close("released");
    });
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
    if (leftMs === 0) this.#end(ClaimLoss.EXPIRED);
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

  /** Commits a transition, or finds out that the claim is lost. */
  async #move({ part, record }: Transition): Promise<void> {
    const outcome = await this.#setting.commits.commit(part);
    if (outcome.kind === "committed") {
      this.#held = { record, versionstamp: outcome.versionstamp };
      return;
    }
    if (record.endedBy === record.nonce && await this.#wasEndedBy(record.nonce)) return;
    this.#end(ClaimLoss.SUPERSEDED);
    this.#loss = ClaimLoss.SUPERSEDED;
    throw this.#lostError();
  }

  /** The leader may have moved an item on at once that we let go of, when the answer came back lost. */
  async #wasEndedBy(nonce: string): Promise<boolean> {
    const { store, keys, timing } = this.#setting;
    const entry = await store.get(keys.item(this.id), { timeoutMs: timing.attemptTimeoutMs });
    return parseStoredWork(entry)?.record.endedBy === nonce;
  }

  /** An expired claim may still be closed: the store knows whether it is too late. */
  #throwIfGone(): void {
    if (this.#loss !== null && this.#loss !== ClaimLoss.EXPIRED) throw this.#lostError();
  }

  #letGo(): void {
    this.#throwIfGone();
    this.#isLetGo = true;
  }

  #lostError(): ClaimLostError {
    return new ClaimLostError(this.id, this.attempt, this.#loss ?? ClaimLoss.CLOSED);
  }

  #close(how: "completed" | "failed" | "released"): void {
    this.#setting.counters.count(how);
    this.#loss = ClaimLoss.CLOSED;
    this.#finish();
  }

  #end(loss: ClaimLoss): void {
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
