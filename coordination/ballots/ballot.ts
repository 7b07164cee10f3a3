import { BallotStatus } from "../../enums/ballot_status.ts";
import { canonical } from "../../enums/canonical.ts";
import { BallotOutcome, type BallotOutcomeDict } from "./ballot_outcome.ts";
import {
  type BallotPolicy,
  type BallotPolicyDict,
  policyFromDict,
  policyToDict,
} from "./ballot_policy.ts";
import { wireFields } from "./wire_fields.ts";

/** Wire form of {@link Ballot}: keys in snake_case, absent optionals as null. */
export interface BallotDict {
  /** See {@link Ballot.ballotId}. */
  readonly ballot_id: string;
  /** See {@link Ballot.topic}. */
  readonly topic: string;
  /** See {@link Ballot.choices}. */
  readonly choices: readonly string[];
  /** See {@link Ballot.policy}. */
  readonly policy: BallotPolicyDict;
  /** See {@link Ballot.deadlineMs}. */
  readonly deadline_ms: number;
  /** See {@link Ballot.electors}. */
  readonly electors: number;
  /** See {@link Ballot.weight}. */
  readonly weight: number;
  /** See {@link Ballot.vetoHolders}. */
  readonly veto_holders: number;
  /** See {@link Ballot.proposer}. */
  readonly proposer: string;
  /** See {@link Ballot.openedAt}. */
  readonly opened_at: string;
  /** See {@link Ballot.status}. */
  readonly status: BallotStatus;
  /** See {@link Ballot.outcome}. */
  readonly outcome: BallotOutcomeDict | null;
}

/** What {@link Ballot} is made of. */
export type BallotFields = Omit<Ballot, "toDict" | "toJSON">;

/** A question that the members of a cluster decide once. */
export class Ballot {
  /** Its id, unique in the cluster. */
  readonly ballotId: string;
  /** What is asked. */
  readonly topic: string;
  /** What may be voted for. */
  readonly choices: readonly string[];
  /** What a choice needs to pass. */
  readonly policy: BallotPolicy;
  /** For how long votes are awaited, in ms; each node counts from when it first saw the ballot. */
  readonly deadlineMs: number;
  /** How many members may vote: those that were there when it opened. */
  readonly electors: number;
  /** What all of them weigh together. */
  readonly weight: number;
  /** How many of them may veto; 0 unless the policy is `veto`. */
  readonly vetoHolders: number;
  /** The node that opened it. */
  readonly proposer: string;
  /** When it was opened, UTC ISO by the proposer's clock: for people only. */
  readonly openedAt: string;
  /** How far it has come. */
  readonly status: BallotStatus;
  /** How it ended; null until it is decided. */
  readonly outcome: BallotOutcome | null;

  /**
   * Makes a ballot.
   *
   * @param fields The values; choices are copied.
   */
  constructor(fields: BallotFields) {
    this.ballotId = fields.ballotId;
    this.topic = fields.topic;
    this.choices = Object.freeze([...fields.choices]);
    this.policy = fields.policy;
    this.deadlineMs = fields.deadlineMs;
    this.electors = fields.electors;
    this.weight = fields.weight;
    this.vetoHolders = fields.vetoHolders;
    this.proposer = fields.proposer;
    this.openedAt = fields.openedAt;
    this.status = fields.status;
    this.outcome = fields.outcome;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read.
   * @param key What a message names as the place of it.
   * @returns The ballot.
   * @throws {CorruptRecordError} when a field is missing or cannot be.
   */
  static fromDict(dict: unknown, key: Deno.KvKey = ["Ballot"]): Ballot {
    const fields = wireFields(key, dict);
    const count = (name: string, min: number) => fields.integer(name, min, Number.MAX_SAFE_INTEGER);
    const choices = fields.textList("choices");
    const status = canonical(BallotStatus, fields.raw("status"));
    if (status === undefined) throw fields.fault(`"status" is no status of a ballot`);
    const outcome = fields.objectOrNull("outcome");
    if ((outcome === null) === (status === BallotStatus.DECIDED)) {
      throw fields.fault(`"outcome" does not go with status "${status}"`);
    }
    let policy: BallotPolicy;
    try {
      policy = policyFromDict(fields.objectOrNull("policy"), choices);
    } catch (error) {
      throw fields.fault((error as Error).message);
    }
    return new Ballot({
      ballotId: fields.text("ballot_id"),
      topic: fields.text("topic"),
      choices,
      policy,
      deadlineMs: fields.number("deadline_ms", 0, Number.MAX_SAFE_INTEGER),
      electors: count("electors", 1),
      weight: count("weight", 1),
      vetoHolders: count("veto_holders", 0),
      proposer: fields.text("proposer"),
      openedAt: fields.text("opened_at"),
      status,
      outcome: outcome && BallotOutcome.fromDict(outcome, key),
    });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): BallotDict {
    return {
      ballot_id: this.ballotId,
      topic: this.topic,
      choices: [...this.choices],
      policy: policyToDict(this.policy),
      deadline_ms: this.deadlineMs,
      electors: this.electors,
      weight: this.weight,
      veto_holders: this.vetoHolders,
      proposer: this.proposer,
      opened_at: this.openedAt,
      status: this.status,
      outcome: this.outcome?.toDict() ?? null,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): BallotDict {
    return this.toDict();
  }
}
