import { encodeRecord } from "../election_records.ts";
import { CorruptRecordError, StoreUnavailableError } from "../errors.ts";
import { RecordFields } from "../record_fields.ts";
import type { BallotContext } from "./ballot_context.ts";
import { type MarkAge, RetentionMarks } from "./retention_marks.ts";

/** What a process that leads for a shorter time learns is lost, in ms. */
const SAVE_MIN_MS = 1_000;
/** Saved when a process has led for longer by this share: the rest is what it can lose. */
const SAVE_SHARE = 1 / 4;

/**
 * {@link RetentionMarks} that outlive the process. What it saves are durations, which only grow, so
 * it does no harm when two leaders save at once or a save arrives late.
 *
 * Not guaranteed: that all of a process's time counts. What it did not save is lost with it: at most
 * a fifth of the time that it led, or a second or the pause between two calls if that is longer, and
 * never more than a sixteenth of the retention.
 */
export class RetentionLedger {
  readonly #context: BallotContext;
  readonly #marks: RetentionMarks;
  #startedAtMs: number | undefined;
  #dueAtMs = -Infinity;
  #saved = "[]";
  /** Versionstamp of what was saved last; the empty text before the first time. */
  #savedStamp = "";

  /**
   * @param context The node.
   * @param retainMs How long things are to be kept after a leader first saw them, in ms.
   */
  constructor(context: BallotContext, retainMs: number) {
    this.#context = context;
    this.#marks = new RetentionMarks(retainMs);
  }

  /** How often it is worth looking, in ms. */
  get stepMs(): number {
    return this.#marks.stepMs;
  }

  /**
   * Takes note of what stands there now.
   *
   * @param versionstamps Of what was seen.
   */
  note(versionstamps: readonly string[]): void {
    this.#marks.note(versionstamps, this.#now());
  }

  /**
   * Says what has stood for long enough.
   *
   * @returns The highest versionstamp that has; the empty text when none has.
   */
  horizon(): string {
    return this.#marks.horizon(this.#now());
  }

  /**
   * Looks whether the store still has what was saved. One that was set back has not, and what was
   * seen in it before says nothing about what stands there now: then everything is forgotten.
   *
   * @returns Whether {@link horizon} can be trusted.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async holds(): Promise<boolean> {
    const { store, keys, timeoutMs } = this.#context;
    const { versionstamp } = await store.get(keys.retention, { timeoutMs });
    if (this.#savedStamp !== "" && (versionstamp ?? "") >= this.#savedStamp) return true;
    if (this.#savedStamp !== "") this.#marks.forget();
    this.#saved = "[]";
    this.#savedStamp = "";
    this.#dueAtMs = -Infinity;
    return false;
  }

  /**
   * Reads what leaders before knew, and saves what is known, when it is time to; most calls do
   * nothing.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async sync(): Promise<void> {
    const now = this.#now();
    if (now < this.#dueAtMs) return;
    const isFirst = this.#startedAtMs === undefined;
    if (isFirst || this.#text() !== this.#saved) {
      await this.#learn();
      await this.#save();
    }
    this.#startedAtMs ??= now;
    const pauseMs = Math.max(SAVE_MIN_MS, (now - this.#startedAtMs) * SAVE_SHARE);
    this.#dueAtMs = now + Math.min(this.stepMs, pauseMs);
  }

  async #learn(): Promise<void> {
    const { store, keys, timeoutMs, counters } = this.#context;
    const entry = await store.get(keys.retention, { timeoutMs });
    try {
      this.#marks.learn(parseMarks(entry), this.#now());
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      counters.addFailure(error); // it is written anew
    }
  }

  async #save(): Promise<void> {
    const { store, keys, timeoutMs } = this.#context;
    const marks = this.#marks.ages(this.#now());
    const text = this.#text();
    if (marks.length === 0 || text === this.#saved) return;
    const nonce = crypto.randomUUID();
    const outcome = await store.commit({
      checks: [],
      sets: [{ key: keys.retention, value: encodeRecord({ marks, nonce }) }],
      witness: { key: keys.retention, nonce },
    }, { timeoutMs });
    if (outcome.kind === "unknown") {
      throw new StoreUnavailableError("save how long ballots were kept", outcome.error);
    }
    this.#saved = text;
    if (outcome.kind === "committed") this.#savedStamp = outcome.versionstamp;
  }

  #text(): string {
    return JSON.stringify(this.#marks.ages(this.#now()));
  }

  #now(): number {
    return this.#context.store.clock.monotonic();
  }
}

/**
 * @returns What leaders before knew.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseMarks(entry: Deno.KvEntryMaybe<unknown>): MarkAge[] {
  if (entry.versionstamp === null) return [];
  const fields = new RecordFields(entry.key, entry.value);
  const marks = fields.raw("marks");
  if (!Array.isArray(marks)) throw fields.fault('expected "marks" to be a list');
  return marks.map((mark) => {
    const { versionstamp, ageMs } = mark ?? {};
    const isAge = typeof ageMs === "number" && ageMs >= 0 && ageMs < Infinity;
    // What stood in the store before this was written has a lower versionstamp than this.
    const isPast = typeof versionstamp === "string" && versionstamp < entry.versionstamp;
    if (isAge && isPast) return { versionstamp, ageMs };
    throw fields.fault('expected "marks" to say what has stood for how long');
  });
}
