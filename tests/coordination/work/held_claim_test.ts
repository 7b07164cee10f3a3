import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import type { Claim } from "../../../coordination/work/claim.ts";
import type { WorkItem } from "../../../coordination/work/work_item.ts";
import { connectionRefused, repeatedByClient, slow } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster, type WorkNode } from "./work_cluster.ts";

/** A claim of 1,000 ms on an item of its own; its leader does nothing by itself. */
async function setUp(item: Partial<WorkItem> = {}) {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node: WorkNode = cluster.node("a");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 10_000, 1);
  await until(node.queue.assignWork({ id: "w", payload: 1, claimMs: 1_000, ...item }));
  const loop = cluster.loop(node);
  const claim: Claim = await loop.next();
  const dispose = () => cluster[Symbol.asyncDispose]();
  return {
    cluster,
    node,
    term,
    claim,
    until,
    clock: cluster.test.clock,
    [Symbol.asyncDispose]: dispose,
  };
}

Deno.test("HeldClaim says what it is of", async () => {
  await using setup = await setUp({ priority: 3 });
  const { claim } = setup;
  assert.deepEqual([claim.id, claim.payload, claim.attempt, claim.priority], ["w", 1, 1, 3]);
  assert.deepEqual(claim.labels, {});
});

Deno.test("HeldClaim is valid for 0.8 of its time, counted from before it was sent; a renewal prolongs it so", async () => {
  await using setup = await setUp();
  const { claim, clock, node, until } = setup;
  await clock.advance(799 - (clock.monotonic() % 1));
  const leftMs = claim.remainingMs();
  assert.ok(leftMs > 0 && leftMs <= 1, `${leftMs}`);
  node.handle.onCommit(slow(clock, 100), { only: touches("claimed", "a", "w") });
  const sentAtMs = clock.monotonic();
  await until(claim.renew()).catch(() => {});
  assert.equal(claim.isValid(), false, "the renewal was answered after the claim had run out");
  assert.ok(clock.monotonic() - sentAtMs >= 1);
});

Deno.test("HeldClaim renew counts from before it was sent", async () => {
  await using setup = await setUp();
  const { claim, clock, node, until } = setup;
  node.handle.onCommit(slow(clock, 100), { only: touches("claimed", "a", "w") });
  await until(claim.renew());
  assert.equal(claim.remainingMs(), 700);
  assert.equal(claim.signal.aborted, false);
});

Deno.test("HeldClaim signal aborts when the claim runs out, also when only the wall clock shows it", async () => {
  for (const pass of ["time", "suspend"] as const) {
    await using setup = await setUp();
    const { claim, clock } = setup;
    if (pass === "time") await clock.advance(800);
    else clock.freeze(5_000, { monotonic: false });
    assert.equal(claim.isValid(), false);
    assert.equal(claim.signal.reason.code, "CLAIM_LOST");
    assert.equal(claim.signal.reason.reason, "expired");
    await assert.rejects(claim.renew(), { reason: "expired" });
  }
});

Deno.test("HeldClaim complete is recorded after it ran out, as long as nobody else was given the item", async () => {
  await using setup = await setUp();
  const { claim, clock, until, node } = setup;
  await clock.advance(5_000);
  await until(claim.complete("late"));
  assert.equal((await until(node.queue.getWork("w")))?.result, "late");
});

Deno.test("HeldClaim renew refuses before anything is sent when progress stands still for too long", async () => {
  await using setup = await setUp({ progressMs: 500 });
  const { claim, clock, until, node } = setup;
  await clock.advance(400);
  await until(claim.renew({ progress: 1 }));
  await clock.advance(400);
  await until(claim.renew({ progress: 1 }));
  await clock.advance(150);
  const sent = node.handle.sent.length;
  await assert.rejects(until(claim.renew({ progress: 0.5 })), {
    name: "NoProgressError",
    code: "NO_PROGRESS",
    itemId: "w",
    progress: 1,
  });
  assert.equal(node.handle.sent.length, sent);
  assert.equal(claim.isValid(), true);
  await until(claim.renew({ progress: 2 }));
  assert.equal((await until(node.queue.getWork("w")))?.progress, 2);
  assert.equal(node.queue.getMetrics().stalled, 1);
});

Deno.test("HeldClaim renew without a declared budget asks for no progress", async () => {
  await using setup = await setUp();
  const { claim, clock, until } = setup;
  for (let i = 0; i < 10; i++) {
    await clock.advance(700);
    await until(claim.renew());
  }
  await assert.rejects(claim.renew({ progress: NaN }), RangeError);
});

