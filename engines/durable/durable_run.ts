import type { Clock } from "../../clock.ts";
import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import type { StepResult } from "../workflow/step_result.ts";
import type { StepResults } from "../workflow/workflow_step.ts";
import { commitOnce } from "./commit_once.ts";
import { changeOfEnd, endedRun } from "./ended_run.ts";
import { recordableResult } from "./recordable_result.ts";
import { RunSupersededError } from "./run_errors.ts";
import type { RunFence, RunStore, RunStoreChange, RunStoreKey } from "./run_store.ts";
import {
  readBegun,
  runKeys,
  type RunOwner,
  type RunStatus,
  type StoredRun,
  writeBegun,
  writeResult,
} from "./stored_run.ts";

/** What a worker's hold on a run is made of; `DurableRuns` makes it. */
export interface DurableRunParts {
  /** Where the run is kept. */
  readonly store: RunStore;
  /** Says when it ended. */
  readonly clock: Clock;
  /** The run. */
  readonly run: StoredRun;
  /** The worker. */
  readonly owner: RunOwner;
  /** The version of the record that says that the worker owns the run. */
  readonly ownerVersion: string;
  /** What entitles the worker to work at all; undefined for nothing else. */
  readonly fence: RunFence | undefined;
  /** What was recorded before. */
  readonly results: StepResults;
}

/**
 * A worker's hold on a run. What it records is recorded once, and only while it owns the run: as soon
 * as another took over, everything here throws {@link RunSupersededError} and nothing changes.
 *
 * Not guaranteed: that a step's effects happen once. A worker may die between an effect and the record
 * of it, and the next one begins the step again: {@link DurableRun.begin} then says so.
 */
export class DurableRun {
  readonly #parts: DurableRunParts;
  readonly #results: Map<string, StepResult>;

  /**
   * Makes a hold on a run. An application has it from `DurableRuns`.
   *
   * @param parts What it is made of.
   */
  constructor(parts: DurableRunParts) {
    this.#parts = parts;
    this.#results = new Map(parts.results);
  }

  /** The run's id. */
  get runId(): string {
    return this.#parts.run.runId;
  }

  /** Whose run it is. */
  get userId(): string {
    return this.#parts.run.userId;
  }

  /** The conversation. */
  get threadId(): string {
    return this.#parts.run.threadId;
  }

  /** The name of its workflow. */
  get workflow(): string {
    return this.#parts.run.workflow;
  }

  /** What its agents work on, as it was when the run was started. */
  get state(): JsonValue {
    return this.#parts.run.state;
  }

  /** Its context in wire form, for `UserExecutionContext.fromDict`. */
  get context(): JsonObject {
    return this.#parts.run.context;
  }

  /** How many workers have owned it, this one included. */
  get term(): number {
    return this.#parts.owner.term;
  }

  /** The results that are recorded, by step. */
  get results(): StepResults {
    return new Map(this.#results);
  }

  /**
   * Notes that a step is about to begin, before it has any effect.
   *
   * @param stepName The step.
   * @returns How often it was begun, this time included: from 2 on it may have had its effects already.
   * @throws {RunSupersededError} when the run is not this worker's any more.
   * @throws {TypeError} when its name can be no part of a key, as one of more than 200 characters.
   */
  async begin(stepName: string): Promise<number> {
    const { store } = this.#parts;
    const key = runKeys.begun(this.runId, stepName);
    const found = await store.get(key);
    const times = (found === null ? 0 : readBegun(found)) + 1;
    await this.#commit(key, (nonce) => ({
      checks: [{ key, version: found?.version ?? null }],
      sets: [{ key, value: writeBegun(times, nonce) }],
    }));
    return times;
  }

  /**
   * Records how a step ended, once.
   *
   * @param result How.
   * @returns What is recorded: the result, or a failed one in its place when it takes more than 60,000
   * bytes as JSON.
   * @throws {RunSupersededError} when the run is not this worker's any more, or has such a result.
   */
  async record(result: StepResult): Promise<StepResult> {
    const recorded = recordableResult(result);
    const key = runKeys.result(this.runId, result.stepName);
    await this.#commit(key, (nonce) => ({
      checks: [{ key, version: null }],
      sets: [{ key, value: writeResult(recorded, nonce) }],
    }));
    this.#results.set(recorded.stepName, recorded);
    return recorded;
  }

  /**
   * Ends the run; nothing is recorded afterwards.
   *
   * @param status How it ended.
   * @throws {RunSupersededError} when it is not this worker's any more.
   */
  async end(status: Exclude<RunStatus, "running">): Promise<void> {
    const { run, clock } = this.#parts;
    const ended = endedRun(run, status, new Date(clock.now()).toISOString());
    await this.#commit(runKeys.run(this.runId), (nonce) => changeOfEnd(ended, nonce));
  }

  /** Every change holds on to the record of the owner, which a take-over replaces. */
  async #commit(
    witness: RunStoreKey,
    compose: (nonce: string) => RunStoreChange,
  ): Promise<void> {
    const { store, ownerVersion, fence } = this.#parts;
    const nonce = crypto.randomUUID();
    const { checks = [], ...change } = compose(nonce);
    const version = await commitOnce(store, {
      ...change,
      checks: [{ key: runKeys.owner(this.runId), version: ownerVersion }, ...checks],
      ...(fence && { fence }),
      witness,
      nonce,
    });
    if (version === null) throw new RunSupersededError(this.runId);
  }
}
