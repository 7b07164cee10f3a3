import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { LaneCommit } from "./recovery_commits.ts";

/**
 * R5 what was acknowledged waits, or was taken with a trace: an anomaly by a chain or an entry of its
 * kind, a request by its chain.
 */
export class RecoveryInboxInvariants {
  readonly #cluster: SimCluster;
  readonly #waiting: Map<string, number> = new Map();
  readonly #taken: Map<string, number> = new Map();
  readonly #acknowledged: Map<string, number> = new Map();
  readonly #requests: Map<string, "waits" | "taken"> = new Map();
  #isVoid = false;

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  /** The store was set back: what was acknowledged may be gone. */
  historyLost(): void {
    this.#isVoid = true;
  }

  /** An anomaly was acknowledged to the one who told of it. */
  acknowledged(type: string): void {
    if (this.#isVoid) return;
    const told = (this.#acknowledged.get(type) ?? 0) + 1;
    this.#acknowledged.set(type, told);
    const waiting = [...this.#waiting].filter(([name]) => name.endsWith(`/${type}`))
      .reduce((sum, [, count]) => sum + count, 0);
    const known = waiting + (this.#taken.get(type) ?? 0);
    if (known < told) throw new Error(`R5: ${type} was acknowledged ${told} times, known ${known}`);
  }

  /** A request was acknowledged to the one who left it. */
  requestAcknowledged(id: string): void {
    if (!this.#isVoid && !this.#requests.has(id)) throw new Error(`R5: request ${id} vanished`);
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed(commit: LaneCommit): void {
    if (this.#isVoid) return;
    const { lane, pending, requests, chains } = commit;
    for (const { id: type, before, after } of pending) {
      const name = `${lane}/${type}`;
      if (after !== null) {
        if (after.told <= (before?.told ?? 0)) {
          throw new Error(`R5: ${type} waits for less than before`);
        }
        this.#waiting.set(name, after.told);
        continue;
      }
      this.#anomalyTaken(commit, type);
      this.#waiting.delete(name);
      this.#taken.set(type, (this.#taken.get(type) ?? 0) + before!.told);
      if (before!.told > 1) this.#cluster.witness("anomalies were taken as one");
    }
    for (const { id, after } of requests) {
      this.#requests.set(id, after === null ? "taken" : "waits");
      const isBegun = chains.some(({ before, after: chain }) =>
        before === null && chain?.cause.requestId === id
      );
      if (after === null && !isBegun) {
        throw new Error(`R5: request ${id} was taken without a chain`);
      }
      if (after === null) this.#cluster.witness("a request was taken");
    }
  }

  #anomalyTaken({ chains, entries }: LaneCommit, type: string): void {
    const isBegun = chains.some(({ before, after }) =>
      before === null && after?.cause.type === type
    );
    const isIgnored = entries.some(({ after }) => after?.anomaly_type === type && after.step === 0);
    if (isBegun === isIgnored) throw new Error(`R5: ${type} was taken without a trace`);
    if (isIgnored) this.#cluster.witness("an anomaly was ignored");
  }
}
