import { type Clock, systemClock } from "../../clock.ts";
import type { StepResults } from "../workflow/workflow_step.ts";
import { claimLostRuns } from "./claim_lost_runs.ts";
import { ClaimedRuns } from "./claimed_runs.ts";
import { checkOptionNames } from "../option_names.ts";
import { commitOnce } from "./commit_once.ts";
import { DurableRun } from "./durable_run.ts";
import {
  type ClaimLostOptions,
  DURABLE_RUNS_OPTIONS,
  type DurableRunsOptions,
  type LostRuns,
  type NewRun,
  type RunView,
  type UnfinishedRun,
} from "./durable_runs_options.ts";
import { storedRunOf } from "./new_run.ts";
import { removeEndedRuns } from "./remove_ended_runs.ts";
import { RunRefusedError } from "./run_errors.ts";
import type { RunFence, RunStore } from "./run_store.ts";
import {
  readOwner,
  readResult,
  readRun,
  RESULTS_MAX,
  runKeys,
  type RunOwner,
  type RunStanding,
  writeOwner,
  writeRun,
} from "./stored_run.ts";
import { type TakenRun, takeOverRun, type Taker } from "./take_over_run.ts";

const INCARNATION = /^\S.{0,199}$/u;
const CLAIMS_MAX = 10;
const RETENTION_MS = 7 * 24 * 3_600_000;
const RETENTION_MAX_MS = 100 * 366 * 24 * 3_600_000;

/**
 * The runs that are to outlive the process which works on them: started once, with each step's result
 * recorded once, and gone on with by another process.
 *
 * It knows nobody's death; a cluster does. There are two ways to use that. Where every node works on
 * runs, each claims now and then those whose owners the cluster has given up: see
 * {@link DurableRuns.claimLost}. Where one node works on all of them, it does so while it leads: it
 * goes on with {@link DurableRuns.listUnfinished} under its term, which as the `fence` is then part of
 * all that is recorded.
 *
 * Run ids are one space for all users: take ids that are unique and cannot be guessed, as UUIDs. Whoever
 * knows the id of a run can learn here that it exists, and read it: whose it is, is for the caller to
 * compare.
 *
 * Not guaranteed: that a run is worked on. One that its process gave up without dying, with a
 * `RunInterruptedError` or as the store did not answer, is for that process to resume.
 *
 * @example What a node of a cluster does at its start and now and then
 * ```ts
 * import { LocalCoordinator } from "@baton/orchestration/coordination";
 * import {
 *   type Agent,
 *   defineWorkflow,
 *   DurableRuns,
 *   MemoryRunStore,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 *   WorkflowOrchestrator,
 * } from "@baton/orchestration/engines";
 *
 * const definition = defineWorkflow({ name: "costs", steps: [{ name: "sum" }] });
 * const agents = new Map<string, Agent>([["sum", () => ({ sum: 3 })]]);
 *
 * // A process started a run and was killed. In a cluster that is a KvRunStore in its store.
 * const store = new MemoryRunStore();
 * const killed = new DurableRuns({ store, incarnation: "killed" });
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * await killed.startRun({ context, workflow: "costs" });
 *
 * // In a cluster of processes it is a DistributedResilienceCoordinator.
 * await using node = new LocalCoordinator({ instanceId: "a" });
 * await node.startup();
 * const living = async () => {
 *   const nodes = await node.getNodes();
 *   return nodes.filter(({ status }) => status !== "dead").map(({ incarnation }) => incarnation);
 * };
 * const self = (await node.getNodes()).find(({ instanceId }) => instanceId === node.instanceId)!;
 * const runs = new DurableRuns({ store, incarnation: self.incarnation });
 * const { claimed, givenUp, corrupt } = await runs.claimLost({ living });
 * for (const { runId, error } of givenUp) console.warn(runId, error); // and tell its user
 * for (const error of corrupt) console.error(error);
 * for (const { runId, context: wire } of claimed) {
 *   const context = UserExecutionContext.fromDict(wire);
 *   await using engine = new UserExecutionEngine({ context, agents });
 *   await new WorkflowOrchestrator({ engine, runs }).resume(runId, { definition });
 * }
 * if ((await runs.read("r-1"))?.status !== "completed") throw new Error("nobody went on with it");
 * ```
 */
