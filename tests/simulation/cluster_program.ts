import { clusterKeys } from "../../coordination/cluster_snapshot.ts";
import { LEADER_ELECTION } from "../../coordination/cluster_snapshot.ts";
import { electionKeys } from "../../coordination/election_records.ts";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import { LeadershipLostError } from "../../coordination/errors.ts";
import { aborted } from "../../coordination/signals.ts";
import type { LeaseTimingOptions } from "../../coordination/lease_timing.ts";
import type { ServiceOptions } from "../../coordination/service_options.ts";
import type { Term } from "../../coordination/term.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import { ElectionInvariants, REGISTER } from "./election_invariants.ts";
import { BallotInvariants } from "./ballot_invariants.ts";
import { MembershipInvariants } from "./membership_invariants.ts";
import { WorkInvariants } from "./work_invariants.ts";
import { assignItems, proposeBallot, takeWork, voteOnBallots, type Worker } from "./workload.ts";

/** The lease settings of each variant, in ms. */
const LEASES_MS = [800, 300, 600] as const;
/** How often a leader writes its register, in ms. */
const WRITE_EVERY_MS = 120;
/** How long a reckless leader goes on writing after it lost its term, in ms. */
const RECKLESS_MS = 600;

/** How long after healing someone may still assign an item once more that is there, in ms. */
const ASKED_AGAIN_MS = 1_000;

/** How long after healing what was sent or believed before a restore is over: the longest lease. */
const FORGOTTEN_MS = 800;

/** How much later than usual a slow answer comes at most. */
const SLOW_FACTOR = 20;

/** What a schedule does besides leading, in turn: most do one thing, which is found out sooner. */
const WORKLOADS = [
  ["none", "work", "ballots", "none"],
  ["both", "work", "ballots", "work"],
].flat();

/** Nodes of a cluster that lead, write under their fence, go on writing after they lost it, work and vote. */
export function clusterProgram(cluster: SimCluster): SimProgram {
  const keys = clusterKeys("default");
  const { term: termKey } = electionKeys(keys.prefix, LEADER_ELECTION);
  const workers = new Map<number, Worker>();
  const workload = WORKLOADS[cluster.schedule.seed % WORKLOADS.length]!;
  const election = new ElectionInvariants(cluster, termKey, () => workers);
  const membership = new MembershipInvariants(cluster.store, keys.members);
  const work = new WorkInvariants(cluster);
  const ballots = new BallotInvariants(cluster);
  const all = [election, membership, work, ballots];
  let restores = 0;
  const historyStands = (restore: number) => {
    if (restore < restores) return;
    cluster.witness("history stands again after a restore");
    for (const each of all) each.historyStands();
  };
  return {
    async run(process) {
      const coordinator = newCoordinator(cluster, process);
      const isAwake = () => (
        cluster.nodes[process.node]!.process === process && !process.clock.isFrozen
      );
      const worker = { cluster, process, coordinator, isAwake };
      workers.set(process.node, worker);
      const works = workload === "work" || workload === "both";
      const votes = workload === "ballots" || workload === "both";
      await Promise.all([
        keepRunning(worker),
        works && assignItems(worker, work),
        works && takeWork(worker, work),
        votes && voteOnBallots(worker),
        votes && process.start <= 2 && proposeBallot(worker),
      ]);
    },
    committed: (commit) => all.forEach((each) => each.committed(commit)),
    restored() {
      cluster.witness("the store was set back");
      for (const each of all) each.historyLost();
      const restore = ++restores;
      cluster.time.after(forgottenInMs(cluster), () => historyStands(restore));
    },
    afterStep() {
      election.checkBeliefs();
      work.checkClaims(election.areClocksTrusted);
    },
    atEnd() {
      for (const kind of cluster.store.faultCounts.keys()) cluster.witness(`fault ${kind}`);
      const leaders = [...workers.values()].filter(({ coordinator, isAwake }) =>
        isAwake() && coordinator.isLeader
      );
      election.checkEnd(leaders.length);
      work.checkEnd();
      ballots.checkEnd();
    },
  };
}

