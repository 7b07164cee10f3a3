import {
  DistributedResilienceCoordinator,
  requiredVotes,
  tallyVotes,
} from "@baton/orchestration/coordination";
import { systemClock } from "@baton/orchestration/clock";
import { clusterKeys, readCluster, sightings } from "../coordination/cluster_snapshot.ts";
import { ConsensusDuty } from "../coordination/consensus_duty.ts";
import { MemberObserver } from "../coordination/member_observer.ts";
import { sharedStore } from "../coordination/shared_store.ts";
import { measure, ms, table } from "./figures.ts";

const SIZES = [10, 100, 1_000, 10_000];
const BATCH = 500;

/** What a decision costs the leader and a follower, by the number of registered members. */
export async function benchConsensus(): Promise<string> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    using kv = await Deno.openKv(":memory:");
    const options = { kv, storePath: ":memory:", timing: { leaseMs: 60_000 } };
    await using leader = new DistributedResilienceCoordinator({ ...options, instanceId: "leader" });
    await leader.startup();
    const duty = leaderDuty(kv, leader);
    await duty();
    await register(kv, size - 1);
    const times = size > 1_000 ? 20 : 200;
    const decide = await measure(times, () => duty());
    const members = await measure(times, async () => void await leader.getNodes());
    const follow = await measure(500, async () => void await leader.getConsensus());
    const decision = await leader.getConsensus();
    if (decision.votingInstances !== size) {
      throw new Error(`only ${decision.votingInstances} voted`);
    }
    const votes = Array.from({ length: size }, () => VOTE);
    const tally = await measure(times, () => {
      tallyVotes(votes, { members: size });
      return Promise.resolve();
    });
    rows.push([
      size.toLocaleString("en"),
      requiredVotes({ members: size }).toLocaleString("en"),
      ms(tally.percentileMs(0.5)),
      `${ms(decide.percentileMs(0.5))} / ${ms(decide.percentileMs(0.99))}`,
      ms(members.percentileMs(0.5)),
      `${ms(follow.percentileMs(0.5))} / ${ms(follow.percentileMs(0.99))}`,
    ]);
  }
  return table("Consensus by registered members, in memory", [
    "members",
    "quorum",
    "count the votes, p50 ms",
    "leader: read all, decide, publish, p50 / p99 ms",
    "`getNodes()`, p50 ms",
    "any node: read the decision, p50 / p99 ms",
  ], rows);
}

/** What the leader does once an interval, called at will. */
function leaderDuty(kv: Deno.Kv, leader: DistributedResilienceCoordinator): () => Promise<void> {
  const { attemptTimeoutMs } = leader.timing;
  const { store } = sharedStore(kv, { clock: systemClock, random: Math.random, attemptTimeoutMs });
  const failed = (error: unknown) => {
    throw error;
  };
  const keys = clusterKeys(leader.cluster);
  const observer = new MemberObserver(systemClock, leader.timing);
  const duty = new ConsensusDuty({
    ...leader.timing,
    term: leader.term!,
    keys,
    store,
    observer,
    look: async (timeoutMs) => {
      const snapshot = await readCluster(store, keys, { timeoutMs });
      observer.observe(sightings(snapshot.members));
      return snapshot;
    },
    quorumThreshold: 0.5,
    expectedMembers: undefined,
    events: { malformedVote() {}, decided() {}, evicted() {}, failed },
  });
  return async () => {
    await duty.prepare();
    const nonce = crypto.randomUUID();
    const { checks, sets, witness } = duty.contribute(nonce)!;
    const batch = { checks, sets, witness: { key: witness, nonce } };
    const outcome = await store.commit(batch, { timeoutMs: leader.timing.attemptTimeoutMs });
    if (outcome.kind !== "committed") throw new Error(`the decision was ${outcome.kind}`);
  };
}

const VOTE = { circuit_breaker_state: "CLOSED", fallback_mode: "PRIMARY" };

async function register(kv: Deno.Kv, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const batch = kv.atomic();
    for (let i = from; i < Math.min(count, from + BATCH); i++) {
      const instanceId = `member-${i}`;
      batch.set(["baton", "cluster", "default", "member", instanceId], {
        v: 1,
        instanceId,
        incarnation: crypto.randomUUID(),
        nonce: crypto.randomUUID(),
        beat: 1,
        heartbeatMs: 3_600_000,
        writtenAt: new Date().toISOString(),
        labels: {},
        load: 0,
        takesWork: false,
        healthScore: 1,
        vote: VOTE,
        state: null,
      });
    }
    await batch.commit();
  }
}
