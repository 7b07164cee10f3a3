import { type Clock, systemClock } from "../../clock.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import { plainData } from "../engine/plain_data.ts";
import type { StepResults } from "../workflow/workflow_step.ts";
import { claimLostRuns } from "./claim_lost_runs.ts";
import { commitOnce } from "./commit_once.ts";
import { DurableRun } from "./durable_run.ts";
import type {
  ClaimLostOptions,
  DurableRunsOptions,
  NewRun,
  RunView,
  UnfinishedRun,
} from "./durable_runs_options.ts";
import { removeEndedRuns } from "./remove_ended_runs.ts";
import { RunRefusedError } from "./run_errors.ts";
import type { RunFence, RunStore } from "./run_store.ts";
import {
  readOwner,
  readResult,
  readRun,
  runKeys,
  type RunOwner,
  type StoredRun,
  writeOwner,
  writeRun,
} from "./stored_run.ts";

/** More results than a workflow has steps. */
const RESULTS_MAX = 1_000;
/** How often a take-over is tried when others take over meanwhile. */
const TAKE_OVERS_MAX = 5;
const INCARNATION = /^\S.{0,199}$/u;
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
 * for (const { runId, context: wire } of await runs.claimLost({ living })) {
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
    const { store, clock = systemClock, incarnation } = options;
    const { openMaxPerUser = 100, retentionMs = RETENTION_MS } = options;
    if (!(Number.isSafeInteger(openMaxPerUser) && openMaxPerUser >= 1 && openMaxPerUser <= 1e4)) {
      throw new RangeError(`openMaxPerUser must be 1 to 10000, got ${openMaxPerUser}`);
    }
    if (!(retentionMs >= 0 && retentionMs <= RETENTION_MAX_MS)) {
      throw new RangeError(`retentionMs must be 0 to ${RETENTION_MAX_MS}, got ${retentionMs}`);
    }
    if (incarnation !== undefined && !INCARNATION.test(incarnation)) {
      throw new TypeError(`incarnation must be a text of 1 to 200 characters, got ${incarnation}`);
    }
    this.#store = store;
    this.#clock = clock;
    this.#incarnation = incarnation;
    this.#openMax = openMaxPerUser;
    this.#retentionMs = retentionMs;
  }

  /**
   * Starts a run; this process owns it.
   *
   * @param options The run.
   * @returns The hold on it.
   * @throws {RunRefusedError} when there is one of its id, or its user has too many unfinished ones.
   * @throws {TypeError} when the context is none, or the state is nothing that JSON can carry.
   * @throws {RangeError} when context and state take more than 60,000 bytes.
   */
  async startRun({ context, workflow, state = null, fence }: NewRun): Promise<DurableRun> {
    const { runId, userId, threadId } = validateUserContext(context);
    const run = {
      runId,
      userId,
      threadId,
      workflow,
      state: plainData("state", state),
      context: JSON.parse(JSON.stringify(context)) as JsonObject,
      status: "running" as const,
      createdAt: this.#time(),
      endedAt: null,
    };
    await this.#refuseTooMany(runId, userId);
    const owner = this.#newOwner(1);
    const key = runKeys.run(runId);
    const version = await commitOnce(this.#store, {
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
    if (version === null) throw await this.#refusalOfStart(runId);
    return this.#hold(run, owner, version, fence, new Map());
  }

  /**
   * Takes a run over from whoever works on it, who can record nothing afterwards. Whether that one is
   * dead is the caller's to know.
   *
   * @param runId The run.
   * @param fence What entitles this process to it; it then holds for all that it records.
   * @returns The hold on it, with the results so far.
   * @throws {RunRefusedError} when there is no such run, it has ended, or the fence does not hold.
   */
  async takeOver(runId: string, fence?: RunFence): Promise<DurableRun> {
    for (let tries = 0; tries < TAKE_OVERS_MAX; tries++) {
      const run = await this.#find(runId);
      const entry = run.status === "running" ? await this.#store.get(runKeys.owner(runId)) : null;
      if (entry === null) throw new RunRefusedError(runId, "ended", "it has ended");
      const owner = this.#newOwner(readOwner(entry).term + 1);
      const key = runKeys.owner(runId);
      const version = await commitOnce(this.#store, {
        checks: [{ key, version: entry.version }],
        sets: [{ key, value: writeOwner(owner) }],
        ...(fence && { fence }),
        witness: key,
        nonce: owner.token,
      });
      // Read afterwards: who was superseded cannot add to them any more.
      if (version !== null) {
        return this.#hold(run, owner, version, fence, await this.#results(runId));
      }
      if (fence?.isValid() === false) break;
    }
    throw new RunRefusedError(runId, "fenced", "the fence does not hold, or others were faster");
  }

  /**
   * Makes this process the owner of runs whose owners have died; each is then to be resumed here, by
   * `WorkflowOrchestrator.resume`, or by {@link DurableRuns.takeOver}. Of the processes that ask at
   * the same time each run goes to one. Its former owner can record nothing any more.
   *
   * A run may be what its processes die of: `read(runId)` tells in `owner.term` how many worked on it.
   *
   * @param options Who lives, and how many runs.
   * @returns The runs; none when this process itself is not among those that live.
   * @throws {TypeError} when this process's incarnation was not told to the constructor.
   * @throws {RangeError} when the limit is out of range.
   * @throws {CorruptRunError} when the owner of a run cannot be read.
   */
  async claimLost(options: ClaimLostOptions): Promise<readonly StoredRun[]> {
    const own = { store: this.#store, incarnation: this.#incarnation };
    return await claimLostRuns({ ...own, newOwner: (term) => this.#newOwner(term) }, options);
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

  async #find(runId: string): Promise<StoredRun> {
    const entry = await this.#store.get(runKeys.run(runId));
    if (entry !== null) return readRun(entry);
    throw new RunRefusedError(runId, "not_found", "there is no such run");
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

  #hold(
    run: StoredRun,
    owner: RunOwner,
    ownerVersion: string,
    fence: RunFence | undefined,
    results: StepResults,
  ): DurableRun {
    const { store, clock } = { store: this.#store, clock: this.#clock };
    return new DurableRun({ store, clock, run, owner, ownerVersion, fence, results });
  }

  #newOwner(term: number): RunOwner {
    const incarnation = this.#incarnation ?? null;
    return { token: crypto.randomUUID(), term, takenAt: this.#time(), incarnation };
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
