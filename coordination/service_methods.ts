import type { Ballot } from "./ballots/ballot.ts";
import type { BallotCertificate } from "./ballots/ballot_certificate.ts";
import type { BallotRecount } from "./ballots/ballot_audit.ts";
import type { ProposeOptions } from "./ballots/ballot_proposal.ts";
import type { BallotWaitOptions, ListBallotsOptions } from "./ballots/ballots_options.ts";
import type { Claim } from "./work/claim.ts";
import type { WorkInfo } from "./work/work_info.ts";
import type { WorkItem } from "./work/work_item.ts";
import type { AssignOptions, WorkOptions } from "./work/work_options.ts";
import type { WorkFilter } from "./work/work_shelf.ts";

/**
 * What a node of a cluster offers besides being a member: ballots, which the members decide once, and
 * work, which is never lost. All of it throws a `NotRunningError` before startup and after shutdown,
 * loops with their first turn.
 *
 * The shutdown ends what waits with an `AbortError`, and loops without one. It waits for neither the
 * body of a loop nor claims that were handed out: end those first, or others will do their work again.
 */
export interface ServiceMethods {
  /**
   * Opens a ballot. Its electors are fixed from then on: the members that are not dead, or those
   * that are named.
   *
   * @param topic What is asked, 1 to 256 characters.
   * @param choices What may be voted for: 2 to 32 texts of 1 to 256 characters.
   * @param options The deadline in ms, who may vote, and what passes.
   * @returns The open ballot; the standing one when the same was proposed under the same `ballotId`.
   * @throws {BallotRefusedError} when another question stands under the id, or the same with other
   * electors than those that are named; when too many ballots are open, or there is no elector.
   * @throws {TypeError} when a text, an elector or the policy is none.
   * @throws {RangeError} when a number or a length is out of range.
   * @throws {StoreUnavailableError} when it is not known whether the ballot opened: propose again
   * under the same `ballotId`.
   * @throws The signal's reason, or an `AbortError` when the node is shut down.
   */
  propose(topic: string, choices: readonly string[], options: ProposeOptions): Promise<Ballot>;

  /**
   * Votes, once for this member. Voting again for the same choice changes nothing and succeeds. When
   * the deadline has passed by this node's clock, the ballot is closed and the vote refused.
   *
   * @param ballotId The ballot.
   * @param choice One of its choices.
   * @returns When the vote is counted.
   * @throws {VoteRefusedError} when it is not counted: too late, not an elector, voted otherwise.
   * @throws {StoreUnavailableError} when it is not known whether it is counted: vote again.
   */
  vote(ballotId: string, choice: string): Promise<void>;

  /**
   * Takes part in a ballot without a choice.
   *
   * @param ballotId The ballot.
   * @returns When the abstention is counted.
   * @throws {VoteRefusedError} when it is not counted.
   * @throws {StoreUnavailableError} when it is not known whether it is counted: abstain again.
   */
  abstain(ballotId: string): Promise<void>;

  /**
   * Reads a ballot.
   *
   * @param ballotId The ballot.
   * @returns The ballot; null when there is none, or not any more.
   */
  getBallot(ballotId: string): Promise<Ballot | null>;

  /**
   * Reads several ballots.
   *
   * @param options Which ones, and how many at most.
   * @returns The first of them, in the order of their ids.
   */
  listBallots(options?: ListBallotsOptions): Promise<Ballot[]>;

  /**
   * Waits until a ballot is decided, and sees to it that it is.
   *
   * @param ballotId The ballot.
   * @param options The signal that ends the wait.
   * @returns The decided ballot.
   * @throws {BallotRefusedError} when there is no such ballot.
   * @throws The signal's reason, or an `AbortError` when the node is shut down.
   */
  decided(ballotId: string, options?: BallotWaitOptions): Promise<Ballot>;

  /**
   * Follows the open ballots on which this node may vote and has not voted yet.
   *
   * @param options The signal that ends the loop.
   * @returns Each such ballot.
   */
  openBallots(options?: BallotWaitOptions): AsyncGenerator<Ballot, void, undefined>;

  /**
   * Counts the votes of a decided ballot one by one.
   *
   * @param ballotId The ballot.
   * @returns What was counted beside what the outcome says: the same, or the store lied.
   */
  recount(ballotId: string): Promise<BallotRecount>;

  /**
   * Reads a decided ballot with every vote and the versionstamps of all that happened.
   *
   * @param ballotId The ballot.
   * @returns The certificate.
   */
  certificate(ballotId: string): Promise<BallotCertificate>;

  /**
   * Has an item done by the best member: alive, healthy, least loaded, with the item's labels. Once
   * this has answered, the item is not lost: it ends with one recorded result, or as a dead letter.
   *
   * @param item What is to be done, and by whom it may be.
   * @param options How long to wait.
   * @returns The id of the instance to which it was assigned. It may pass to another later.
   * @throws {WorkRefusedError} when it is too large, the backlog is full, nobody takes such work, or
   * another item has its id.
   * @throws {WorkUnacknowledgedError} when nobody acknowledged it in time: assigning it again under
   * the same id is safe.
   * @throws The signal's reason, or an `AbortError` when the node is shut down; the item is taken
   * back then if it still can be.
   */
  assignWork(item: WorkItem, options?: AssignOptions): Promise<string>;

  /**
   * Takes work that is assigned to this node, one claim after the other. While such a loop runs, the
   * node's heartbeat says that it takes work; without one it is assigned none.
   *
   * @param options What ends the loop, and how many claims may be open at once.
   * @returns The claims; each must be completed, failed or released.
   */
  work(options?: WorkOptions): AsyncGenerator<Claim, void, undefined>;

  /**
   * Reads an item of work.
   *
   * @param id Its id.
   * @returns The item as it stands; null when there is none, or it was completed long ago.
   */
  getWork(id: string): Promise<WorkInfo | null>;

  /**
   * Lists items of work.
   *
   * @param filter Which ones, and how many.
   * @returns The items.
   */
  listWork(filter?: WorkFilter): Promise<WorkInfo[]>;

  /**
   * Drives a dead item again, with all its attempts.
   *
   * @param id Its id.
   * @returns Whether this call did it; false when there is no dead item of that id.
   */
  redriveWork(id: string): Promise<boolean>;

  /**
   * Removes a dead item for good.
   *
   * @param id Its id.
   * @returns Whether this call did it; false when there is no dead item of that id.
   */
  dropWork(id: string): Promise<boolean>;

  /**
   * Counts the items of the cluster that are neither completed nor dead.
   *
   * @returns How many.
   */
  backlog(): Promise<number>;
}