export class DurableRuns {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #incarnation: string | undefined;
  readonly #claims = new ClaimedRuns();
  readonly #claimsMax: number;
  readonly #openMax: number;
  readonly #retentionMs: number;

  /**
   * Makes it; nothing is read or written before it is asked to.
   *
   * @param options Where runs are kept, and how many.
   * @throws {RangeError} when a number is out of range.
   * @throws {TypeError} when the incarnation is no text of 1 to 200 characters.
   */
  constructor(options: DurableRunsOptions) {
    checkOptionNames("DurableRuns", options, DURABLE_RUNS_OPTIONS);
    const { store, clock = systemClock, incarnation } = options;
    const { openMaxPerUser = 100, claimsMax = CLAIMS_MAX, retentionMs = RETENTION_MS } = options;
    refuseCount("openMaxPerUser", openMaxPerUser, 10_000);
    refuseCount("claimsMax", claimsMax, 1_000);
    if (!(retentionMs >= 0 && retentionMs <= RETENTION_MAX_MS)) {
      throw new RangeError(`retentionMs must be 0 to ${RETENTION_MAX_MS}, got ${retentionMs}`);
    }
    if (incarnation !== undefined && !INCARNATION.test(incarnation)) {
      throw new TypeError(`incarnation must be a text of 1 to 200 characters, got ${incarnation}`);
    }
    this.#store = store;
    this.#clock = clock;
    this.#incarnation = incarnation;
    this.#claimsMax = claimsMax;
    this.#openMax = openMaxPerUser;
    this.#retentionMs = retentionMs;
  }

  /**
   * Starts a run; this process owns it.
   *
   * @param options The run.
   * @returns The hold on it.
   * @throws {RunRefusedError} when there is one of its id, or its user has too many unfinished ones.
   * @throws {TypeError} when the context is none, the state is nothing that JSON can carry, or the
   * fingerprint is no text of 1 to 200 characters without blanks.
   * @throws {RangeError} when an id has more than 200 characters or 490 bytes, or context and state are
   * too large: they have about 59,000 bytes together.
   */
  async startRun(options: NewRun): Promise<DurableRun> {
    const { fence } = options;
    const run = storedRunOf(options, this.#time());
    const { runId, userId } = run;
    await this.#refuseTooMany(runId, userId);
    const owner = this.#newOwner({ term: 1, claims: 0, recorded: 0 });
    const key = runKeys.run(runId);
    const ownerVersion = await commitOnce(this.#store, {
      checks: [{ key, version: null }],
      sets: [
        { key, value: writeRun(run, owner.token) },
        { key: runKeys.owner(runId), value: writeOwner(owner) },
        { key: runKeys.open(userId, runId), value: { created_at: run.createdAt } },
      ],
      ...(fence && { fence }),
      witness: key,
      nonce: owner.token,
    });
    if (ownerVersion === null) throw await this.#refusalOfStart(runId);
    // It is another run than one of its id that was claimed here, ended and was removed.
    this.#claims.forget(runId);
    return this.#hold({ run, owner, ownerVersion }, fence, new Map());
  }