Deno.test("HeldClaim stands when a renewal cannot be sent, and is renewed by the next", async () => {
  await using setup = await setUp();
  const { claim, until, node } = setup;
  node.handle.onCommit(connectionRefused, { times: 3 });
  await assert.rejects(until(claim.renew()), { code: "STORE_UNAVAILABLE" });
  assert.equal(claim.isValid(), true);
  await until(claim.renew());
});

Deno.test("HeldClaim operations of the same moment do not refuse each other", async () => {
  await using setup = await setUp();
  const { claim, until, node } = setup;
  await until(Promise.all([claim.renew({ progress: 1 }), claim.renew(), claim.complete("done")]));
  assert.equal((await until(node.queue.getWork("w")))?.result, "done");
  assert.equal(node.queue.getMetrics().claimsLost, 0);
});

Deno.test("HeldClaim complete refuses a result that is too large or no JSON, and stands", async () => {
  await using setup = await setUp();
  const { claim, until } = setup;
  await assert.rejects(claim.complete("x".repeat(70_000)), { reason: "too_large" });
  await assert.rejects(claim.complete(new Map()), TypeError);
  await until(claim.complete());
});

Deno.test("HeldClaim fail whose answer is lost is recognised although the leader has moved the item on", async () => {
  await using setup = await setUp({ backoffMs: 0 });
  const { claim, until, node, term, cluster } = setup;
  node.handle.onCommit(async (apply) => {
    await apply();
    await node.queue.desk.carryOn(term);
    return await apply();
  }, { only: touches("waiting", "w") });
  const failed = claim.fail(new Error("no"));
  await until(failed);
  assert.equal(node.queue.getMetrics().failed, 1);
  assert.equal(node.queue.getMetrics().claimsLost, 0);
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("HeldClaim fail records a short text and counts the item as dead after its last attempt", async () => {
  await using setup = await setUp({ maxAttempts: 1 });
  const { claim, until, node, cluster } = setup;
  await until(claim.fail("x".repeat(5_000)));
  const info = await until(node.queue.getWork("w"));
  assert.deepEqual([info?.status, info?.error?.length], [WorkStatus.DEAD, 1_024]);
  assert.equal(node.queue.getMetrics().dead, 1);
  assert.equal(await cluster.backlog(), 0);
});

Deno.test("HeldClaim release gives the item back without counting the attempt", async () => {
  await using setup = await setUp();
  const { claim, until, node } = setup;
  node.handle.onCommit(repeatedByClient);
  await until(claim.release());
  const info = await until(node.queue.getWork("w"));
  assert.deepEqual([info?.status, info?.attempt], [WorkStatus.WAITING, 0]);
  await assert.rejects(claim.complete(), { reason: "closed" });
});

Deno.test("HeldClaim is over, and leaves no timer behind, when its node has done with work", async () => {
  await using setup = await setUp();
  const { clock, node, claim } = setup;
  await node.queue[Symbol.asyncDispose]();
  await clock.advance(0);
  assert.deepEqual([claim.isValid(), claim.signal.aborted], [false, true]);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("HeldClaim is over as soon as its member may be taken for dead, however young it is", async () => {
  await using setup = await setUp();
  const { cluster, claim, clock } = setup;
  cluster.standingMs = 100;
  assert.equal(claim.remainingMs(), 100);
  await clock.advance(100);
  cluster.standingMs = 0;
  assert.equal(claim.isValid(), false);
  assert.equal(claim.signal.reason.reason, "expired");
  cluster.standingMs = 100;
  assert.equal(claim.isValid(), false, "what may have been given to another does not come back");
});

Deno.test("HeldClaim that was let go is not relied on, even when nobody knows whether that arrived (simulated seed 1821)", async () => {
  for (
    const letGo of [(claim: Claim) => claim.fail("bad luck"), (claim: Claim) => claim.release()]
  ) {
    await using setup = await setUp({ backoffMs: 0 });
    const { claim, until, node } = setup;
    node.handle.onCommit(connectionRefused, { times: 3 });
    const letting = letGo(claim);
    await until(letting.catch(() => {}));
    await assert.rejects(letting, { code: "STORE_UNAVAILABLE" });
    assert.equal(claim.isValid(), false);
    assert.equal(claim.remainingMs(), 0);
    await assert.rejects(until(claim.renew()), { code: "CLAIM_LOST", reason: "closed" });
    await until(letGo(claim));
  }
});
