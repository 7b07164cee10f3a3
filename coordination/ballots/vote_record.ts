import { wireFields } from "./wire_fields.ts";

/** Wire form of {@link VoteRecord}: keys in snake_case. */
export interface VoteRecordDict {
  /** See {@link VoteRecord.instanceId}. */
  readonly instance_id: string;
  /** See {@link VoteRecord.choice}. */
  readonly choice: string | null;
  /** See {@link VoteRecord.weight}. */
  readonly weight: number;
  /** See {@link VoteRecord.mayVeto}. */
  readonly may_veto: boolean;
  /** See {@link VoteRecord.votedAt}. */
  readonly voted_at: string;
  /** See {@link VoteRecord.versionstamp}. */
  readonly versionstamp: string;
}

/** What {@link VoteRecord} is made of. */
export type VoteRecordFields = Omit<VoteRecord, "toDict" | "toJSON">;

/** One member's vote. It never changes. */
export class VoteRecord {
  /** Who voted. */
  readonly instanceId: string;
  /** For what; null for an abstention. */
  readonly choice: string | null;
  /** What the vote weighs. */
  readonly weight: number;
  /** Whether the voter may veto. */
  readonly mayVeto: boolean;
  /** When it was cast, UTC ISO by the voter's clock: for people only. */
  readonly votedAt: string;
  /** When it was counted, in the order of the store. */
  readonly versionstamp: string;

  /**
   * Makes a record.
   *
   * @param fields The values.
   */
  constructor(fields: VoteRecordFields) {
    this.instanceId = fields.instanceId;
    this.choice = fields.choice;
    this.weight = fields.weight;
    this.mayVeto = fields.mayVeto;
    this.votedAt = fields.votedAt;
    this.versionstamp = fields.versionstamp;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read.
   * @param key What a message names as the place of it.
   * @returns The record.
   * @throws {CorruptRecordError} when a field is missing or cannot be.
   */
  static fromDict(dict: unknown, key: Deno.KvKey = ["VoteRecord"]): VoteRecord {
    const fields = wireFields(key, dict);
    return new VoteRecord({
      instanceId: fields.text("instance_id"),
      choice: fields.textOrNull("choice"),
      weight: fields.integer("weight", 1, Number.MAX_SAFE_INTEGER),
      mayVeto: fields.raw("may_veto") === true,
      votedAt: fields.text("voted_at"),
      versionstamp: fields.text("versionstamp"),
    });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): VoteRecordDict {
    return {
      instance_id: this.instanceId,
      choice: this.choice,
      weight: this.weight,
      may_veto: this.mayVeto,
      voted_at: this.votedAt,
      versionstamp: this.versionstamp,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): VoteRecordDict {
    return this.toDict();
  }
}
