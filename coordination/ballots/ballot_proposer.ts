import { BallotRefusal } from "../../enums/ballot_refusal.ts";
import { BallotStatus } from "../../enums/ballot_status.ts";
import { MemberStatus } from "../../enums/member_status.ts";
import { StoreUnavailableError } from "../errors.ts";
import { checkIdentifier } from "../identifiers.ts";
import type { NodeInfo } from "../node_info.ts";
import { Ballot } from "./ballot.ts";
import type { BallotCarrier } from "./ballot_carrier.ts";
import type { BallotContext } from "./ballot_context.ts";
import { BallotRefusedError } from "./ballot_errors.ts";
import {
  type BallotQuestion,
  checkElectors,
  checkQuestion,
  type ElectorRoll,
  isSameQuestion,
  type ProposeOptions,
} from "./ballot_proposal.ts";
import { parseBallot, parseCounter } from "./ballot_records.ts";
import { OPEN_MAX } from "./ballot_register.ts";
import { openBallot } from "./open_ballot.ts";

/** Opens ballots. */
export class BallotProposer {
  readonly #context: BallotContext;
  readonly #carrier: BallotCarrier;
  readonly #members: () => Promise<readonly NodeInfo[]>;

  /**
   * @param context The node.
   * @param carrier Notes when a ballot was first seen.
   * @param members Reads who is there.
   */
  constructor(
    context: BallotContext,
    carrier: BallotCarrier,
    members: () => Promise<readonly NodeInfo[]>,
  ) {
    this.#context = context;
    this.#carrier = carrier;
    this.#members = members;
  }

  /** See `Ballots.propose`. */
  async propose(
    topic: string,
    choices: readonly string[],
    options: ProposeOptions,
  ): Promise<Ballot> {
    const { signal } = options;
    signal?.throwIfAborted();
    const question = checkQuestion(topic, choices, options);
    const given = options.electors && checkElectors(options.electors, question.policy);
    const ballotId = checkIdentifier("ballotId", options.ballotId ?? crypto.randomUUID());
    const standing = await this.#standing(ballotId, question);
    if (standing) return standing;
    const electors = given ?? await this.#membersAsElectors(ballotId, question);
    const opened = await openBallot(this.#context, {
      ballot: this.#draft(ballotId, question, electors),
      electors,
      // An id of ours is new, and so can name the roll: a voter finds everything in one read then.
      roll: options.ballotId === undefined ? ballotId : crypto.randomUUID(),
      signal,
    });
    if (opened) {
      this.#context.counters.add("opened");
      this.#carrier.note(opened);
      return opened.ballot;
    }
    const winner = await this.#standing(ballotId, question);
    if (winner) return winner;
    throw new StoreUnavailableError("open the ballot", new Error("its electors were cleared away"));
  }

  /** @returns The ballot under an id if it asks the same; null when there is none and room for one. */
  async #standing(ballotId: string, question: BallotQuestion): Promise<Ballot | null> {
    const { store, keys, timeoutMs } = this.#context;
    const [entry, count] = await store.getMany([keys.ballot(ballotId), keys.openCount], {
      timeoutMs,
    });
    const stored = parseBallot(entry!);
    if (stored) {
      this.#carrier.note(stored);
      if (isSameQuestion(stored.ballot, question)) return stored.ballot;
      throw new BallotRefusedError(ballotId, BallotRefusal.ID_TAKEN, "open");
    }
    if (parseCounter(count!) < OPEN_MAX) return null;
    throw new BallotRefusedError(ballotId, BallotRefusal.TOO_MANY_OPEN, "open");
  }

  async #membersAsElectors(ballotId: string, question: BallotQuestion): Promise<ElectorRoll> {
    const ids = (await this.#members())
      .filter(({ status }) => status !== MemberStatus.DEAD)
      .map(({ instanceId }) => instanceId);
    if (ids.length > 0) return checkElectors(ids, question.policy);
    throw new BallotRefusedError(ballotId, BallotRefusal.NO_ELECTORS, "open");
  }

  #draft(ballotId: string, question: BallotQuestion, roll: ElectorRoll): Ballot {
    const { instanceId: proposer, store } = this.#context;
    const { electors, weight, vetoHolders } = roll;
    return new Ballot({
      ...question,
      ballotId,
      electors,
      weight,
      vetoHolders,
      proposer,
      openedAt: new Date(store.clock.now()).toISOString(),
      status: BallotStatus.OPEN,
      outcome: null,
    });
  }
}