/** In how many ms nothing of what was sent before a restore can arrive any more. */
function forgottenInMs({ time, schedule: { healAtMs, faults } }: SimCluster): number {
  const { zombie, zombieDelay, latency } = faults;
  const zombieMs = zombie ? zombieDelay!.maxMs : 0;
  const slowMs = latency?.heavyTailShare ? SLOW_FACTOR * latency.maxMs : 0;
  return Math.max(0, healAtMs - time.nowMs) + Math.max(zombieMs, slowMs) + FORGOTTEN_MS;
}

function newCoordinator(
  cluster: SimCluster,
  process: SimProcess,
): DistributedResilienceCoordinator {
  const { id, kv, clock, random, variant } = process;
  return new DistributedResilienceCoordinator({
    kv,
    clock,
    random,
    instanceId: id,
    ...storePathOf(cluster),
    timing: timingOf(LEASES_MS[variant]!, cluster.schedule.seed),
    ...retentionOf(cluster),
    recoveryOrchestrator: { lead: (term) => writeRecklessly(cluster, process, term) },
  });
}

/** The defaults, or answers that may come as late as a lease bears. */
function timingOf(leaseMs: number, seed: number): LeaseTimingOptions {
  if (seed % 3 > 0) return { leaseMs };
  return { leaseMs, renewMs: 0.25 * leaseMs, attemptTimeoutMs: 0.2 * leaseMs };
}

/**
 * Where values expire on time, completed work is gone soon; but not before the last that may still
 * assign it: who asks again after healing, or a write that lands seconds late.
 */
function retentionOf({ schedule: { classes, healAtMs } }: SimCluster): ServiceOptions {
  if (!classes.includes("expiry") || classes.includes("zombie")) return {};
  return { work: { retainMs: healAtMs + ASKED_AGAIN_MS } };
}

/** A store whose watch sees every write is trusted, with a safety poll; others are polled blindly. */
export function storePathOf({ schedule: { client, store } }: SimCluster): { storePath?: string } {
  if (client === "connect") return { storePath: "https://kv.sim" };
  return store.watch === "own" ? {} : { storePath: ":memory:" };
}

/** Runs a node as a supervisor would: it is started again whenever it could not go on. */
export async function keepRunning(
  { coordinator, process: { clock, signal } }: Pick<Worker, "coordinator" | "process">,
): Promise<void> {
  while (!signal.aborted) {
    const stopped = coordinator.untilStopped();
    try {
      await coordinator.startup();
      await Promise.race([stopped, aborted(signal)]);
    } catch {
      await clock.sleep(100, { signal }).catch(() => {});
    }
    await coordinator.shutdown();
  }
}

/** Every other leader does not look at its signal in time: only the fence stops it. */
async function writeRecklessly(
  cluster: SimCluster,
  { clock, node, random }: SimProcess,
  term: Term,
): Promise<void> {
  const recklessMs = random() < 0.5 ? RECKLESS_MS : 0;
  let stopAtMs = Infinity;
  for (let n = 0; clock.monotonic() < stopAtMs; n++) {
    if (term.signal.aborted) {
      if (!(term.signal.reason instanceof LeadershipLostError)) throw term.signal.reason;
      stopAtMs = Math.min(stopAtMs, clock.monotonic() + recklessMs);
    }
    try {
      const write = term.atomic().set(REGISTER, { term: term.term, node, n }).commit();
      const written = await Promise.race([write, clock.sleep(RECKLESS_MS)]); // it may never be answered
      if (written?.ok === false) cluster.witness("a fenced write of a deposed leader was refused");
    } catch {
      cluster.witness("a fenced write failed");
    }
    await clock.sleep(WRITE_EVERY_MS);
  }
}
