import assert from "node:assert/strict";
import type { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import type { Claim } from "../../coordination/work/claim.ts";
import { type ServiceNode, ServiceWorld } from "./service_world.ts";

const CHOICES = ["yes", "no"];

/** Nodes of one cluster; the first of them leads. */
async function cluster(...ids: string[]) {
  const world = new ServiceWorld();
  const nodes: ServiceNode[] = [];
  for (const id of ids) {
    const member = world.node(id);
    await world.until(member.node.startup());
    nodes.push(member);
  }
  await world.time.advance(700); // they have met
  assert.equal(nodes[0]!.node.isLeader, true);
  const [a, b, c] = nodes as [ServiceNode, ServiceNode, ServiceNode];
  const dead = new Set<ServiceNode>();
  const crash = (member: ServiceNode) => {
    member.kv.crash();
    dead.add(member);
  };
  const end = async () => {
    const alive = nodes.filter((member) => !dead.has(member));
    await world.until(Promise.all(alive.map(({ node }) => node.shutdown())));
    if (dead.size === 0) assert.equal(world.clock.sleeperCount, 0, "something still sleeps");
  };
  return { world, a, b, c, crash, end };
}

/** Begins to take work, and tells the cluster so; gives what waits for the first claim. */
async function takes(world: ServiceWorld, node: DistributedResilienceCoordinator) {
  const next = node.work().next();
  await world.time.advance(50);
  return async (): Promise<Claim> => (await world.until(next)).value!;
}

Deno.test("assignWork on a follower is handed to the leader, and answers with the member's id", async () => {
  const { world, a, b, c, end } = await cluster("a", "b", "c");
  const next = await takes(world, c.node);
  assert.equal(await world.until(b.node.assignWork({ id: "w", payload: 1 })), "c");
  const claim = await next();
  await world.until(claim.complete("done"));
  assert.equal((await world.until(b.node.getWork("w")))?.result, "done");
  assert.equal(b.node.getMetrics().work?.handedOver, 1);
  assert.equal(a.node.getMetrics().work?.assigned, 1);
  await end();
});

Deno.test("assignWork on a follower tells the leader's refusal", async () => {
  const { world, b, end } = await cluster("a", "b");
  await assert.rejects(world.until(b.node.assignWork({ id: "w", payload: 1 })), {
    name: "WorkRefusedError",
    reason: "no_member",
  });
  await end();
});

Deno.test("assignWork that waits for a leader ends with the shutdown, and takes its order back", async () => {
  const { world, a, b, crash } = await cluster("a", "b");
  crash(a);
  const asked = b.node.assignWork({ id: "w", payload: 1 }, { timeoutMs: 86_400_000 });
  asked.catch(() => {});
  await world.time.advance(50);
  assert.equal(world.store.peekAll(["baton", "work", "default", "inbox"]).length, 1);
  await world.until(b.node.shutdown(), 2_000);
  await assert.rejects(asked, { name: "AbortError", message: "The node was shut down" });
  assert.deepEqual(world.store.peekAll(["baton", "work", "default", "inbox"]), []);
});

Deno.test("a node that shuts down while it takes work leaves nothing of itself behind", async () => {
  const { world, a, b, end } = await cluster("a", "b");
  await takes(world, b.node);
  const ids = async () => (await world.until(a.node.getNodes())).map((node) => node.instanceId);
  assert.deepEqual(await ids(), ["a", "b"]);
  await world.until(b.node.shutdown(), 2_000);
  assert.deepEqual(await ids(), ["a"]);
  await world.time.advance(5_000);
  assert.deepEqual(await ids(), ["a"]);
  await end();
});

Deno.test("work of a member that died is done by another", async () => {
  const { world, a, b, c, crash, end } = await cluster("a", "b", "c");
  const first = await takes(world, b.node);
  assert.equal(await world.until(a.node.assignWork({ id: "w", payload: 1 })), "b");
  assert.equal((await first()).attempt, 1);
  const second = await takes(world, c.node);
  crash(b);
  const claim = await second();
  assert.deepEqual([claim.id, claim.attempt], ["w", 2]);
  await world.until(claim.complete("by c"));
  assert.equal((await world.until(a.node.getWork("w")))?.result, "by c");
  assert.equal(a.node.getMetrics().work?.lapsed, 1);
  await end();
});

Deno.test("work that a node had begun when it shut down is done by another, and recorded once", async () => {
  const { world, a, b, c, end } = await cluster("a", "b", "c");
  const first = await takes(world, b.node);
  await world.until(a.node.assignWork({ id: "w", payload: 1 }));
  const late = await first();
  const second = await takes(world, c.node);
  await world.until(b.node.shutdown(), 2_000);
  assert.deepEqual([late.isValid(), late.signal.aborted], [false, true]);
  const claim = await second();
  await world.until(claim.complete("by c"));
  await assert.rejects(world.until(late.complete("by b")), { name: "ClaimLostError" });
  assert.equal((await world.until(a.node.getWork("w")))?.result, "by c");
  await end();
});

Deno.test("work goes on under the next leader when the leader dies", async () => {
  const { world, a, b, c, crash, end } = await cluster("a", "b", "c");
  const next = await takes(world, c.node);
  crash(a);
  assert.equal(await world.until(b.node.assignWork({ id: "w", payload: 1 })), "c");
  await world.until((await next()).complete(1));
  assert.equal((await world.until(c.node.getWork("w")))?.status, "completed");
  await end();
});

Deno.test("a ballot is decided by the leader when its proposer has died", async () => {
  const { world, a, b, c, crash, end } = await cluster("a", "b", "c");
  const { ballotId, electors } = await world.until(
    b.node.propose("Go?", CHOICES, { deadlineMs: 2_000 }),
  );
  assert.equal(electors, 3);
  crash(b);
  await world.until(a.node.vote(ballotId, "yes"));
  await world.time.advance(5_000);
  const ballot = await world.until(c.node.getBallot(ballotId));
  assert.deepEqual([ballot?.status, ballot?.outcome?.reason], ["decided", "no_quorum"]);
  assert.equal(a.node.getMetrics().ballots?.decided, 1);
  await end();
});

Deno.test("a ballot is decided by the votes of a majority, and every node reads the same outcome", async () => {
  const { world, a, b, c, end } = await cluster("a", "b", "c");
  const { ballotId } = await world.until(a.node.propose("Go?", CHOICES, { deadlineMs: 60_000 }));
  const waits = [a, b, c].map(({ node }) => node.decided(ballotId));
  await world.until(c.node.vote(ballotId, "yes"));
  await world.until(b.node.vote(ballotId, "yes"));
  const decided = await world.until(Promise.all(waits), 1_000);
  assert.deepEqual(decided.map(({ outcome }) => outcome?.choice), ["yes", "yes", "yes"]);
  assert.equal(new Set(decided.map((ballot) => JSON.stringify(ballot))).size, 1);
  await end();
});

Deno.test("an idle leader reads little more for ballots and work", async () => {
  const { world, a, end } = await cluster("a", "b");
  const before = a.node.getMetrics().store.reads;
  await world.time.advance(30_000);
  const perInterval = (a.node.getMetrics().store.reads - before) / (30_000 / 300);
  // One of them is the look at the members, one is for ballots; work takes the bell, and all of its
  // lists every fourth time.
  assert.ok(perInterval > 1 && perInterval <= 5, `${perInterval} reads an interval`);
  await end();
});
