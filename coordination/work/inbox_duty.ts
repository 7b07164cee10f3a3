import { encodeRecord } from "../election_records.ts";
import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { type InboxRecord, parseInboxRecord, type RefusalRecord } from "./inbox_record.ts";
import type { WorkSetting } from "./work_setting.ts";
import { type Handover, ring } from "./work_transitions.ts";

const PAGE_SIZE = 500;
/** For how long a refusal is kept for the follower that waits for it, in ms. */
const REFUSAL_KEPT_MS = 600_000;
const ANSWER_BYTES = 1_024;

/** Answers what followers have handed to the leader. */
export class InboxDuty {
  readonly #setting: WorkSetting;
  readonly #assigner: Assigner;
  #found = 0;

  /**
   * @param setting The node.
   * @param assigner Assigns what was handed over.
   */
  constructor(setting: WorkSetting, assigner: Assigner) {
    this.#setting = setting;
    this.#assigner = assigner;
  }

  /** Whether the last look found nothing. */
  get isIdle(): boolean {
    return this.#found === 0;
  }

  /**
   * Answers the first entries of the inbox.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether there may be more.
   */
  async carryOn(term: Term): Promise<boolean> {
    const { store, keys, timing, counters } = this.#setting;
    const page = await store.list(keys.inbox, {
      timeoutMs: timing.attemptTimeoutMs,
      limit: PAGE_SIZE,
    });
    this.#found = page.length;
    const answered = await Promise.all(page.map(async (entry) => {
      const record = counters.readable(() => parseInboxRecord(entry));
      if (record === null) return false;
      return await this.#answer(term, entry, record).catch((error) => {
        counters.fault(error);
        return false;
      });
    }));
    return page.length === PAGE_SIZE && answered.includes(true);
  }

  async #answer(
    term: Term,
    entry: Deno.KvEntry<unknown>,
    record: InboxRecord,
  ): Promise<boolean> {
    const { from, nonce, ...order } = record;
    const handover = { key: entry.key, versionstamp: entry.versionstamp, from };
    const outcome = await this.#assigner.assign(term, order, { handover });
    switch (outcome.kind) {
      case "assigned":
        return outcome.isNew || await this.#close(term, handover);
      case "refused": {
        const { reason } = outcome;
        const refusal: RefusalRecord = { reason, of: nonce, nonce: crypto.randomUUID() };
        return await this.#refuse(term, handover, order.id, refusal);
      }
      case "void":
        return false;
      default:
        return outcome satisfies never;
    }
  }

  /** Removes an entry whose item was there before, if it still stands, and wakes who waits. */
  async #close(term: Term, { key, versionstamp, from }: Handover): Promise<boolean> {
    const { keys, commits } = this.#setting;
    const nonce = crypto.randomUUID();
    const bell = ring(keys.bellOf(from), nonce);
    const { kind } = await commits.commit({
      checks: [term.check, { key, versionstamp }],
      sets: [bell],
      deletes: [key],
      witness: { key: bell.key, nonce },
      bytes: ANSWER_BYTES,
    });
    return kind === "committed";
  }

  async #refuse(
    term: Term,
    { key, versionstamp, from }: Handover,
    id: string,
    refusal: RefusalRecord,
  ): Promise<boolean> {
    const { keys, commits } = this.#setting;
    const refusalKey = keys.refusalAt(id);
    const { kind } = await commits.commit({
      checks: [term.check, { key, versionstamp }],
      sets: [
        { key: refusalKey, value: encodeRecord(refusal), expireInMs: REFUSAL_KEPT_MS },
        ring(keys.bellOf(from), refusal.nonce),
      ],
      deletes: [key],
      witness: { key: refusalKey, nonce: refusal.nonce },
      bytes: ANSWER_BYTES,
    });
    return kind === "committed";
  }
}
