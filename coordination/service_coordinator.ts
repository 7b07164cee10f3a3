import type { Ballot } from "./ballots/ballot.ts";
import type { BallotCertificate } from "./ballots/ballot_certificate.ts";
import type { BallotRecount } from "./ballots/ballot_audit.ts";
import type { ProposeOptions } from "./ballots/ballot_proposal.ts";
import type { BallotWaitOptions, ListBallotsOptions } from "./ballots/ballots_options.ts";
import type { ClusterServices } from "./cluster_services.ts";
import type { ServiceMethods } from "./service_methods.ts";
import { checkWaitOptions } from "./work/check_input.ts";
import type { Claim } from "./work/claim.ts";
import type { WorkInfo } from "./work/work_info.ts";
import type { WorkItem } from "./work/work_item.ts";
import type { AssignOptions, WorkOptions } from "./work/work_options.ts";
import type { WorkFilter } from "./work/work_shelf.ts";

/** What all coordinators have in common: their ballots and their work. */
export abstract class ServiceCoordinator implements ServiceMethods {
  /**
   * Finds what carries ballots and work.
   *
   * @param operation What is asked, for the error.
   * @throws {NotRunningError} unless the node runs.
   *
   * @internal
   */
  protected abstract services(operation: string): Promise<ClusterServices>;

  /** Opens a ballot; see {@link ServiceMethods.propose}. */
  async propose(
    topic: string,
    choices: readonly string[],
    options: ProposeOptions,
  ): Promise<Ballot> {
    const { ballots, waits } = await this.services("propose");
    return await waits.until(
      (signal) => ballots.propose(topic, choices, { ...options, signal }),
      options?.signal,
    );
  }

  /** Votes; see {@link ServiceMethods.vote}. */
  async vote(ballotId: string, choice: string): Promise<void> {
    await (await this.services("vote")).ballots.vote(ballotId, choice);
  }

  /** Takes part without a choice; see {@link ServiceMethods.abstain}. */
  async abstain(ballotId: string): Promise<void> {
    await (await this.services("abstain")).ballots.abstain(ballotId);
  }

  /** Reads a ballot; see {@link ServiceMethods.getBallot}. */
  async getBallot(ballotId: string): Promise<Ballot | null> {
    return await (await this.services("read a ballot")).ballots.getBallot(ballotId);
  }

  /** Reads several ballots; see {@link ServiceMethods.listBallots}. */
  async listBallots(options: ListBallotsOptions = {}): Promise<Ballot[]> {
    return await (await this.services("list ballots")).ballots.listBallots(options);
  }

  /** Waits for a decision; see {@link ServiceMethods.decided}. */
  async decided(ballotId: string, options: BallotWaitOptions = {}): Promise<Ballot> {
    const { ballots, waits } = await this.services("await a decision");
    const { signal: own } = checkWaitOptions(options);
    return await waits.until((signal) => ballots.decided(ballotId, { signal }), own);
  }

  /** Follows what this node may vote on; see {@link ServiceMethods.openBallots}. */
  async *openBallots(options: BallotWaitOptions = {}): AsyncGenerator<Ballot, void, undefined> {
    const { ballots, waits } = await this.services("follow ballots");
    const { signal: own } = checkWaitOptions(options);
    yield* waits.follow((signal) => ballots.openBallots({ signal }), own);
  }

  /** Counts votes again; see {@link ServiceMethods.recount}. */
  async recount(ballotId: string): Promise<BallotRecount> {
    return await (await this.services("recount")).ballots.recount(ballotId);
  }

  /** Reads every vote; see {@link ServiceMethods.certificate}. */
  async certificate(ballotId: string): Promise<BallotCertificate> {
    return await (await this.services("certify")).ballots.certificate(ballotId);
  }

  /** Has an item done; see {@link ServiceMethods.assignWork}. */
  async assignWork(item: WorkItem, options: AssignOptions = {}): Promise<string> {
    const { work, waits } = await this.services("assign work");
    const { signal: own } = checkWaitOptions(options);
    return await waits.until((signal) => work.assignWork(item, { ...options, signal }), own);
  }

  /** Takes work; see {@link ServiceMethods.work}. */
  async *work(options: WorkOptions = {}): AsyncGenerator<Claim, void, undefined> {
    const { work, waits } = await this.services("take work");
    const { signal: own } = checkWaitOptions(options);
    yield* waits.follow((signal) => work.work({ ...options, signal }), own);
  }

  /** Reads an item; see {@link ServiceMethods.getWork}. */
  async getWork(id: string): Promise<WorkInfo | null> {
    return await (await this.services("read work")).work.getWork(id);
  }

  /** Lists items; see {@link ServiceMethods.listWork}. */
  async listWork(filter: WorkFilter = {}): Promise<WorkInfo[]> {
    return await (await this.services("list work")).work.listWork(filter);
  }

  /** Drives a dead item again; see {@link ServiceMethods.redriveWork}. */
  async redriveWork(id: string): Promise<boolean> {
    return await (await this.services("drive work again")).work.redriveWork(id);
  }

  /** Removes a dead item; see {@link ServiceMethods.dropWork}. */
  async dropWork(id: string): Promise<boolean> {
    return await (await this.services("drop work")).work.dropWork(id);
  }

  /** Counts unfinished items; see {@link ServiceMethods.backlog}. */
  async backlog(): Promise<number> {
    return await (await this.services("count work")).work.backlog();
  }
}
