import { BallotReason } from "../../enums/ballot_reason.ts";
import { canonical } from "../../enums/canonical.ts";
import {
  type BallotTally,
  type BallotTallyDict,
  tallyFromFields,
  tallyToDict,
} from "./ballot_tally.ts";
import { wireFields } from "./wire_fields.ts";

/** Wire form of {@link BallotOutcome}: keys in snake_case. */
export interface BallotOutcomeDict {
  /** See {@link BallotOutcome.choice}. */
  readonly choice: string | null;
  /** See {@link BallotOutcome.reason}. */
  readonly reason: BallotReason | null;
  /** See {@link BallotOutcome.tally}. */
  readonly tally: BallotTallyDict;
  /** See {@link BallotOutcome.decidedBy}. */
  readonly decided_by: string;
  /** See {@link BallotOutcome.decidedAt}. */
  readonly decided_at: string;
}

/** What {@link BallotOutcome} is made of. */
export type BallotOutcomeFields = Omit<BallotOutcome, "toDict" | "toJSON">;

/** How a ballot ended. It never changes. */
export class BallotOutcome {
  /** The choice that passed; null when none did. */
  readonly choice: string | null;
  /** Why none passed; null when one did. */
  readonly reason: BallotReason | null;
  /** The votes in numbers. */
  readonly tally: BallotTally;
  /** The node that wrote the outcome down. */
  readonly decidedBy: string;
  /** When it did, UTC ISO by its clock: for people only. */
  readonly decidedAt: string;

  /**
   * Makes an outcome.
   *
   * @param fields The values.
   */
  constructor(fields: BallotOutcomeFields) {
    this.choice = fields.choice;
    this.reason = fields.reason;
    this.tally = Object.freeze({
      ...fields.tally,
      weights: Object.freeze([...fields.tally.weights]),
    });
    this.decidedBy = fields.decidedBy;
    this.decidedAt = fields.decidedAt;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read.
   * @param key What a message names as the place of it.
   * @returns The outcome.
   * @throws {CorruptRecordError} when a field is missing or cannot be.
   */
  static fromDict(dict: unknown, key: Deno.KvKey = ["BallotOutcome"]): BallotOutcome {
    const fields = wireFields(key, dict);
    const choice = fields.textOrNull("choice");
    const reason = canonical(BallotReason, fields.raw("reason")) ?? null;
    if ((choice === null) === (reason === null)) {
      throw fields.fault(`exactly one of "choice" and "reason" must be null`);
    }
    return new BallotOutcome({
      choice,
      reason,
      tally: tallyFromFields(wireFields(key, fields.objectOrNull("tally"))),
      decidedBy: fields.text("decided_by"),
      decidedAt: fields.text("decided_at"),
    });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): BallotOutcomeDict {
    return {
      choice: this.choice,
      reason: this.reason,
      tally: tallyToDict(this.tally),
      decided_by: this.decidedBy,
      decided_at: this.decidedAt,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): BallotOutcomeDict {
    return this.toDict();
  }
}
