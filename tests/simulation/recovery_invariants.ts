import { clusterKeys, LEADER_ELECTION } from "../../coordination/cluster_snapshot.ts";
import { electionKeys } from "../../coordination/election_records.ts";
import { CLUSTER_LANE, nodeLane } from "../../orchestration/recovery/lane_keys.ts";
import type { RecoveryChain } from "../../orchestration/recovery/recovery_chain.ts";
import type { StorageChange } from "../../orchestration/recovery/recovery_storage.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimCommit } from "../../testing/sim_store_state.ts";
import { RecoveryChainInvariants } from "./recovery_chain_invariants.ts";
import { type LaneCommit, RecoveryCommits, type Writer } from "./recovery_commits.ts";
import { RecoveryEffects } from "./recovery_effects.ts";
import { RecoveryInboxInvariants } from "./recovery_inbox_invariants.ts";
import { RecoveryLedgerInvariants, type TermValue } from "./recovery_ledger_invariants.ts";
import { RecoveryLimitInvariants } from "./recovery_limit_invariants.ts";
import type { CommitAnswer } from "./recovery_storage_tap.ts";
import type { SimLimits } from "./recovery_workload.ts";

/** How long a chain may stand where it does once there are no faults, slow clocks included. */
const STANDS_MAX_MS = 4_500;

/** All that must hold. */
export class RecoveryInvariants {
  readonly chains: RecoveryChainInvariants;
  readonly effects: RecoveryEffects;
  readonly inbox: RecoveryInboxInvariants;
  readonly #cluster: SimCluster;
  readonly #commits: RecoveryCommits;
  readonly #ledger: RecoveryLedgerInvariants;
  readonly #limits: RecoveryLimitInvariants;
  readonly #applied: Set<string> = new Set();
  #hasLostHistory = false;

  constructor(cluster: SimCluster, limits: SimLimits) {
    const { term } = electionKeys(clusterKeys("default").prefix, LEADER_ELECTION);
    const current = () => cluster.store.peek<TermValue>(term).value;
    this.#cluster = cluster;
    this.#commits = new RecoveryCommits(cluster.store);
    this.effects = new RecoveryEffects(cluster, () => current()?.term ?? null);
    this.chains = new RecoveryChainInvariants(cluster, this.effects);
    this.inbox = new RecoveryInboxInvariants(cluster);
    this.#ledger = new RecoveryLedgerInvariants(cluster, current);
    this.#limits = new RecoveryLimitInvariants(cluster, limits);
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed(commit: SimCommit): LaneCommit | null {
    const seen = this.#commits.read(commit);
    if (seen === null) return null;
    if (seen.writer) this.#applied.add(seen.writer.commit);
    // Without a fence a check may hold by accident in a store whose versions come a second time.
    if (this.#hasLostHistory && seen.lane !== CLUSTER_LANE) return seen;
    for (const each of [this.#ledger, this.chains, this.#limits, this.inbox]) each.committed(seen);
    this.effects.committed(seen);
    this.#note(seen);
    return seen;
  }

  /** A process was told, or not, what became of a commit of its. */
  answered({ commit }: Writer, { sets = [], fence }: StorageChange, answer: CommitAnswer): void {
    const isApplied = this.#applied.has(commit);
    if (answer === "committed") return;
    const isDecision = sets.some(({ value }) => isFirstAttempt(value));
    if (isApplied && isDecision) this.#cluster.witness("the answer about a decision was lost");
    if (isApplied) return;
    if (answer === "unknown") this.#cluster.witness("a commit stayed unknown");
    else if (fence) this.#cluster.witness("a leader's commit was refused");
  }

  /** The store was set back. */
  restored(): void {
    this.#cluster.witness("the store was set back");
    this.#hasLostHistory = true;
    const all = this.#commits.reset().filter(({ lane }) => lane === CLUSTER_LANE);
    this.effects.historyLost();
    this.inbox.historyLost();
    this.#limits.historyLost();
    this.#ledger.reset(all);
    this.chains.reset(all);
    for (const each of all) this.effects.committed(each);
  }

  /** R7: at the end, long after the last fault, nothing stands still, and nothing waits for nobody. */
  checkEnd(): void {
    this.#checkLane(CLUSTER_LANE);
    for (const { id, process } of this.#cluster.nodes) {
      if (process !== null && !this.#hasLostHistory) this.#checkLane(nodeLane(id));
    }
    if (this.chains.ended.size > 0) this.#cluster.witness("chains came to their ends");
  }

  #checkLane(lane: string): void {
    const { time: { nowMs } } = this.#cluster;
    const underWay = [...this.chains.places.values()].filter((place) => place.lane === lane);
    const still = underWay.find(({ atMs }) => nowMs - atMs > STANDS_MAX_MS);
    if (still) throw new Error(`R7: ${lane} stands still at ${JSON.stringify(still)}`);
    if (this.#commits.names(lane, "requests").length > 0) {
      throw new Error(`R7: requests in ${lane}`);
    }
    const types = new Set(underWay.map(({ chain }) => chain.cause.type));
    const forgotten = this.#commits.names(lane, "pending").find((type) => !types.has(type));
    if (forgotten !== undefined) throw new Error(`R7: ${forgotten} waits in ${lane} for nobody`);
  }

  #note({ writer, chains, entries, lane }: LaneCommit): void {
    for (const { id, after } of chains) {
      const at = after ? `${after.outcomes.length} ${after.at.kind}` : "over";
      this.#cluster.note(null, "chain", `${lane} ${id.slice(0, 8)} ${at} by ${writer?.process}`);
    }
    for (const { after } of entries) {
      if (after) {
        this.#cluster.note(
          null,
          "entry",
          `${after.action_type} ${after.result} ${after.error ?? ""}`,
        );
      }
    }
  }
}

function isFirstAttempt(value: unknown): boolean {
  const { at } = value as Partial<RecoveryChain>;
  return at?.kind === "running" && at.execution.attempt === 1;
}
