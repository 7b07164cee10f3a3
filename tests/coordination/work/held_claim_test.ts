import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import type { Claim } from "../../../coordination/work/claim.ts";
import type { WorkItem } from "../../../coordination/work/work_item.ts";
import {
  connectionRefused,
  type Fault,
  lostReply,
  repeatedByClient,
  slow,
} from "../../support/faults.ts";
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
  assert.equal(claim.isValid(), true);
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

/** The store does what it is asked to, and nobody hears of it: no answer, and nothing can be read. */
async function unheard(setup: Awaited<ReturnType<typeof setUp>>, call: Promise<void>) {
  await assert.rejects(setup.until(call), { code: "STORE_UNAVAILABLE" });
  setup.node.handle.heal();
}

function cutOff({ node }: Awaited<ReturnType<typeof setUp>>, fault: Fault = lostReply): void {
  node.handle.onCommit(fault, { times: Infinity });
  node.handle.onRead(connectionRefused, { times: Infinity });
}

Deno.test("HeldClaim goes on when a renewal arrived and nobody heard of it", async () => {
  const ends: readonly [string, (claim: Claim) => Promise<void>, WorkStatus][] = [
    ["renew", (claim) => claim.renew(), WorkStatus.CLAIMED],
    ["complete", (claim) => claim.complete("done"), WorkStatus.COMPLETED],
    ["fail", (claim) => claim.fail("no"), WorkStatus.WAITING],
    ["release", (claim) => claim.release(), WorkStatus.WAITING],
  ];
  for (const [name, end, status] of ends) {
    await using setup = await setUp();
    const { claim, until, node } = setup;
    cutOff(setup);
    await unheard(setup, claim.renew({ progress: 1 }));
    cutOff(setup);
    await unheard(setup, claim.renew({ progress: 2 }));
    assert.equal(claim.isValid(), true, name);
    await until(end(claim));
    const info = await until(node.queue.getWork("w"));
    assert.deepEqual([info?.status, info?.progress], [status, name === "renew" ? 2 : 1], name);
    assert.equal(node.queue.getMetrics().claimsLost, 0, name);
  }
});

Deno.test("HeldClaim complete, fail and release are done when they arrived and nobody heard of it, and are called again", async () => {
  const ends: readonly [
    string,
    (claim: Claim) => Promise<void>,
    "completed" | "failed" | "released",
  ][] = [
    ["complete", (claim) => claim.complete({ a: 1 }), "completed"],
    ["fail", (claim) => claim.fail(new Error(crypto.randomUUID())), "failed"],
    ["release", (claim) => claim.release(), "released"],
  ];
  for (const [name, end, count] of ends) {
    await using setup = await setUp({ backoffMs: 0 });
    const { claim, until, node, cluster, term } = setup;
    cutOff(setup);
    await unheard(setup, end(claim));
    cutOff(setup);
    await unheard(setup, end(claim));
    await until(node.queue.desk.carryOn(term)); // what was let go is given to somebody
    await until(end(claim));
    assert.equal(node.queue.getMetrics()[count], 1, name);
    assert.equal(node.queue.getMetrics().claimsLost, 0, name);
    assert.equal(await cluster.backlog(), await cluster.unfinished(), name);
    const sent = node.handle.sent.length;
    await until(end(claim));
    assert.equal(node.handle.sent.length, sent, `${name}: what is known is not sent again`);
    assert.equal(node.queue.getMetrics()[count], 1, name);
  }
});

Deno.test("HeldClaim complete, fail and release are done when they are called again, although another call learned first that they arrived", async () => {
  const ends: readonly [string, (claim: Claim, ending: string) => Promise<void>][] = [
    ["completed", (claim, ending) => claim.complete(ending)],
    ["failed", (claim, ending) => claim.fail(ending)],
    ["released", (claim) => claim.release()],
  ];
  for (const [name, end] of ends) {
    await using setup = await setUp();
    const { claim, until } = setup;
    cutOff(setup);
    await unheard(setup, end(claim, "R"));
    const others = ends.filter(([other]) => other !== name).map(([, other]) => other);
    for (const other of [(c: Claim) => c.renew(), ...others]) {
      await assert.rejects(
        until(other(claim, "R")),
        { code: "CLAIM_LOST", reason: "closed" },
        name,
      );
    }
    await until(end(claim, "R"));
    assert.equal(claim.isValid(), false, name);
    if (name === "completed") {
      await assert.rejects(until(end(claim, "other")), { code: "CLAIM_LOST", reason: "closed" });
    }
  }
});

