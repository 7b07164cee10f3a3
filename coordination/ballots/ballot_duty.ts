import { CorruptRecordError } from "../errors.ts";
import type { BallotCarrier } from "./ballot_carrier.ts";
import type { BallotContext } from "./ballot_context.ts";
import { lastPart, parseBallot } from "./ballot_records.ts";
import { BallotSweeper } from "./ballot_sweeper.ts";
import { UnreadableBallots } from "./unreadable_ballots.ts";

/** How many open ballots one call looks after. */
const CARRIED_MAX = 100;

/** What a leader does about ballots once an interval. Needs no fence: two at once do no harm. */
export class BallotDuty {
  readonly #context: BallotContext;
  readonly #carrier: BallotCarrier;
  readonly #sweeper: BallotSweeper;
  readonly #unreadable: UnreadableBallots;
  /** Behind which open ballot the next call goes on. */
  #cursor: string | undefined;

  /**
   * @param context The node.
   * @param carrier Seals and decides.
   * @param retainMs How long decided ballots are kept after a leader first saw them, in ms.
   */
  constructor(context: BallotContext, carrier: BallotCarrier, retainMs: number) {
    this.#context = context;
    this.#carrier = carrier;
    this.#sweeper = new BallotSweeper(context, retainMs);
    this.#unreadable = new UnreadableBallots(context);
  }

  /**
   * Seals and decides what is due, gives up what has long been unreadable, removes what is old.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async carryOn(): Promise<void> {
    const { store, keys, timeoutMs } = this.#context;
    const start = this.#cursor === undefined ? {} : { start: [...keys.open, this.#cursor] };
    const entries = await store.list(keys.open, { timeoutMs, limit: CARRIED_MAX + 1, ...start });
    const next = entries[CARRIED_MAX];
    this.#cursor = next && lastPart(next.key);
    const wanted = entries.slice(0, CARRIED_MAX).map(({ key }) => keys.ballot(lastPart(key)));
    for (const entry of await store.getMany(wanted, { timeoutMs })) await this.#carryOn(entry);
    await this.#unreadable.retire();
    await this.#sweeper.sweep();
  }

  async #carryOn(entry: Deno.KvEntryMaybe<unknown>): Promise<void> {
    const ballotId = lastPart(entry.key);
    try {
      const stored = parseBallot(entry);
      if (stored === null) return this.#unreadable.note(ballotId, entry);
      this.#carrier.note(stored);
      await this.#carrier.carryOn(stored);
      this.#unreadable.forget(ballotId);
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.#context.counters.addFailure(error);
      this.#unreadable.note(ballotId, entry);
    }
  }
}
