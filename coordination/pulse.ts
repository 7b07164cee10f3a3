import type { Clock } from "../clock.ts";
import { describeError } from "../config/describe_error.ts";
import { StoreUnavailableError } from "./errors.ts";
import { CHECKS_EVERY_STORE_TAKES, type KvStore } from "./kv_store.ts";
import { RENEW_JITTER_SHARE, RETRY_SHARE } from "./lease_timing.ts";
import { momentOf } from "./lease_validity.ts";
import { coordinationLogger } from "./logger.ts";
import {
  batchTimeout,
  checkCountOf,
  composeBatch,
  distinctChecks,
  keyId,
  type Sent,
  splitByChecks,
} from "./pulse_batch.ts";
import type { PulseMember } from "./pulse_member.ts";
import type { CommitOutcome } from "./write_batch.ts";
import { UNNEEDED } from "./signals.ts";

interface Seat {
  dueAtMs: number;
  /** When it was prepared for a write that has not succeeded yet, in monotonic ms. */
  preparedAtMs: number | undefined;
  /** Who asked for a write that has not begun. */
  waiting: PromiseWithResolvers<void> | undefined;
  /** Who asked for the write that is under way: a later request is not satisfied by it. */
  answering: PromiseWithResolvers<void> | undefined;
}

/** The store does not take the batch: some value in it is too large. */
interface Unfit {
  readonly kind: "unfit";
  readonly error: unknown;
}

/** Members due within this share of their interval go along, so that all fall into one commit. */
const COALESCE_SHARE = 0.5;
/** How often a refused batch is sent again without its refused members before the next interval. */
const RESEND_MAX = 8;

/**
 * Puts everything that one process writes periodically through one store handle into one commit per
 * interval. The limit of checks that the store has splits it where it must.
 *
 * It runs while it has members and never sends two batches at once.
 */
export class Pulse {
  readonly #store: KvStore;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #seats = new Map<PulseMember, Seat>();
  #running: Promise<void> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #rescheduled = new AbortController();

  /**
   * @param store Where it is written.
   * @param random Spreads the intervals; values in [0, 1).
   */
  constructor(store: KvStore, random: () => number) {
    this.#store = store;
    this.#clock = store.clock;
    this.#random = random;
  }

