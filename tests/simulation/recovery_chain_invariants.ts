import { RecoveryResult } from "../../enums/recovery_result.ts";
import type { RecoveryActionDict } from "../../orchestration/recovery/recovery_action_dict.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import type { Execution, RecoveryChain } from "../../orchestration/recovery/recovery_chain.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { RecoveryEffects } from "./recovery_effects.ts";
import type { LaneCommit, Move, Writer } from "./recovery_commits.ts";

/** Attempts of one decision that are cut short before it is given up. */
const INTERRUPTIONS_MAX = 3;

/** Where a chain was moved to last, and by which process. */
interface Place {
  readonly chain: RecoveryChain;
  readonly lane: string;
  readonly process: string | null;
  readonly atMs: number;
}

/**
 * R1 each step of a chain is decided once, R2 steps are taken one after the other, none is skipped,
 * and each leaves its entry: checked at every commit.
 */
export class RecoveryChainInvariants {
  readonly #cluster: SimCluster;
  readonly #effects: RecoveryEffects;
  readonly #places: Map<string, Place> = new Map();
  readonly #decided: Map<string, string> = new Map();
  readonly #ended: Map<string, RecoveryChain> = new Map();

  constructor(cluster: SimCluster, effects: RecoveryEffects) {
    this.#cluster = cluster;
    this.#effects = effects;
  }

  /** Chains that are under way, and since when they stand where they do. */
  get places(): ReadonlyMap<string, Place> {
    return this.#places;
  }

  /** How many chains ended. */
  get ended(): ReadonlyMap<string, RecoveryChain> {
    return this.#ended;
  }

