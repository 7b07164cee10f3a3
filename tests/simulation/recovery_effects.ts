import type { ActionContext } from "../../orchestration/recovery/action_handler.ts";
import type { RecoveryChain } from "../../orchestration/recovery/recovery_chain.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import type { LaneCommit } from "./recovery_commits.ts";

/** What an action truly did: written down beside the store. */
export interface Effect {
  readonly node: string;
  readonly action: string;
  readonly fence: string | null;
  readonly begunMs: number;
  endedMs: number | null;
  hasSucceeded: boolean;
}

/** An attempt that was stored, and of which step. */
interface Stored {
  readonly lane: string;
  readonly chain: string;
  readonly step: number;
  readonly action: string;
}

/**
 * R3 an action has an effect only after its attempt is in the store, each attempt at most once, and
 * later ones only after earlier ones, except under a fence that is no longer in force.
 */
export class RecoveryEffects {
  readonly #cluster: SimCluster;
  readonly #currentTerm: () => number | null;
  readonly #stored: Map<string, Stored> = new Map();
  readonly #chains: Map<string, RecoveryChain> = new Map();
  readonly #begun: Map<string, Effect> = new Map();
  #isVoid = false;

  constructor(cluster: SimCluster, currentTerm: () => number | null) {
    this.#cluster = cluster;
    this.#currentTerm = currentTerm;
  }

  /** All of them, in the order in which they began, by execution and attempt. */
  get all(): ReadonlyMap<string, Effect> {
    return this.#begun;
  }

  /** The store was set back: decisions that were acted upon may be gone. */
  historyLost(): void {
    this.#isVoid = true;
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed({ lane, chains }: LaneCommit): void {
    for (const { id, after } of chains) {
      if (after === null) {
        this.#chains.delete(id);
        continue;
      }
      this.#chains.set(id, after);
      if (after.at.kind !== "running") continue;
      const { execution } = after.at;
      const step = after.outcomes.length;
      const action = after.steps[step]!.action;
      this.#stored.set(`${execution.id}/${execution.attempt}`, { lane, chain: id, step, action });
    }
  }

  /** An action begins. */
  begun({ id: node }: SimProcess, context: ActionContext): Effect {
    const { executionId, attempt, action, fence } = context;
    const effect: Effect = {
      node,
      action,
      fence,
      begunMs: this.#cluster.time.nowMs,
      endedMs: null,
      hasSucceeded: false,
    };
    this.#begun.set(`${executionId}/${attempt}`, effect);
    if (attempt > 1) this.#cluster.witness("an effect of a later attempt");
    return effect;
  }

  /** @returns What an attempt did; undefined when it did nothing. */
  of(executionId: string, attempt: number): Effect | undefined {
    return this.#begun.get(`${executionId}/${attempt}`);
  }

  /** @returns Whether an attempt came to a good end. */
  hasSucceeded(executionId: string, attempt: number): boolean {
    return this.#isVoid || this.of(executionId, attempt)?.hasSucceeded === true;
  }

  /** Looks at an action that is about to begin. */
  check({ executionId, attempt, action, fence }: ActionContext): void {
    if (this.#isVoid) return;
    const name = `${executionId}/${attempt}`;
    const stored = this.#stored.get(name);
    if (stored === undefined) throw new Error(`R3: ${name} begins before it is in the store`);
    if (stored.action !== action) throw new Error(`R3: ${name} is ${action}, not ${stored.action}`);
    if (this.#begun.has(name)) throw new Error(`R3: ${name} begins twice`);
    if ((stored.lane === CLUSTER_LANE) !== (fence !== null)) {
      throw new Error(`R3: ${name} has no fence`);
    }
    const chain = this.#chains.get(stored.chain);
    const isNow = chain?.at.kind === "running" && chain.at.execution.id === executionId &&
      chain.at.execution.attempt === attempt;
    if (isNow) return;
    if (fence === null || Number.parseInt(fence) === this.#currentTerm()) {
      throw new Error(`R3: ${name} begins though the chain has moved on, under a fence in force`);
    }
    this.#cluster.witness("an effect under a fence that is over");
  }
}
