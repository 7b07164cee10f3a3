import { type Clock, systemClock } from "../../clock.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import { plainData } from "../engine/plain_data.ts";
import type { StepResults } from "../workflow/workflow_step.ts";
import { commitOnce } from "./commit_once.ts";
import { DurableRun } from "./durable_run.ts";
import type { DurableRunsOptions, NewRun, RunView, UnfinishedRun } from "./durable_runs_options.ts";
import { RunRefusedError } from "./run_errors.ts";
import type { RunFence, RunStore, RunStoreEntry } from "./run_store.ts";
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
const RETENTION_MS = 7 * 24 * 3_600_000;

/**
 * The runs that are to outlive the process which works on them: started once, with each step's result
 * recorded once, and taken over by another process when the application says so. It knows nobody's
 * death: who may take over follows from a leader's term or a claim to work, whose fence is then part
 * of all that is recorded.
 *
 * @example Another process goes on
 * ```ts
 * import {
 *   DurableRuns,
 *   MemoryRunStore,
 *   StepResult,
 *   UserExecutionContext,
 * } from "@baton/orchestration/engines";
 *
 * const store = new MemoryRunStore();
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * const first = await new DurableRuns({ store }).startRun({ context, workflow: "costs" });
 * const startedAt = "2026-01-01T10:00:00Z";
 * await first.begin("triage");
 * await first.record(new StepResult({ agentName: "triage", status: "completed", startedAt }));
 *
 * const runs = new DurableRuns({ store });
 * const [unfinished] = await runs.listUnfinished();
 * const second = await runs.takeOver(unfinished!.runId);
 * if (!second.results.has("triage") || second.term !== 2) throw new Error("unexpected");
 * const late = await first.end("completed").catch((error) => error.code);
 * if (late !== "RUN_SUPERSEDED") throw new Error("two owners");
 * ```
 */
export class DurableRuns {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #openMax: number;
  readonly #retentionMs: number;

  /**
   * Makes it; nothing is read or written before it is asked to.
   *
   * @param options Where runs are kept, and how many.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: DurableRunsOptions) {
    const { store, clock = systemClock, openMaxPerUser = 100, retentionMs = RETENTION_MS } =
      options;
    if (!(Number.isSafeInteger(openMaxPerUser) && openMaxPerUser >= 1 && openMaxPerUser <= 1e4)) {
      throw new RangeError(`openMaxPerUser must be 1 to 10000, got ${openMaxPerUser}`);
    }
    if (!(Number.isFinite(retentionMs) && retentionMs >= 0)) {
      throw new RangeError(`retentionMs must be at least 0, got ${retentionMs}`);
    }
    this.#store = store;
    this.#clock = clock;
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
   * Takes away runs that ended longer ago than they are kept. The application calls it now and then,
   * in one process or in many.
   *
   * @param limit How many at most.
   * @returns How many were taken away.
   */
  async removeEnded(limit = 100): Promise<number> {
    const before = new Date(this.#clock.now() - this.#retentionMs).toISOString();
    const entries = await this.#store.list(["ended"], { limit });
    let removed = 0;
    for (const entry of entries.filter(({ key }) => key[1]! <= before)) {
      if (await this.#remove(entry)) removed++;
    }
    return removed;
  }

  async #remove({ key, version }: RunStoreEntry): Promise<boolean> {
    const runId = key[2]!;
    const lists = [runKeys.result(runId), runKeys.begun(runId)].map((prefix) =>
      this.#store.list(prefix, { limit: RESULTS_MAX })
    );
    const below = (await Promise.all(lists)).flat().map((entry) => entry.key);
    // More than one change can hold: the run itself goes with the last of them.
    const last = below.splice(0, 400);
    for (let i = 0; i < below.length; i += 400) {
      await this.#store.commit({ deletes: below.slice(i, i + 400) });
    }
    const deletes = [key, runKeys.run(runId), ...last];
    return await this.#store.commit({ checks: [{ key, version }], deletes }) !== null;
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
    return { token: crypto.randomUUID(), term, takenAt: this.#time() };
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
