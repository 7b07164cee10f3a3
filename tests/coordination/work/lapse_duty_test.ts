import assert from "node:assert/strict";
import { MemberStatus } from "../../../enums/member_status.ts";
import { WorkStatus } from "../../../enums/work_status.ts";
import { connectionRefused, slow } from "../../support/faults.ts";
import { WorkCluster } from "./work_cluster.ts";

/** One item of five attempts, claimed by "a", and a leader "b" that looks when it is told to. */
async function setUp(maxAttempts = 5) {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  const term = await cluster.elect(b);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 10_000, 1);
  await until(b.queue.assignWork({ id: "w", payload: 1, claimMs: 1_000, maxAttempts }));
  const claim = await cluster.loop(a).next();
  const look = async () => {
    await until(b.queue.desk.carryOn(term));
    await cluster.test.clock.advance(200);
    return await until(b.queue.getWork("w"));
  };
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, a, b, term, claim, look, until, [Symbol.asyncDispose]: dispose };
}

Deno.test("LapseDuty ends the claim of a member that is gone, dead, or came back as another process", async () => {
  const cases = [
    {
      name: "gone",
      change: (c: WorkCluster) => c.members.delete("a"),
      error: 'member "a" is gone',
    },
    {
      name: "dead",
      change: (c: WorkCluster) => c.register("a", { status: MemberStatus.DEAD }),
      error: 'member "a" is dead',
    },
    {
      name: "another process",
      change: (c: WorkCluster) => c.register("a", { incarnation: "a-2" }),
      error: 'member "a" was started anew',
    },
  ];
  for (const { name, change, error } of cases) {
    await using setup = await setUp();
    const { cluster, claim, look, until } = setup;
    assert.equal((await look())?.status, WorkStatus.CLAIMED, name);
    change(cluster);
    const item = await look();
    assert.deepEqual([item?.status, item?.attempt, item?.error], ["waiting", 1, error], name);
    await assert.rejects(until(claim.complete()), { reason: "superseded" });
    assert.equal(await cluster.backlog(), 1);
  }
});

Deno.test("LapseDuty leaves the claim of a suspect member that renews", async () => {
  await using setup = await setUp();
  const { cluster, claim, look, until } = setup;
  cluster.register("a", { status: MemberStatus.SUSPECT, takesWork: false });
  for (let i = 0; i < 6; i++) {
    await cluster.test.clock.advance(500);
    await until(claim.renew());
    assert.equal((await look())?.status, WorkStatus.CLAIMED);
  }
});

Deno.test("LapseDuty ends a claim that stood unchanged for its time by the leader's own clock", async () => {
  await using setup = await setUp();
  const { cluster, look } = setup;
  await cluster.test.clock.advance(60_000);
  assert.equal((await look())?.status, WorkStatus.CLAIMED, "first seen now");
  await cluster.test.clock.advance(799);
  assert.equal((await look())?.status, WorkStatus.CLAIMED);
  assert.equal((await look())?.error, 'member "a" did not renew its claim for 1000 ms');
});

Deno.test("LapseDuty gives an item up after its last attempt", async () => {
  await using setup = await setUp(1);
  const { cluster, b, look } = setup;
  cluster.members.delete("a");
  assert.equal((await look())?.status, WorkStatus.DEAD);
  assert.deepEqual([b.queue.getMetrics().lapsed, b.queue.getMetrics().dead], [1, 1]);
  assert.equal(await cluster.backlog(), 0);
  assert.equal(await cluster.count(cluster.keys.claimed), 0);
});

Deno.test("LapseDuty of a deposed leader ends nothing", async () => {
  await using setup = await setUp();
  const { cluster, a, look } = setup;
  await cluster.elect(a);
  cluster.members.delete("a");
  assert.equal((await look())?.status, WorkStatus.CLAIMED);
});

Deno.test("LapseDuty passes over claims that cannot be read, and counts them", async () => {
  await using setup = await setUp();
  const { cluster, b, look } = setup;
  await cluster.test.raw.set(cluster.keys.claimedAt("A", "x"), { v: 7 });
  cluster.members.delete("a");
  assert.equal((await look())?.status, WorkStatus.WAITING);
  assert.equal(b.queue.getMetrics().corruptRecords, 1);
});

Deno.test("LapseDuty leaves an item alone that was completed after its claim was listed", async () => {
  await using setup = await setUp();
  const { cluster, b, claim, look } = setup;
  cluster.members.delete("a");
  b.handle.onRead((apply) => apply(), { times: 2 }); // inbox and claims
  b.handle.onRead(async (apply) => {
    await claim.complete("just in time");
    return await apply();
  });
  const item = await look();
  assert.deepEqual([item?.status, item?.result], [WorkStatus.COMPLETED, "just in time"]);
  assert.equal(await cluster.backlog(), 0);
});

Deno.test("LapseDuty ends the claims of a member that is gone although each read is slow, and some fail", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  const term = await cluster.elect(b);
  const calls = Array.from({ length: 240 }, (_, i) => {
    return b.queue.assignWork({ id: `w-${i}`, payload: i, claimMs: 86_400_000 });
  });
  await cluster.test.until(Promise.all(calls));
  await using loop = cluster.loop(a, { maxClaims: 240 });
  for (let i = 0; i < 240; i++) await loop.next();
  cluster.members.delete("a");
  b.handle.onRead(slow(cluster.test.clock, 40), { times: 20 });
  b.handle.onRead(connectionRefused);
  b.handle.onRead(slow(cluster.test.clock, 40), { times: Infinity });
  await cluster.test.until(b.queue.desk.carryOn(term), 10_000, 10);
  const left = await cluster.count(cluster.keys.claimed);
  assert.ok(left > 0 && left <= 140, `${left} are left by the round that was broken off`);
  await cluster.test.clock.advance(200);
  await cluster.test.until(b.queue.desk.carryOn(term), 10_000, 10);
  assert.equal(await cluster.count(cluster.keys.claimed), 0);
  b.handle.heal();
});