  /**
   * Takes a run over from whoever works on it, who can record nothing afterwards. Whether that one is
   * dead is the caller's to know. A run that {@link DurableRuns.claimLost} gave to this process is taken
   * over only while no other process has claimed or taken it since. That holds until there is an answer:
   * asked again, it is taken over from whoever has it.
   *
   * @param runId The run.
   * @param fence What entitles this process to it; it then holds for all that it records.
   * @returns The hold on it, with the results so far.
   * @throws {RunRefusedError} when there is no such run, it has ended, or the fence does not hold.
   * @throws {RunSupersededError} when this process claimed it, and another has it since.
   */
  async takeOver(runId: string, fence?: RunFence): Promise<DurableRun> {
    const taken = await takeOverRun({ ...this.#worker, fence }, runId);
    // Read afterwards: who was superseded cannot add to them any more.
    const results = await this.#results(runId);
    this.#claims.forget(runId);
    return this.#hold(taken, fence, results);
  }

  /**
   * Makes this process the owner of runs whose owners have died; each is then to be resumed here, by
   * `WorkflowOrchestrator.resume`, or by {@link DurableRuns.takeOver}. Of the processes that ask at
   * the same time each run goes to one. Its former owner can record nothing any more.
   *
   * A run may be what its processes die of. One that was claimed `claimsMax` times ends as failed here
   * when its owner has died again; nobody else gives runs up, `takeOver` does not. What cannot be read
   * is passed over and shown. When the store fails in the middle, the next call here gives what this
   * one had found.
   *
   * @param options Who lives, and how many runs.
   * @returns The runs; none when this process itself is not among those that live.
   * @throws {TypeError} when this process's incarnation was not told to the constructor.
   * @throws {RangeError} when the limit is out of range.
   */
  async claimLost(options: ClaimLostOptions): Promise<LostRuns> {
    const own = { incarnation: this.#incarnation, claimsMax: this.#claimsMax };
    return await claimLostRuns({ ...this.#worker, ...own }, options);
  }

  /**
   * Reads a run without touching it.
   *
   * @param runId The run.
   * @returns What is known of it; null when there is none of that id.
   */
  async read(runId: string): Promise<RunView | null> {
    const found = await this.#store.get(runKeys.run(runId));
    if (found === null) return null;
    const owner = await this.#store.get(runKeys.owner(runId));
    const results = await this.#results(runId);
    return { ...readRun(found), owner: owner && readOwner(owner), results };
  }

  /**
   * Lists runs that have not ended, by user and id, whether somebody works on them or not.
   *
   * @param options How many at most, 1 to 10,000, and after which one.
   * @returns The runs.
   */
  async listUnfinished(
    { limit = 100, after }: { readonly limit?: number; readonly after?: UnfinishedRun } = {},
  ): Promise<readonly UnfinishedRun[]> {
    const from = after && { after: runKeys.open(after.userId, after.runId) };
    const entries = await this.#store.list(["open"], { limit, ...from });
    return entries.map(({ key }) => ({ userId: key[1]!, runId: key[2]! }));
  }

  /**
   * Takes away runs that ended longer ago than they are kept, the oldest first, with their results.
   * Nothing else removes them: the application calls this now and then, in one process or in many,
   * and again at once for as long as it removes as many as it may.
   *
   * @param limit How many at most, 1 to 1,000,000.
   * @returns How many were taken away.
   * @throws {RangeError} when the limit is out of range.
   */
  async removeEnded(limit = 100): Promise<number> {
    const before = new Date(this.#clock.now() - this.#retentionMs).toISOString();
    return await removeEndedRuns(this.#store, before, limit);
  }

  async #results(runId: string): Promise<StepResults> {
    const entries = await this.#store.list(runKeys.result(runId), { limit: RESULTS_MAX });
    const results = entries.map(readResult);
    return new Map(results.map((result) => [result.stepName, result]));
  }

  async #refuseTooMany(runId: string, userId: string): Promise<void> {
    const open = await this.#store.list(runKeys.open(userId), { limit: this.#openMax });
    if (open.length < this.#openMax) return;
    const message = `its user has ${open.length} unfinished runs, and may have no more`;
    throw new RunRefusedError(runId, "too_many", message);
  }

  async #refusalOfStart(runId: string): Promise<RunRefusedError> {
    const isThere = await this.#store.get(runKeys.run(runId)) !== null;
    return isThere
      ? new RunRefusedError(runId, "exists", "there is a run of that id")
      : new RunRefusedError(runId, "fenced", "the fence does not hold");
  }

  #hold(taken: TakenRun, fence: RunFence | undefined, results: StepResults): DurableRun {
    return new DurableRun({ ...taken, store: this.#store, clock: this.#clock, fence, results });
  }

  get #worker(): Omit<Taker, "fence"> {
    const newOwner = (standing: RunStanding) => this.#newOwner(standing);
    return { store: this.#store, claims: this.#claims, newOwner };
  }

  #newOwner({ term, claims, recorded }: RunStanding): RunOwner {
    const own = { token: crypto.randomUUID(), incarnation: this.#incarnation ?? null };
    return { ...own, term, claims, recorded, takenAt: this.#time() };
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function refuseCount(name: string, count: number, max: number): void {
  if (Number.isSafeInteger(count) && count >= 1 && count <= max) return;
  throw new RangeError(`${name} must be 1 to ${max}, got ${count}`);
}
