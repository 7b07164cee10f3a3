import { clusterKeys } from "../../coordination/cluster_snapshot.ts";
import { LEADER_ELECTION } from "../../coordination/cluster_snapshot.ts";
import { electionKeys } from "../../coordination/election_records.ts";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import { LeadershipLostError } from "../../coordination/errors.ts";
import { aborted } from "../../coordination/signals.ts";
import type { Term } from "../../coordination/term.ts";
import type { SimCluster, SimProgram } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import { ElectionInvariants, REGISTER } from "./election_invariants.ts";
import { MembershipInvariants } from "./membership_invariants.ts";

/** The lease settings of each variant, in ms. */
const LEASES_MS = [1_000, 500, 2_000] as const;
/** How often a leader writes its register, in ms. */
const WRITE_EVERY_MS = 180;
/** How long a reckless leader goes on writing after it lost its term, in ms. */
const RECKLESS_MS = 700;

/** Nodes of a cluster that lead, write under their fence, and go on writing after they lost it. */
export function clusterProgram(cluster: SimCluster): SimProgram {
  const keys = clusterKeys("default");
  const { term: termKey } = electionKeys(keys.prefix, LEADER_ELECTION);
  const running = new Map<
    number,
    { process: SimProcess; node: DistributedResilienceCoordinator }
  >();
  const election = new ElectionInvariants(
    cluster,
    termKey,
    () =>
      [...running].map(([node, { process, node: coordinator }]) => ({
        node,
        belief: () => coordinator.term,
        isAwake: () => cluster.nodes[node]!.process === process && !process.clock.isFrozen,
      })),
  );
  const membership = new MembershipInvariants(cluster.store, keys.members);
  return {
    committed(commit) {
      election.committed(commit);
      membership.committed(commit);
    },
    restored() {
      election.historyLost(cluster.store.peek(termKey).value);
      membership.historyLost();
    },
    async run(process) {
      const coordinator = newCoordinator(cluster, process);
      running.set(process.node, { process, node: coordinator });
      await startSooner(coordinator, process);
      await aborted(process.signal);
      await coordinator.shutdown();
    },
    afterStep: () => election.checkBeliefs(),
    atEnd() {
      const leaders = [...running.values()].filter(({ node }) => node.isLeader);
      if (leaders.length !== 1) {
        throw new Error(`liveness: ${leaders.length} leaders after healing`);
      }
    },
  };
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
    ...(cluster.schedule.client === "connect" && { storePath: "https://kv.sim" }),
    timing: { leaseMs: LEASES_MS[variant]! },
    recoveryOrchestrator: {
      run: (term) => writeRecklessly(cluster, process, term),
      stop: () => {},
    },
  });
}

/** Starts a node as a supervisor would: again and again until it runs. */
async function startSooner(
  coordinator: DistributedResilienceCoordinator,
  { clock, signal }: SimProcess,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await coordinator.startup();
    } catch {
      await clock.sleep(100, { signal }).catch(() => {});
    }
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
      const { ok } = await term.atomic().set(REGISTER, { term: term.term, node, n }).commit();
      if (!ok) cluster.witness("a fenced write of a deposed leader was refused");
    } catch {
      cluster.witness("a fenced write failed");
    }
    await clock.sleep(WRITE_EVERY_MS);
  }
}