Deno.test("HeldClaim says so when another call than the one that is repeated was recorded", async () => {
  const calls: readonly [string, (claim: Claim) => Promise<void>][] = [
    ["another result", (claim) => claim.complete(2)],
    ["a failure", (claim) => claim.fail("no")],
    ["a release", (claim) => claim.release()],
    ["a renewal", (claim) => claim.renew()],
  ];
  for (const [name, call] of calls) {
    await using setup = await setUp();
    const { claim, until, node } = setup;
    cutOff(setup);
    await unheard(setup, claim.complete(1));
    await assert.rejects(until(call(claim)), { code: "CLAIM_LOST", reason: "closed" }, name);
    const info = await until(node.queue.getWork("w"));
    assert.deepEqual([info?.status, info?.result], [WorkStatus.COMPLETED, 1], name);
    assert.equal(node.queue.getMetrics().completed, 1, name);
    assert.equal(claim.isValid(), false, name);
  }
});

Deno.test("HeldClaim records the last result when the one before it did not arrive", async () => {
  await using setup = await setUp();
  const { claim, until, node } = setup;
  cutOff(setup, connectionRefused);
  await unheard(setup, claim.complete(1));
  await until(claim.complete(2));
  assert.equal((await until(node.queue.getWork("w")))?.result, 2);
});

Deno.test("HeldClaim fail that is repeated records the first error", async () => {
  for (const fault of [connectionRefused, lostReply]) {
    await using setup = await setUp();
    const { claim, until, node } = setup;
    cutOff(setup, fault);
    await unheard(setup, claim.fail("first"));
    await until(claim.fail("second"));
    const info = await until(node.queue.getWork("w"));
    assert.deepEqual([info?.status, info?.error], [WorkStatus.WAITING, "first"]);
  }
});

Deno.test("HeldClaim does not take another attempt of its own process for its own, were it as the how many-th", async () => {
  type Setup = Awaited<ReturnType<typeof setUp>>;
  const ways: readonly [string, (setup: Setup) => Promise<unknown>, string][] = [
    ["released", async (setup) => {
      cutOff(setup);
      await unheard(setup, setup.claim.release());
    }, "closed"],
    ["lapsed and driven again", async ({ cluster, node, until, term }) => {
      cluster.register("a", { incarnation: "another" });
      await until(node.queue.desk.carryOn(term));
      cluster.register("a");
      assert.equal(await until(node.queue.redriveWork("w")), true);
    }, "superseded"],
  ];
  for (const [name, endIt, reason] of ways) {
    await using setup = await setUp({ maxAttempts: 1 });
    const { claim, cluster, until, node, term } = setup;
    await endIt(setup);
    await until(node.queue.desk.carryOn(term));
    await using loop = cluster.loop(node);
    const next = await loop.next();
    assert.deepEqual([next.id, next.attempt], ["w", 1], name);
    await assert.rejects(until(claim.complete("old")), { code: "CLAIM_LOST", reason }, name);
    assert.equal(next.isValid(), true, name);
    await until(next.complete("new"));
    assert.equal((await until(node.queue.getWork("w")))?.result, "new", name);
  }
});

Deno.test("HeldClaim is superseded when the leader has taken the item away, whatever was sent before", async () => {
  await using setup = await setUp({ backoffMs: 0 });
  const { claim, clock, until, node, term, cluster } = setup;
  cutOff(setup);
  await unheard(setup, claim.renew());
  cluster.register("a", { incarnation: "another" });
  await clock.advance(1_000);
  await until(node.queue.desk.carryOn(term));
  await assert.rejects(until(claim.complete()), { code: "CLAIM_LOST", reason: "superseded" });
  assert.equal((await until(node.queue.getWork("w")))?.result, null);
});