  /**
   * Takes a member in. Its first turn comes after one interval.
   *
   * @param member What to write from now on.
   */
  add(member: PulseMember): void {
    const dueAtMs = this.#clock.monotonic() + this.#jittered(member.intervalMs);
    this.#seats.set(member, {
      dueAtMs,
      preparedAtMs: undefined,
      waiting: undefined,
      answering: undefined,
    });
    this.#rescheduled.abort(UNNEEDED);
    this.#running ??= this.#run();
  }

  /**
   * Lets a member go.
   *
   * @param member What is no longer to be written.
   * @returns When nothing of it is under way any more.
   */
  async remove(member: PulseMember): Promise<void> {
    const seat = this.#seats.get(member);
    this.#seats.delete(member);
    const stopped = new StoreUnavailableError("finish the write", new Error("stopped"));
    seat?.waiting?.reject(stopped);
    seat?.answering?.reject(stopped);
    if (this.#seats.size === 0) this.#rescheduled.abort(UNNEEDED);
    await this.#sending;
  }

  /**
   * Writes a member's contribution now.
   *
   * @param member A member that was added.
   * @returns When it is committed.
   * @throws {StoreUnavailableError} when it is not known to be.
   */
  async beat(member: PulseMember): Promise<void> {
    const seat = this.#seats.get(member);
    if (!seat) throw new StoreUnavailableError("write", new Error("stopped"));
    seat.dueAtMs = this.#clock.monotonic();
    seat.waiting ??= Promise.withResolvers<void>();
    this.#rescheduled.abort(UNNEEDED);
    await seat.waiting.promise;
  }

  async #run(): Promise<void> {
    while (this.#seats.size > 0) {
      const dueAtMs = Math.min(...[...this.#seats.values()].map((seat) => seat.dueAtMs));
      const waitMs = dueAtMs - this.#clock.monotonic();
      if (waitMs > 0) {
        this.#rescheduled = new AbortController();
        await this.#clock.sleep(waitMs, { signal: this.#rescheduled.signal }).catch(() => {});
        continue;
      }
      this.#sending = this.#send(this.#membersDue());
      await this.#sending;
    }
    this.#running = undefined;
  }

  #membersDue(): PulseMember[] {
    const now = this.#clock.monotonic();
    return [...this.#seats].filter(([member, seat]) =>
      seat.dueAtMs <= now + member.intervalMs * COALESCE_SHARE
    ).map(([member]) => member);
  }

  async #send(members: readonly PulseMember[]): Promise<void> {
    for (const member of members) this.#takeUp(member);
    await Promise.all(members.map((member) => this.#prepare(member)));
    const maxChecks = await this.#maxChecks(members);
    for (const batch of splitByChecks(members, maxChecks)) await this.#sendBatch(batch, RESEND_MAX);
  }

  #takeUp(member: PulseMember): void {
    const seat = this.#seats.get(member);
    if (!seat) return;
    seat.answering = seat.waiting;
    seat.waiting = undefined;
  }

  async #prepare(member: PulseMember): Promise<void> {
    const seat = this.#seats.get(member);
    if (!seat) return;
    const now = this.#clock.monotonic();
    const isFresh = now - (seat.preparedAtMs ?? -Infinity) < member.intervalMs;
    if (isFresh) return;
    try {
      await member.prepare?.();
    } catch (error) {
      reportBug("prepare", error);
    }
    seat.preparedAtMs = now;
  }

  /** Only asks the store when there is so much to check that the answer matters. */
  async #maxChecks(members: readonly PulseMember[]): Promise<number> {
    if (checkCountOf(members) <= CHECKS_EVERY_STORE_TAKES) return CHECKS_EVERY_STORE_TAKES;
    return await this.#store.maxChecks({ timeoutMs: batchTimeout(members) });
  }

  async #sendBatch(members: readonly PulseMember[], resendsLeft: number): Promise<void> {
    const nonce = crypto.randomUUID();
    const sent = members.flatMap((member) => this.#contribution(member, nonce));
    if (sent.length === 0) return;
    const sentAt = momentOf(this.#clock);
    const timeoutMs = batchTimeout(sent.map(({ member }) => member));
    const outcome = await this.#commit(sent, nonce, timeoutMs);
    switch (outcome.kind) {
      case "committed":
        for (const { member } of sent) {
          this.#settle(member, this.#jittered(member.intervalMs), null);
          guarded("committed", () => member.committed(sentAt, outcome.versionstamp));
        }
        return;
      case "unknown":
        for (const { member } of sent) this.#failed(member, outcome.error);
        return;
      case "refused":
        return await this.#sortOut(sent, resendsLeft, timeoutMs);
      case "unfit":
        if (sent.length === 1) return this.#failed(sent[0]!.member, outcome.error);
        for (const { member } of sent) await this.#sendBatch([member], resendsLeft);
        return;
      default:
        return outcome satisfies never;
    }
  }

  /** @returns What the member writes now, as a list of one; nothing when it sits this one out. */
  #contribution(member: PulseMember, nonce: string): Sent[] {
    if (!this.#seats.has(member)) return [];
    try {
      const contribution = member.contribute(nonce);
      if (contribution) return [{ member, contribution }];
      this.#settle(member, this.#jittered(member.intervalMs), null);
    } catch (error) {
      reportBug("contribute", error);
      this.#failed(member, error);
    }
    return [];
  }

  async #commit(
    sent: readonly Sent[],
    nonce: string,
    timeoutMs: number,
  ): Promise<CommitOutcome | Unfit> {
    try {
      return await this.#store.commit(composeBatch(sent, nonce), { timeoutMs });
    } catch (error) {
      return { kind: "unfit", error };
    }
  }

  /** Finds out whose checks failed, tells them, and sends the others again. */
  async #sortOut(sent: readonly Sent[], resendsLeft: number, timeoutMs: number): Promise<void> {
    let current: Map<string, Deno.KvEntryMaybe<unknown>>;
    try {
      const keys = distinctChecks(sent).map(({ key }) => key);
      const entries = await this.#store.getMany(keys, { timeoutMs });
      current = new Map(entries.map((entry) => [keyId(entry.key), entry]));
    } catch (error) {
      for (const { member } of sent) this.#failed(member, error);
      return;
    }
    const again: PulseMember[] = [];
    for (const { member, contribution: { checks } } of sent) {
      const entries = checks.map(({ key }) => current.get(keyId(key))!);
      const hold = checks.every(({ versionstamp }, i) => entries[i]!.versionstamp === versionstamp);
      const next = hold ? "retry" : guarded("refused", () => member.refused(entries));
      if (next === "retry") again.push(member);
      else this.#settle(member, member.intervalMs, new Error("its check no longer holds"));
    }
    if (again.length === 0) return;
    if (resendsLeft > 0) return await this.#sendBatch(again, resendsLeft - 1);
    for (const member of again) this.#failed(member, new Error("refused again and again"));
  }

  #failed(member: PulseMember, error: unknown): void {
    this.#settle(member, this.#jittered(member.timeoutMs * RETRY_SHARE), error);
    guarded("unknown", () => member.unknown(error));
  }

  #settle(member: PulseMember, nextInMs: number, error: unknown): void {
    const seat = this.#seats.get(member);
    if (!seat) return;
    const { answering, waiting } = seat;
    seat.answering = undefined;
    seat.dueAtMs = this.#clock.monotonic() + (waiting ? 0 : nextInMs);
    if (error === null || waiting) seat.preparedAtMs = undefined;
    if (error === null) answering?.resolve();
    else answering?.reject(new StoreUnavailableError("write", error));
  }

  #jittered(ms: number): number {
    return ms * (1 + RENEW_JITTER_SHARE * (2 * this.#random() - 1));
  }
}

/** A member that throws is broken; the leases that others keep through this pulse must not suffer. */
function guarded<T>(step: string, tell: () => T): T | undefined {
  try {
    return tell();
  } catch (error) {
    reportBug(step, error);
    return undefined;
  }
}

function reportBug(step: string, error: unknown): void {
  coordinationLogger.error("A member of the pulse threw in {step}: {error}", {
    step,
    error: describeError(error),
  });
}
