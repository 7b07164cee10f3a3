import { Ballot, type BallotDict } from "./ballot.ts";
import { type BallotTally, countBallot, isSameTally } from "./ballot_tally.ts";
import { VoteRecord, type VoteRecordDict } from "./vote_record.ts";
import { wireFields } from "./wire_fields.ts";

/** Wire form of {@link BallotCertificate}: keys in snake_case. */
export interface BallotCertificateDict {
  /** See {@link BallotCertificate.ballot}. */
  readonly ballot: BallotDict;
  /** See {@link BallotCertificate.sealedStamp}. */
  readonly sealed_stamp: string;
  /** See {@link BallotCertificate.decidedStamp}. */
  readonly decided_stamp: string;
  /** See {@link BallotCertificate.votes}. */
  readonly votes: readonly VoteRecordDict[];
}

/** What {@link BallotCertificate} is made of. */
export type BallotCertificateFields = Pick<
  BallotCertificate,
  "ballot" | "sealedStamp" | "decidedStamp" | "votes"
>;

/**
 * A decided ballot with every vote that was counted: whoever has it can count again without the
 * store. It is not signed: it is worth as much as the way it came.
 */
export class BallotCertificate {
  /** The ballot with its outcome. */
  readonly ballot: Ballot;
  /** By which versionstamp it was sealed: that of every vote is lower. */
  readonly sealedStamp: string;
  /** By which versionstamp it was decided: higher than that of the seal. */
  readonly decidedStamp: string;
  /** The votes, in the order of the voters' ids. */
  readonly votes: readonly VoteRecord[];

  /**
   * Makes a certificate.
   *
   * @param fields The values.
   */
  constructor(fields: BallotCertificateFields) {
    this.ballot = fields.ballot;
    this.sealedStamp = fields.sealedStamp;
    this.decidedStamp = fields.decidedStamp;
    this.votes = Object.freeze([...fields.votes]);
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read.
   * @returns The certificate.
   * @throws {CorruptRecordError} when a field is missing or cannot be.
   */
  static fromDict(dict: unknown): BallotCertificate {
    const fields = wireFields(["BallotCertificate"], dict);
    const votes = fields.raw("votes");
    if (!Array.isArray(votes)) throw fields.fault(`"votes" is not a list`);
    return new BallotCertificate({
      ballot: Ballot.fromDict(fields.raw("ballot"), ["BallotCertificate", "ballot"]),
      sealedStamp: fields.text("sealed_stamp"),
      decidedStamp: fields.text("decided_stamp"),
      votes: votes.map((vote, at) =>
        VoteRecord.fromDict(vote, ["BallotCertificate", "votes", String(at)])
      ),
    });
  }

  /**
   * Counts the votes of the certificate again.
   *
   * @returns Their tally.
   */
  count(): BallotTally {
    return countBallot(this.votes, this.ballot.choices, this.ballot.policy);
  }

  /**
   * Checks the certificate against itself.
   *
   * @returns Whether the votes add up to the outcome's tally, nobody voted twice, and every vote came
   * before the seal and the seal before the decision.
   */
  isConsistent(): boolean {
    const { ballot, votes, sealedStamp, decidedStamp } = this;
    const voters = new Set(votes.map(({ instanceId }) => instanceId));
    return ballot.outcome !== null &&
      voters.size === votes.length &&
      sealedStamp < decidedStamp &&
      votes.every(({ versionstamp }) => versionstamp < sealedStamp) &&
      isSameTally(this.count(), ballot.outcome.tally);
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): BallotCertificateDict {
    return {
      ballot: this.ballot.toDict(),
      sealed_stamp: this.sealedStamp,
      decided_stamp: this.decidedStamp,
      votes: this.votes.map((vote) => vote.toDict()),
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): BallotCertificateDict {
    return this.toDict();
  }
}
