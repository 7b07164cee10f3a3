import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import { closed, connectionRefused, heldCall } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster } from "./work_cluster.ts";

async function setUp(items: number) {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  for (let i = 1; i <= items; i++) {
    await until(node.queue.assignWork({ id: `w-${i}`, payload: i, claimMs: 5_000 }));
  }
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, term, until, [Symbol.asyncDispose]: dispose };
}

Deno.test("ClaimLoop claims no more than there is room for, and more when a claim is closed", async () => {
  await using setup = await setUp(5);
  const { cluster, node, until } = setup;
  await using loop = cluster.loop(node, { maxClaims: 2 });
  const first = await loop.next();
  await loop.next();
  assert.equal(await loop.poll(), undefined);
  assert.equal(await cluster.count(cluster.keys.claimed), 2);
  await until(first.complete());
  assert.equal((await loop.poll())?.id, "w-3");
  assert.equal(await cluster.count(cluster.keys.claimed), 2);
});

Deno.test("ClaimLoop has room again when a claim runs out", async () => {
  await using setup = await setUp(2);
  const { cluster, node } = setup;
  await using loop = cluster.loop(node);
  await loop.next();
  assert.equal(await loop.poll(), undefined);
  await cluster.test.clock.advance(4_000);
  assert.equal((await loop.next()).id, "w-2");
});

Deno.test("ClaimLoop is woken by the bell when something is assigned", async () => {
  await using setup = await setUp(0);
  const { cluster, node, until } = setup;
  await using loop = cluster.loop(node);
  assert.equal(await loop.poll(), undefined);
  await until(node.queue.assignWork({ id: "w", payload: 1 }));
  const { value } = await cluster.atOnce(loop.ask());
  assert.equal(value?.id, "w");
});

Deno.test("ClaimLoop passes over records that cannot be used, counts them and leaves them untouched", async () => {
  await using setup = await setUp(4);
  const { cluster, node, term, until } = setup;
  const { raw } = cluster.test;
  const foreign = cluster.keys.readyAt("a", 9, { term: 1, n: 0 });
  await raw.set(foreign, { v: 99 });
  await raw.set(cluster.keys.item("w-1"), { v: 2, hello: "world" });
  await raw.delete(cluster.keys.item("w-2"));
  await using loop = cluster.loop(node);
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    const claim = await loop.next();
    ids.push(claim.id);
    await until(claim.complete());
  }
  assert.deepEqual(ids, ["w-3", "w-4"]);
  const { corruptRecords, failures } = node.queue.getMetrics();
  assert.equal(failures, 0);
  assert.ok(corruptRecords >= 3, `${corruptRecords}`);
  assert.deepEqual((await raw.get(foreign)).value, { v: 99 });
  await assert.rejects(until(node.queue.getWork("w-1")), { code: "CORRUPT_RECORD" });
  await until(node.queue.desk.carryOn(term));
});

Deno.test("ClaimLoop waits an outage out, and ends when the handle is closed", async () => {
  await using setup = await setUp(1);
  const { cluster, node } = setup;
  node.handle.breakDown(connectionRefused);
  const loop = cluster.loop(node);
  assert.equal(await loop.poll(), undefined);
  await cluster.test.clock.advance(2_000);
  node.handle.heal();
  assert.equal((await loop.poll(600))?.id, "w-1");
  const broken = cluster.loop(node);
  node.handle.breakDown(closed);
  await assert.rejects(broken.next(), { code: "STORE_UNAVAILABLE" });
  node.handle.heal();
  await loop[Symbol.asyncDispose]();
});

Deno.test("ClaimLoop claims once what the leader reassigns at the same moment", async () => {
  await using setup = await setUp(1);
  const { cluster, node, term, until } = setup;
  const held = heldCall();
  node.handle.onCommit(held.fault, { only: touches("claimed", "a", "w-1") });
  const loop = cluster.loop(node);
  void loop.poll();
  await held.caught;
  const other = cluster.node("b");
  cluster.register("a", { takesWork: false });
  cluster.register("b");
  await until(other.queue.desk.carryOn(term));
  await held.release();
  await using loopB = cluster.loop(other);
  const claim = await loopB.next();
  assert.deepEqual([claim.id, claim.attempt], ["w-1", 1]);
  assert.equal(node.queue.getMetrics().claimed, 0);
  await loop[Symbol.asyncDispose]();
});

Deno.test("ClaimLoop asks the leader to give the rest to others when it ends", async () => {
  await using setup = await setUp(2);
  const { cluster, node, until } = setup;
  const leader = cluster.node("b");
  await cluster.lead(leader);
  const loop = cluster.loop(node);
  await until((await loop.next()).complete());
  cluster.register("a", { takesWork: false });
  cluster.register("b");
  await loop[Symbol.asyncDispose]();
  assert.ok(await cluster.test.read(cluster.keys.leaderBell));
  await cluster.test.clock.advance(1_000);
  const ready = await until(leader.queue.listWork({ status: WorkStatus.READY, assignee: "b" }));
  assert.deepEqual(ready.map(({ id }) => id), ["w-2"]);
});

Deno.test("ClaimLoop claims nothing while its member may be taken for dead", async () => {
  await using setup = await setUp(1);
  const { cluster, node } = setup;
  cluster.standingMs = 0;
  await using loop = cluster.loop(node);
  assert.equal(await loop.poll(), undefined);
  assert.equal(await cluster.count(cluster.keys.claimed), 0);
  cluster.standingMs = 1_000;
  await cluster.test.clock.advance(5_000);
  assert.equal((await loop.next()).id, "w-1");
});
