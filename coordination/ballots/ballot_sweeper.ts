import { StoreUnavailableError } from "../errors.ts";
import type { WriteBatch } from "../write_batch.ts";
import type { BallotContext } from "./ballot_context.ts";
import { inBatches } from "./ballot_keys.ts";
import { encodeStray, isGoneStray, lastPart, parseBallot, parseRoll } from "./ballot_records.ts";
import { RetentionLedger } from "./retention_ledger.ts";

/** How many decided ballots one sweep looks at; the next goes on behind them. */
const DECIDED_PAGE_MAX = 500;
/** How many of them it removes. */
const REMOVED_MAX = 50;
/** How many rolls without a ballot one sweep looks at. */
const STRAYS_MAX = 20;
/** How many keys of such rolls it removes. */
const CLEARED_MAX = 2_000;
/** A proposer writes one commit after the other; after the time of so many it has stopped. */
const STRAY_PATIENCE_COMMITS = 20;
/** Sweeps are never further apart, in ms. */
const SWEEP_MAX_MS = 60_000;

/** A roll without a ballot. */
interface Stray {
  readonly versionstamp: string;
  /** Since when it has stood unchanged, in monotonic ms. */
  readonly sinceMs: number;
  /** Whether it belongs to a ballot that was removed, not to one that may be opening yet. */
  readonly isGone: boolean;
}

/** Removes decided ballots in the end, and what belongs to no ballot. */
export class BallotSweeper {
  readonly #context: BallotContext;
  readonly #ledger: RetentionLedger;
  #strays = new Map<string, Stray>();
  #cursor: string | undefined;
  #dueAtMs = -Infinity;

  /**
   * @param context The node.
   * @param retainMs How long decided ballots are kept after a leader first saw them, in ms.
   */
  constructor(context: BallotContext, retainMs: number) {
    this.#context = context;
    this.#ledger = new RetentionLedger(context, retainMs);
  }

  /**
   * Sweeps when it is time to; most calls do nothing. What one sweep leaves undone makes the next
   * call go on with it.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async sweep(): Promise<void> {
    await this.#ledger.sync();
    const now = this.#context.store.clock.monotonic();
    if (now < this.#dueAtMs) return;
    const isClear = await this.#clearStrays(now);
    const isDone = await this.#removeDecided();
    if (isClear && isDone) this.#dueAtMs = now + Math.min(SWEEP_MAX_MS, this.#ledger.stepMs);
  }

  /** @returns Whether nothing is left to remove now. */
  async #removeDecided(): Promise<boolean> {
    const { store, keys, timeoutMs } = this.#context;
    const start = this.#cursor === undefined ? {} : { start: [...keys.decided, this.#cursor] };
    const options = { timeoutMs, limit: DECIDED_PAGE_MAX, ...start };
    const page = await store.list(keys.decided, options);
    const isLastPage = page.length < DECIDED_PAGE_MAX;
    this.#ledger.note(page.map(({ versionstamp }) => versionstamp));
    const horizon = this.#ledger.horizon();
    const old = page.filter(({ versionstamp }) => versionstamp <= horizon);
    if (old.length > 0 && !(await this.#ledger.holds())) return true;
    for (const entry of old.slice(0, REMOVED_MAX)) await this.#removeBallot(entry);
    const next = old[REMOVED_MAX] ?? (isLastPage ? undefined : page.at(-1));
    this.#cursor = next && lastPart(next.key);
    return next === undefined;
  }

  /** From this commit on the ballot is gone; its votes and electors belong to nothing. */
  async #removeBallot(entry: Deno.KvEntry<unknown>): Promise<void> {
    const { store, keys, timeoutMs, counters } = this.#context;
    try {
      const key = keys.ballot(lastPart(entry.key));
      const strayKey = [...keys.strays, parseRoll(entry)];
      const stored = parseBallot(await store.get(key, { timeoutMs }));
      const versionstamp = stored?.versionstamp ?? null;
      const nonce = crypto.randomUUID();
      const removedStamp = await this.#commit({
        checks: [{ key, versionstamp }, entry],
        sets: [{ key: strayKey, value: encodeStray(nonce, true) }],
        deletes: [key, entry.key],
        witness: { key: strayKey, nonce },
      });
      if (removedStamp !== null) counters.add("removed");
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      counters.addFailure(error);
    }
  }

  /**
   * A roll whose ballot was removed is of no more use; one that has had no ballot for long belongs to
   * a proposer that died. Its entry is rewritten first: that stops a proposer who was only slow.
   *
   * @returns Whether nothing is left to clear away now.
   */
  async #clearStrays(now: number): Promise<boolean> {
    const { store, keys, timeoutMs } = this.#context;
    const entries = await store.list(keys.strays, { timeoutMs, limit: STRAYS_MAX });
    this.#strays = new Map(entries.map((entry) => {
      const { versionstamp } = entry;
      const roll = lastPart(entry.key);
      const last = this.#strays.get(roll);
      if (last?.versionstamp === versionstamp) return [roll, last];
      return [roll, { versionstamp, sinceMs: now, isGone: isGoneStray(entry) }];
    }));
    const patienceMs = STRAY_PATIENCE_COMMITS * timeoutMs;
    let left = CLEARED_MAX;
    for (const [roll, { sinceMs, isGone }] of this.#strays) {
      const isDue = isGone || now - sinceMs >= patienceMs;
      if (isDue && left > 0) left -= await this.#clearRoll(roll, left);
    }
    return left > 0;
  }

  /** @returns How many keys it removed. */
  async #clearRoll(roll: string, maxKeys: number): Promise<number> {
    const { store, keys, timeoutMs } = this.#context;
    const key = [...keys.strays, roll];
    const nonce = crypto.randomUUID();
    const { versionstamp, isGone } = this.#strays.get(roll)!;
    const ownStamp = await this.#commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: encodeStray(nonce, isGone) }],
      witness: { key, nonce },
    });
    if (ownStamp === null) return 0;
    this.#strays.set(roll, { ...this.#strays.get(roll)!, versionstamp: ownStamp });
    const found = await store.list(keys.roll(roll), { timeoutMs, limit: maxKeys });
    for (const entries of inBatches(found, (entry) => entry.key)) {
      await this.#commit({ checks: [], sets: [], deletes: entries.map((entry) => entry.key) });
    }
    if (found.length < maxKeys) await this.#commit({ checks: [], sets: [], deletes: [key] });
    return found.length;
  }

  /** @returns The versionstamp; null when somebody else has changed something. */
  async #commit(batch: WriteBatch): Promise<string | null> {
    const { store, timeoutMs } = this.#context;
    const outcome = await store.commit(batch, { timeoutMs });
    if (outcome.kind === "unknown") {
      throw new StoreUnavailableError("clear ballots away", outcome.error);
    }
    return outcome.kind === "committed" ? outcome.versionstamp : null;
  }
}
