import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import {
  closed,
  connectionRefused,
  hang,
  heldCall,
  lostReply,
  slow,
} from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import type { Claim } from "../../../coordination/work/claim.ts";
import type { WorkItem } from "../../../coordination/work/work_item.ts";
import { type ClaimReader, WorkCluster } from "./work_cluster.ts";

async function setUp(items: number, more: Partial<WorkItem> = {}) {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  for (let i = 1; i <= items; i++) {
    await until(node.queue.assignWork({ id: `w-${i}`, payload: i, claimMs: 5_000, ...more }));
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

Deno.test("ClaimLoop claims ahead of its turn only what has lost no attempt and can lose one", async () => {
  await using setup = await setUp(2);
  const { cluster, node, term, until } = setup;
  await until(node.queue.assignWork({ id: "once", payload: 1, maxAttempts: 1 }));
  await until(node.queue.assignWork({ id: "w-3", payload: 1 }));
  await until(node.queue.assignWork({ id: "again", payload: 1, backoffMs: 0, priority: 1 }));
  await using loop = cluster.loop(node, { maxClaims: 10 });
  const ahead: [string, number][] = [];
  const claims = new Map<string, Claim>();
  const takeNext = async () => {
    const claim = await loop.next();
    claims.set(claim.id, claim);
    ahead.push([claim.id, await cluster.count(cluster.keys.claimed) - claims.size]);
  };
  await takeNext();
  for (let i = 0; i < 2; i++) await takeNext();
  await until(claims.get("again")!.fail("no"));
  claims.delete("again");
  await until(node.queue.desk.carryOn(term));
  for (let i = 0; i < 3; i++) await takeNext();
  assert.deepEqual(ahead, [["again", 2], ["w-1", 1], ["w-2", 0], ["again", 0], ["once", 0], [
    "w-3",
    0,
  ]]);
});

Deno.test("ClaimLoop of a process that one item ends costs the others one attempt at most", async () => {
  await using setup = await setUp(8, { maxAttempts: 3, backoffMs: 0 });
  const { cluster, node, term, until } = setup;
  await until(
    node.queue.assignWork({ id: "poison", payload: 1, maxAttempts: 3, priority: 1, backoffMs: 0 }),
  );
  for (let life = 1; life <= 3; life++) {
    const process = cluster.node("a");
    const loop = cluster.loop(process, { maxClaims: 20 });
    assert.equal((await loop.next()).id, "poison");
    process.handle.breakDown(connectionRefused);
    cluster.register("a", { incarnation: `life-${life}` });
    await until(node.queue.desk.carryOn(term));
    await cluster.test.clock.advance(300);
    await until(node.queue.desk.carryOn(term));
  }
  assert.deepEqual((await until(node.queue.listWork({ status: "dead" }))).map(({ id }) => id), [
    "poison",
  ]);
  const ready = await until(node.queue.listWork({ status: "ready" }));
  assert.deepEqual(ready.map(({ attempt }) => attempt), Array(8).fill(1));
});

Deno.test("ClaimLoop gives back what it cannot hand out in time, so that everything is handed out once", async () => {
  await using setup = await setUp(10, { claimMs: 600, maxAttempts: 3, backoffMs: 0 });
  const { cluster, node, until } = setup;
  await cluster.lead(node);
  await using loop = cluster.loop(node, { maxClaims: 10 });
  const seen: string[] = [];
  while (seen.length < 10) {
    const claim = await loop.next();
    assert.ok(claim.isValid() && claim.attempt === 1, claim.id);
    seen.push(claim.id);
    await cluster.test.clock.advance(400);
    await until(claim.complete());
  }
  assert.equal(new Set(seen).size, 10);
  const { released, claimsLost, lapsed, dead } = node.queue.getMetrics();
  assert.deepEqual({ claimsLost, lapsed, dead }, { claimsLost: 0, lapsed: 0, dead: 0 });
  assert.ok(released >= 9 && released <= 12, `${released}`);
});

Deno.test("ClaimLoop gives back at half of a claim what waits, whether or not it is asked for more", async () => {
  await using setup = await setUp(3);
  const { cluster, node, until } = setup;
  await using loop = cluster.loop(node, { maxClaims: 3 });
  await loop.next();
  await cluster.test.clock.advance(2_400);
  assert.equal(await cluster.count(cluster.keys.claimed), 3);
  await cluster.test.clock.advance(200);
  const waiting = await until(node.queue.listWork({ status: "waiting" }));
  assert.deepEqual(waiting.map(({ id, attempt }) => [id, attempt]), [["w-2", 0], ["w-3", 0]]);
  assert.equal(node.queue.getMetrics().released, 2);
});

Deno.test("ClaimLoop gives back what is no longer valid when it is asked for, and drops nothing", async () => {
  await using setup = await setUp(3);
  const { cluster, node, until } = setup;
  await using loop = cluster.loop(node, { maxClaims: 3 });
  await loop.next();
  cluster.standingMs = 0;
  assert.equal(await loop.poll(), undefined);
  const waiting = await until(node.queue.listWork({ status: "waiting" }));
  assert.deepEqual(waiting.map(({ id, attempt }) => [id, attempt]), [["w-2", 0], ["w-3", 0]]);
  assert.equal(node.queue.getMetrics().released, 2);
});

Deno.test("ClaimLoop gives everything back at once when it is told to stop, and leaves no timer behind", async () => {
  for (const way of ["signal", "return"] as const) {
    await using setup = await setUp(4);
    const { cluster, node, until } = setup;
    const sleepers = cluster.test.clock.sleeperCount;
    const stop = new AbortController();
    const claims = node.queue.work({ maxClaims: 4, signal: stop.signal });
    const { value } = await until(claims.next());
    if (way === "signal") stop.abort();
    else await until(claims.return());
    await cluster.test.settle();
    const waiting = await until(node.queue.listWork({ status: "waiting" }));
    assert.deepEqual(waiting.map(({ attempt }) => attempt), [0, 0, 0], way);
    await until((value as Claim).complete());
    assert.equal((await until(claims.next())).done, true);
    await cluster.test.settle();
    assert.equal(cluster.test.clock.sleeperCount, sleepers, way);
  }
});

Deno.test("ClaimLoop looks again at once when another loop of its member was faster", async () => {
  await using setup = await setUp(12);
  const { cluster, node } = setup;
  const loops: ClaimReader[] = Array.from({ length: 4 }, () => cluster.loop(node));
  const found = await cluster.atOnce(Promise.all(loops.map((loop) => loop.ask())));
  assert.equal(new Set(found.map(({ value }) => value?.id)).size, 4);
  for (const loop of loops) await loop[Symbol.asyncDispose]();
});

Deno.test("ClaimLoop that always loses waits in the end", async () => {
  await using setup = await setUp(60);
  const { cluster, node } = setup;
  const { keys } = cluster;
  const { kv } = cluster.test.handle();
  let looks = 0;
  node.handle.onCommit(async (apply) => {
    looks++; // somebody else takes what it is about to claim
    const [first] = await Array.fromAsync(kv.list({ prefix: keys.ready }, { limit: 1 }));
    await kv.atomic().delete(keys.item(`w-${looks}`)).delete(first!.key).commit();
    return await apply();
  }, { times: Infinity, only: ({ checks }) => checks.some(({ key }) => key.includes("item")) });
  await using loop = cluster.loop(node);
  void loop.ask();
  for (let turns = 0; turns < 100; turns++) await cluster.test.settle();
  const before = looks;
  assert.ok(before === 10 || before === 20, `${before}, of which ten for a bell that rang before`);
  await cluster.test.clock.advance(500);
  for (let turns = 0; turns < 100; turns++) await cluster.test.settle();
  assert.equal(looks, before + 10, "it looks again after the poll");
});

Deno.test("ClaimLoop hands out what it claimed without hearing of it, or gives it back when that is late", async () => {
  for (const [afterMs, given] of [[0, ["w-1", "w-2", "w-3"]], [4_500, []]] as const) {
    await using setup = await setUp(3, { maxAttempts: 2 });
    const { cluster, node, until } = setup;
    await using loop = cluster.loop(node, { maxClaims: 3 });
    node.handle.onCommit(async (apply) => {
      node.handle.onRead(connectionRefused, { times: Infinity });
      return await lostReply(apply);
    }, { times: Infinity, only: ({ sets }) => sets.length > 0 });
    assert.equal(await loop.poll(10), undefined);
    assert.equal(await cluster.count(cluster.keys.claimed), 3);
    await cluster.test.clock.advance(afterMs);
    assert.equal(await cluster.count(cluster.keys.claimed), 3);
    node.handle.heal();
    const found: string[] = [];
    for (let claim = await loop.poll(600); claim; claim = await loop.poll(50)) found.push(claim.id);
    assert.deepEqual(found, given);
    const items = await until(node.queue.listWork({}));
    const { attempt, status } = given.length > 0
      ? { attempt: 1, status: WorkStatus.CLAIMED }
      : { attempt: 0, status: WorkStatus.WAITING };
    assert.deepEqual(
      items.map((item) => [item.status, item.attempt]),
      Array(3).fill([status, attempt]),
    );
    assert.equal(node.queue.getMetrics().claimed, 3);
  }
});

Deno.test("ClaimLoop claims anew what it tried to claim and did not", async () => {
  await using setup = await setUp(2, { maxAttempts: 1 });
  const { cluster, node } = setup;
  await using loop = cluster.loop(node, { maxClaims: 2 });
  node.handle.onCommit(connectionRefused, { times: 3, only: touches("claimed", "a", "w-1") });
  assert.equal((await loop.next()).attempt, 1);
  assert.equal((await loop.next()).attempt, 1);
  assert.equal(node.queue.getMetrics().claimed, 2);
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

Deno.test("ClaimLoop lets a claim that came too late run out, so that its attempt counts, and gives back the others", async () => {
  await using setup = await setUp(2, { claimMs: 100, maxAttempts: 2, backoffMs: 0 });
  const { cluster, node, until } = setup;
  await cluster.lead(node);
  const isClaim = touches("claimed", "a", "w-1");
  node.handle.onCommit(slow(cluster.test.clock, 120), { times: Infinity, only: isClaim });
  await using loop = cluster.loop(node, { maxClaims: 2 });
  const next = await loop.next();
  assert.deepEqual([next.id, next.attempt], ["w-2", 1]);
  await until(next.complete());
  void loop.ask();
  await cluster.test.clock.advance(10_000);
  const { status, attempt } = (await until(node.queue.getWork("w-1")))!;
  assert.deepEqual([status, attempt], [WorkStatus.DEAD, 2]);
});

Deno.test("ClaimLoop gives back what it claimed too late while its member may be taken for dead, or when it was told to stop", async () => {
  for (const way of ["dead", "stop"]) {
    await using setup = await setUp(1, { claimMs: 100 });
    const { cluster, node, until } = setup;
    const isClaim = touches("claimed", "a", "w-1");
    node.handle.onCommit(slow(cluster.test.clock, 120), { only: isClaim });
    const stop = new AbortController();
    const claims = node.queue.work({ signal: stop.signal });
    const asked = claims.next();
    await cluster.test.clock.advance(50);
    if (way === "dead") cluster.standingMs = 0;
    else stop.abort();
    await cluster.test.clock.advance(500);
    const { status, attempt } = (await until(node.queue.getWork("w-1")))!;
    assert.deepEqual([status, attempt], [WorkStatus.WAITING, 0], way);
    stop.abort();
    assert.equal((await until(asked)).done, true);
  }
});

Deno.test("ClaimLoop is left in time although the store hangs, and what it could not give back runs out", async () => {
  for (const way of ["break", "stop"]) {
    await using setup = await setUp(20);
    const { cluster, node, until } = setup;
    const { clock } = cluster.test;
    const stop = new AbortController();
    const claims = node.queue.work({ maxClaims: 20, signal: stop.signal });
    await until(claims.next());
    node.handle.breakDown(hang);
    const beginMs = clock.monotonic();
    if (way === "stop") stop.abort();
    await until(claims.return());
    const tookMs = clock.monotonic() - beginMs; // two attempts more: to say that it takes no work
    assert.ok(tookMs <= 6 * 150 + 25, `${way}: ${tookMs} ms`);
    const sent = node.handle.sent.length;
    await clock.advance(3_000);
    assert.equal(node.handle.sent.length, sent, `${way}: it goes on sending`);
    node.handle.heal();
  }
});

Deno.test("ClaimLoop is left in time while the claims that it sends hang", async () => {
  await using setup = await setUp(20);
  const { cluster, node, until } = setup;
  const { clock } = cluster.test;
  const stop = new AbortController();
  const claims = node.queue.work({ maxClaims: 20, signal: stop.signal });
  node.handle.onCommit(hang, { times: Infinity, only: ({ checks }) => checks.length > 0 });
  const asked = claims.next();
  await clock.advance(100);
  const beginMs = clock.monotonic();
  stop.abort();
  assert.equal((await until(asked)).done, true);
  const tookMs = clock.monotonic() - beginMs;
  assert.ok(tookMs <= 3 * 150, `${tookMs} ms`);
  node.handle.heal();
});

Deno.test("ClaimLoop that ends gives back what it claimed without hearing of it", async () => {
  for (const way of ["break", "stop"]) {
    await using setup = await setUp(3);
    const { cluster, node, until } = setup;
    const stop = new AbortController();
    const claims = node.queue.work({ maxClaims: 3, signal: stop.signal });
    node.handle.onCommit(async (apply) => {
      node.handle.onRead(connectionRefused, { times: Infinity });
      return await lostReply(apply);
    }, { times: Infinity, only: ({ sets }) => sets.length > 0 });
    const asked = claims.next();
    await cluster.test.clock.advance(10);
    assert.equal(await cluster.count(cluster.keys.claimed), 3);
    node.handle.heal();
    stop.abort();
    if (way === "break") await until(claims.return());
    assert.equal((await until(asked)).done, true);
    const waiting = await until(node.queue.listWork({ status: "waiting" }));
    assert.deepEqual(waiting.map(({ attempt }) => attempt), [0, 0, 0], way);
  }
});
