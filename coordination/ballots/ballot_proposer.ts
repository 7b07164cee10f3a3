import { BallotRefusal } from "../../enums/ballot_refusal.ts";
import { BallotStatus } from "../../enums/ballot_status.ts";
import { MemberStatus } from "../../enums/member_status.ts";
import { StoreUnavailableError } from "../errors.ts";
import { checkIdentifier } from "../identifiers.ts";
import type { NodeInfo } from "../node_info.ts";
import { aborted, UNNEEDED } from "../signals.ts";
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
  isSameRoll,
  type ProposeOptions,
} from "./ballot_proposal.ts";
import { parseBallot, parseCounter, parseElector, type StoredBallot } from "./ballot_records.ts";
import { OPEN_MAX } from "./ballot_register.ts";
import { openBallot } from "./open_ballot.ts";

/** A proposal that was found to be one. */
interface Proposal {
  readonly ballotId: string;
  /** Whether the proposer named the id: only then may a ballot stand under it. */
  readonly isNamed: boolean;
  readonly question: BallotQuestion;
  /** Those that were named; undefined for the members that are there. */
  readonly electors: ElectorRoll | undefined;
  readonly signal: AbortSignal;
}

/** Proposals of the same node that came before one and had not ended. */
interface Predecessors {
  readonly count: number;
  /** Resolves when all of them have ended. */
  readonly ended: Promise<void>;
}

/** Opens ballots. */
export class BallotProposer {
  readonly #context: BallotContext;
  readonly #carrier: BallotCarrier;
  readonly #members: () => Promise<readonly NodeInfo[]>;
  /** How many proposals of this node may yet open a ballot. */
  #underWay = 0;
  /** Resolves when all proposals so far have ended. */
  #ended: Promise<void> = Promise.resolve();

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

  /** See `Ballots.propose`; also ends with `closed`. */
  async propose(
    topic: string,
    choices: readonly string[],
    options: ProposeOptions,
    closed: AbortSignal,
  ): Promise<Ballot> {
    const proposal = checkProposal(topic, choices, options, closed);
    proposal.signal.throwIfAborted();
    const opening = this.#open(proposal, { count: this.#underWay++, ended: this.#ended });
    const ended = opening.catch(() => {}).then(() => void this.#underWay--);
    this.#ended = this.#ended.then(() => ended);
    return await opening;
  }

  async #open(proposal: Proposal, ahead: Predecessors): Promise<Ballot> {
    const { ballotId, question, signal } = proposal;
    const standing = await this.#standing(proposal, ahead);
    if (standing) return standing;
    const electors = proposal.electors ?? await this.#membersAsElectors(proposal);
    const opened = await openBallot(this.#context, {
      ballot: this.#draft(ballotId, question, electors),
      electors,
      // An id of ours is new, and so can name the roll: a voter finds everything in one read then.
      roll: proposal.isNamed ? crypto.randomUUID() : ballotId,
      signal,
    });
    if (opened) {
      this.#context.counters.add("opened");
      this.#carrier.note(opened);
      return opened.ballot;
    }
    const winner = await this.#standing(proposal, ahead);
    if (winner) return winner;
    throw new StoreUnavailableError("open the ballot", new Error("its electors were cleared away"));
  }

  /**
   * Those that are ahead may have opened their ballots before the number was read, or may yet. Where
   * that makes a difference they are awaited; whoever comes later counts this one in.
   *
   * @returns The ballot under an id if it asks the same; null when there is none and room for one.
   */
  async #standing(proposal: Proposal, ahead: Predecessors): Promise<Ballot | null> {
    const { store, keys, timeoutMs } = this.#context;
    const { ballotId, question, signal } = proposal;
    const wanted = [keys.ballot(ballotId), keys.openCount];
    const [entry, count] = await store.getMany(wanted, { timeoutMs });
    const stored = parseBallot(entry!);
    if (stored) {
      this.#carrier.note(stored);
      const isSame = isSameQuestion(stored.ballot, question) &&
        await this.#hasElectors(stored, proposal.electors);
      if (isSame) return stored.ballot;
      throw new BallotRefusedError(ballotId, BallotRefusal.ID_TAKEN, "open");
    }
    const open = parseCounter(count!);
    if (open + ahead.count < OPEN_MAX) return null;
    if (open >= OPEN_MAX) {
      throw new BallotRefusedError(ballotId, BallotRefusal.TOO_MANY_OPEN, "open");
    }
    await untilEnded(ahead, signal);
    return await this.#standing(proposal, { ...ahead, count: 0 });
  }

  /** Whether a ballot has the electors that a proposal names; one that names none takes any. */
  async #hasElectors(
    { ballot, roll }: StoredBallot,
    named: ElectorRoll | undefined,
  ): Promise<boolean> {
    if (named === undefined) return true;
    const { electors, weight, vetoHolders } = named;
    const isSameSize = ballot.electors === electors && ballot.weight === weight &&
      ballot.vetoHolders === vetoHolders;
    if (!isSameSize) return false;
    const { store, keys, timeoutMs } = this.#context;
    const entries = await store.list(keys.electors(roll), { timeoutMs });
    return isSameRoll(named.entries, entries.map((entry) => parseElector(entry)!));
  }

  async #membersAsElectors({ ballotId, question, signal }: Proposal): Promise<ElectorRoll> {
    const ids = (await this.#members())
      .filter(({ status }) => status !== MemberStatus.DEAD)
      .map(({ instanceId }) => instanceId);
    if (ids.length > 0) return checkElectors(ids, question.policy);
    signal.throwIfAborted(); // a node that is shut down lists no members
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

function checkProposal(
  topic: string,
  choices: readonly string[],
  options: ProposeOptions,
  closed: AbortSignal,
): Proposal {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options must be an object with deadlineMs, got ${String(options)}`);
  }
  const { electors, signal } = options;
  const question = checkQuestion(topic, choices, options);
  return {
    ballotId: checkIdentifier("ballotId", options.ballotId ?? crypto.randomUUID()),
    isNamed: options.ballotId !== undefined,
    question,
    electors: electors === undefined ? undefined : checkElectors(electors, question.policy),
    signal: signal ? AbortSignal.any([signal, closed]) : closed,
  };
}

async function untilEnded({ ended }: Predecessors, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  await Promise.race([ended, aborted(signal, over.signal)]);
  over.abort(UNNEEDED);
  signal.throwIfAborted();
}