  /** The store was set back: what stands there is where chains are. */
  reset(all: readonly LaneCommit[]): void {
    this.#places.clear();
    this.#decided.clear();
    this.#ended.clear();
    for (const { lane, chains } of all) {
      for (const { id, after } of chains) {
        this.#places.set(id, {
          chain: after!,
          lane,
          process: null,
          atMs: this.#cluster.time.nowMs,
        });
      }
    }
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed(commit: LaneCommit): void {
    if (commit.chains.length > 1) throw new Error("R2: one commit moves two chains");
    for (const move of commit.chains) this.#moved(commit, move);
    if (commit.chains.length > 0) return;
    const ofStep = commit.entries.find(({ after }) => after !== null && after.step > 0);
    if (ofStep) throw new Error(`R2: an entry of ${ofStep.after!.chain_id} without a move of it`);
  }

  #moved(commit: LaneCommit, { id, before, after }: Move<RecoveryChain>): void {
    const { lane, writer, atMs, entries } = commit;
    if (writer === null) throw new Error(`R8: ${id} was moved without the ledger`);
    if (before === null) this.#began(id, after);
    else this.#went(commit, before, after);
    if (before !== null && after !== null) this.#seeTakeover(id, before, writer);
    if (after === null) this.#places.delete(id);
    else this.#places.set(id, { chain: after, lane, process: writer.process, atMs });
    if (after === null && before !== null) this.#ended.set(id, withLast(before, entries));
  }

  #began(id: string, after: RecoveryChain | null): void {
    const isFresh = after !== null && after.outcomes.length === 0 && after.at.kind === "deciding";
    if (!isFresh || this.#places.has(id) || this.#ended.has(id)) {
      throw new Error(`R2: chain ${id} does not begin at its beginning, or not once`);
    }
  }

  #went(commit: LaneCommit, before: RecoveryChain, after: RecoveryChain | null): void {
    const { id } = before;
    const isSame = after === null ||
      JSON.stringify([after.cause, after.steps]) === JSON.stringify([before.cause, before.steps]);
    if (!isSame) throw new Error(`R2: chain ${id} was changed under way`);
    const step = before.outcomes.length;
    const steps = after?.outcomes.length ?? before.steps.length;
    if (steps === step) return this.#changedPlace(commit, before, after!);
    if (steps !== step + 1) throw new Error(`R2: chain ${id} goes from step ${step} to ${steps}`);
    const kept = JSON.stringify(after?.outcomes.slice(0, step) ?? before.outcomes);
    if (kept !== JSON.stringify(before.outcomes)) throw new Error(`R1: ${id} forgets an outcome`);
    if (after !== null && after.at.kind !== "deciding") throw new Error(`R2: ${id} skips deciding`);
    this.#stepEnded(commit, before, after);
  }

  /** An outcome, and exactly one entry that says the same. */
  #stepEnded(commit: LaneCommit, before: RecoveryChain, after: RecoveryChain | null): void {
    const written = commit.entries.filter((move) => move.after !== null);
    const [entry] = written;
    if (written.length !== 1) {
      throw new Error(`R2: ${written.length} entries of a step of ${before.id}`);
    }
    const step = before.outcomes.length;
    const { result, step: entryStep, action_type: action } = entry!.after!;
    const told = after?.outcomes.at(-1);
    if (told && told.result !== result) {
      throw new Error(`R2: the entry says ${result}, not ${told.result}`);
    }
    if (entryStep !== step + 1 || action !== before.steps[step]!.action) {
      throw new Error(`R2: an entry of another step than ${step + 1} of ${before.id}`);
    }
    const isRepeat = entry!.before !== null;
    if (!isRepeat && entry!.after!.chain_id !== before.id) {
      throw new Error(`R2: an entry of another chain`);
    }
    const hasRun = before.at.kind !== "deciding";
    const isEnd = result === RecoveryResult.SUCCESS || result === RecoveryResult.FAILED;
    if (hasRun !== isEnd) throw new Error(`R1: step ${step + 1} of ${before.id} ends ${result}`);
    if (before.at.kind !== "deciding") this.#executionEnded(before.at.execution, entry!.after!);
    this.#seeResult(entry!.after!);
  }

  #executionEnded({ id, attempt, interruptions }: Execution, entry: RecoveryActionDict): void {
    if (entry.id !== id || entry.attempts !== attempt) {
      throw new Error(`R1: the entry of ${id}/${attempt} says ${entry.id}/${entry.attempts}`);
    }
    if (entry.result === RecoveryResult.SUCCESS && !this.#effects.hasSucceeded(id, attempt)) {
      throw new Error(`R3: ${id}/${attempt} is said to have succeeded`);
    }
    if (entry.error?.startsWith("interrupted, and not run again")) {
      this.#cluster.witness("an interrupted action was not run again");
    } else if (entry.error?.startsWith("interrupted")) {
      if (interruptions < INTERRUPTIONS_MAX - 1) throw new Error(`R3: ${id} is given up too soon`);
      this.#cluster.witness("an action was given up after interruptions");
    }
  }

  #changedPlace(commit: LaneCommit, before: RecoveryChain, after: RecoveryChain): void {
    const [from, to] = [before.at, after.at];
    const { id } = before;
    if (to.kind === "deciding") throw new Error(`R2: chain ${id} goes back to deciding`);
    if (commit.entries.some((move) => move.after !== null)) {
      throw new Error(`R2: an entry of ${id} though no step is over`);
    }
    const { execution } = to;
    if (from.kind === "deciding") return this.#wasDecided(before, to.kind, execution);
    const isSame = JSON.stringify({ ...from.execution, attempt: 0, interruptions: 0 }) ===
      JSON.stringify({ ...execution, attempt: 0, interruptions: 0 });
    if (!isSame) {
      throw new Error(`R1: step ${before.outcomes.length + 1} of ${id} is decided twice`);
    }
    const attempts = execution.attempt - from.execution.attempt;
    const interruptions = execution.interruptions - from.execution.interruptions;
    if (to.kind === "verifying") {
      const checks = from.kind === "verifying" ? to.checks - from.checks : to.checks + 1;
      if (attempts + interruptions !== 0 || checks !== 1) {
        throw new Error(`R2: ${id} skips a check`);
      }
      return;
    }
    if (from.kind !== "running") throw new Error(`R2: ${id} runs again after it was verified`);
    if (attempts !== 1 || interruptions < 0 || interruptions > 1) {
      throw new Error(`R3: ${id} skips an attempt, or makes one twice`);
    }
    if (execution.interruptions >= INTERRUPTIONS_MAX) throw new Error(`R3: ${id} goes on for ever`);
    this.#seeAttempt(commit.lane, from.execution, interruptions === 1);
  }

  #wasDecided(
    before: RecoveryChain,
    kind: string,
    { id, attempt, interruptions }: Execution,
  ): void {
    if (kind !== "running" || attempt !== 1 || interruptions !== 0) {
      throw new Error(`R3: the first attempt at ${id} is none`);
    }
    const step = `${before.id}/${before.outcomes.length}`;
    const other = this.#decided.get(step);
    if (other !== undefined) throw new Error(`R1: step ${step} is decided twice: ${other}, ${id}`);
    this.#decided.set(step, id);
  }

  // Witnesses

  #seeAttempt(lane: string, from: Execution, isInterrupted: boolean): void {
    if (!isInterrupted) return this.#cluster.witness("an action was tried again");
    this.#cluster.witness("an action was resumed");
    if (lane !== CLUSTER_LANE) return;
    const effect = this.#effects.of(from.id, from.attempt);
    if (effect === undefined) this.#cluster.witness("a leader died between decision and effect");
    else if (effect.endedMs === null) this.#cluster.witness("a leader died during an effect");
    else this.#cluster.witness("a leader died between effect and outcome");
  }

  #seeTakeover(id: string, before: RecoveryChain, { process }: Writer): void {
    const last = this.#places.get(id)?.process;
    if (last === undefined || last === process || this.#places.get(id)?.lane !== CLUSTER_LANE) {
      return;
    }
    if (before.at.kind === "verifying") this.#cluster.witness("a leader died during verification");
    if (before.at.kind === "deciding" && before.outcomes.length > 0) {
      this.#cluster.witness("a leader died between two steps");
    }
  }

  #seeResult({ result, escalated, verified, repeats }: RecoveryActionDict): void {
    this.#cluster.witness(`result ${result}`);
    if (escalated) this.#cluster.witness("a step was brought on by a failure");
    if (verified) this.#cluster.witness("an action was seen to help");
    if (repeats > 0) this.#cluster.witness("a refusal was counted, not told again");
  }
}

function withLast(
  chain: RecoveryChain,
  entries: readonly Move<RecoveryActionDict>[],
): RecoveryChain {
  const { result, verified } = entries.find(({ after }) => after !== null)!.after!;
  const { action } = chain.steps[chain.outcomes.length]!;
  return { ...chain, outcomes: [...chain.outcomes, { action, result, verified }] };
}
