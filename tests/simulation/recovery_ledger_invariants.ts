import { RecoveryResult } from "../../enums/recovery_result.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import type { Ledger } from "../../orchestration/recovery/ledger.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { LaneCommit } from "./recovery_commits.ts";

/** Who leads, as the store shows it. */
export interface TermValue {
  readonly term: number;
  readonly holderId: string | null;
}

/** What a ledger must say, counted from commits. */
interface Tally {
  entries: number;
  succeeded: number;
  failed: number;
  interrupted: number;
  anomalies: number;
  told: number;
}

/**
 * R6 the ledger counts what happened and its entries have no gaps, R8 the cluster's ledger is changed
 * by the leader of the term in force alone: checked at every commit.
 */
export class RecoveryLedgerInvariants {
  readonly #cluster: SimCluster;
  readonly #term: () => TermValue | null;
  readonly #tallies: Map<string, Tally> = new Map();

  constructor(cluster: SimCluster, term: () => TermValue | null) {
    this.#cluster = cluster;
    this.#term = term;
  }

  /** The store was set back: what stands there is what counts. */
  reset(all: readonly LaneCommit[]): void {
    this.#tallies.clear();
    for (const { lane, ledger } of all) if (ledger) this.#tallies.set(lane, tallyOf(ledger.after!));
  }

  /** Looks at a commit, at the moment at which it is applied. */
  committed(commit: LaneCommit): void {
    const { ledger, lane, writer } = commit;
    if (ledger === null || writer === null) return;
    if (lane === CLUSTER_LANE) this.#checkFence(commit);
    else if (lane !== `node:${writer.node}`) throw new Error(`R8: ${writer.node} writes ${lane}`);
    const { before, after } = ledger;
    if (after === null) throw new Error(`R6: the ledger of ${lane} is gone`);
    if (after.atMs < (before?.atMs ?? 0)) throw new Error(`R6: the ledger's clock goes back`);
    const tally = this.#tallies.get(lane) ?? tallyOf(null);
    this.#tallies.set(lane, tally);
    count(tally, commit);
    checkTally(tally, after, lane);
  }

  #checkFence({ writer, entries, chains }: LaneCommit): void {
    const current = this.#term();
    const { term, node } = writer!;
    if (term === null || current?.term !== term || current.holderId !== node) {
      throw new Error(
        `R8: ${node} writes in term ${term}, in force is ${current?.term} of ${current?.holderId}`,
      );
    }
    for (const { before, after } of entries) {
      const hasRun = after !== null && after.attempts > 0; // it was decided then, and may end later
      const isRight = after === null || (hasRun ? after.term! <= term : after.term === term);
      if (before === null && !isRight) throw new Error("R8: an entry of another term");
    }
    for (const { before, after } of chains) {
      const isDecision = before?.at.kind === "deciding" && after?.at.kind === "running";
      if (isDecision && after.at.kind === "running" && after.at.execution.term !== term) {
        throw new Error("R8: a decision of another term");
      }
    }
    if (term > 1) this.#cluster.witness("a later leader works");
  }
}

function count(tally: Tally, { entries, chains, pending }: LaneCommit): void {
  const fresh = entries.filter(({ before }) => before === null)
    .map(({ after }) => after!).sort((a, b) => a.seq - b.seq);
  for (const { seq, result } of fresh) {
    if (seq !== tally.entries) throw new Error(`R6: entry ${seq} after ${tally.entries} of them`);
    tally.entries++;
    if (result === RecoveryResult.SUCCESS) tally.succeeded++;
    if (result === RecoveryResult.FAILED) tally.failed++;
  }
  for (const { before, after } of chains) {
    const isResumed = before?.at.kind === "running" && after?.at.kind === "running" &&
      after.at.execution.interruptions > before.at.execution.interruptions;
    if (isResumed) tally.interrupted++;
  }
  for (const { before, after } of pending) {
    if (after !== null || before === null) continue;
    tally.anomalies += before.told;
    tally.told++;
  }
}

function checkTally(tally: Tally, { counters, nextSeq }: Ledger, lane: string): void {
  const wanted = {
    executed: tally.succeeded + tally.failed,
    succeeded: tally.succeeded,
    failed: tally.failed,
    interrupted: tally.interrupted,
    anomalies: tally.anomalies,
    coalesced: tally.anomalies - tally.told,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const said = counters[name as keyof typeof wanted];
    if (said !== value) throw new Error(`R6: ${lane} says ${name} ${said}, there were ${value}`);
  }
  if (nextSeq !== tally.entries) {
    throw new Error(`R6: ${lane} says ${nextSeq} entries of ${tally.entries}`);
  }
}

/** What a ledger says itself: to go on from. */
function tallyOf(ledger: Ledger | null): Tally {
  const { succeeded = 0, failed = 0, interrupted = 0, anomalies = 0, coalesced = 0 } =
    ledger?.counters ?? {};
  return {
    entries: ledger?.nextSeq ?? 0,
    succeeded,
    failed,
    interrupted,
    anomalies,
    told: anomalies - coalesced,
  };
}
