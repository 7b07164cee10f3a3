import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import {
  connectionRefused,
  type Fault,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster } from "./work_cluster.ts";

const until = <T>(cluster: WorkCluster, promise: Promise<T>) => cluster.test.until(promise);

Deno.test("WorkQueue has an item done and records its result once", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.lead(a);
  const assignee = await until(cluster, a.queue.assignWork({ id: "w", payload: { n: 1 } }));
  assert.equal(assignee, "a");
  assert.equal(await cluster.backlog(), 1);
  await using loop = cluster.loop(a);
  const claim = await loop.next();
  assert.deepEqual([claim.id, claim.payload, claim.attempt], ["w", { n: 1 }, 1]);
  assert.equal((await until(cluster, a.queue.getWork("w")))?.status, WorkStatus.CLAIMED);
  await until(cluster, claim.complete({ sum: 2 }));
  const done = await until(cluster, a.queue.getWork("w"));
  assert.deepEqual([done?.status, done?.result], [WorkStatus.COMPLETED, { sum: 2 }]);
  assert.equal(await cluster.backlog(), 0);
  await assert.rejects(until(cluster, claim.complete({ sum: 3 })), {
    name: "ClaimLostError",
    code: "CLAIM_LOST",
    reason: "closed",
  });
  assert.deepEqual((await until(cluster, a.queue.getWork("w")))?.result, { sum: 2 });
});

Deno.test("WorkQueue assignWork answers the present member when the id exists, and counts it once", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.lead(a);
  const calls = Array.from({ length: 3 }, () => a.queue.assignWork({ id: "w", payload: 1 }));
  assert.deepEqual(await until(cluster, Promise.all(calls)), ["a", "a", "a"]);
  cluster.register("b", { load: -1 });
  cluster.members.delete("a");
  assert.equal(await until(cluster, a.queue.assignWork({ id: "w", payload: 1 })), "a");
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("WorkQueue assignWork refuses another order under an id that is there, also when it is completed", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a", { labels: { zone: "eu" } });
  const a = cluster.node("a");
  await cluster.lead(a);
  const item = { id: "w", payload: { n: 1 }, labels: { zone: "eu" } };
  const assign = (more = {}) => until(cluster, a.queue.assignWork({ ...item, ...more }));
  assert.equal(await assign(), "a");
  const others = [
    { payload: { n: 2 } },
    { labels: {} },
    { labels: { zone: "us" } },
    { labels: { zone: "eu", disk: "ssd" } },
  ];
  const refuseAll = async () => {
    for (const other of others) {
      await assert.rejects(assign(other), {
        name: "WorkRefusedError",
        code: "WORK_REFUSED",
        reason: "id_taken",
        itemId: "w",
      }, JSON.stringify(other));
    }
  };
  await refuseAll();
  await using loop = cluster.loop(a);
  await until(cluster, (await loop.next()).complete("done"));
  await refuseAll();
  assert.equal(await assign(), "a", "a repeat of the same order is answered as before");
  const limits = { priority: 1, maxAttempts: 2, claimMs: 100, progressMs: 100, backoffMs: 100 };
  assert.equal(await assign(limits), "a", "after a deploy that changed its limits too");
  assert.equal((await until(cluster, a.queue.getWork("w")))?.result, "done");
  assert.equal(a.queue.getMetrics().refused, 2 * others.length);
});

Deno.test("WorkQueue assignWork on a leader keeps to its time and its signal while the store hangs", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  a.handle.breakDown(hang);
  const { clock } = cluster.test;
  let sinceMs = clock.monotonic();
  const late = a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 60 });
  await assert.rejects(cluster.test.until(late, 10_000, 1), {
    name: "WorkUnacknowledgedError",
    withdrawn: true,
    itemId: "w",
  });
  assert.ok(clock.monotonic() - sinceMs <= 62, "the time");
  const stop = new AbortController();
  const stopped = a.queue.assignWork({ id: "w", payload: 1 }, { signal: stop.signal });
  await clock.advance(50);
  sinceMs = clock.monotonic();
  stop.abort(new Error("enough"));
  await assert.rejects(cluster.test.until(stopped, 10_000, 1), { message: "enough" });
  await cluster.test.until(a.queue[Symbol.asyncDispose](), 10_000, 1);
  assert.ok(clock.monotonic() - sinceMs <= 2, "the signal, and the end");
  a.handle.heal();
});

Deno.test("WorkQueue assignWork on a leader leaves nothing behind that was given up before it was sent", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  a.handle.breakDown(hang);
  const gaveUp: unknown[] = [];
  for (let round = 0; round < 5; round++) {
    const calls = Array.from(
      { length: 300 },
      (_, i) => a.queue.assignWork({ id: `${round}-${i}`, payload: 1 }, { timeoutMs: 100 }),
    );
    for (const one of await cluster.test.until(Promise.allSettled(calls))) {
      gaveUp.push(one.status === "rejected" && one.reason.withdrawn);
    }
  }
  assert.deepEqual(new Set(gaveUp), new Set([true]));
  const stop = new AbortController();
  const cancelled = a.queue.assignWork({ id: "w", payload: 1 }, { signal: stop.signal });
  await cluster.test.clock.advance(50);
  stop.abort(new Error("enough"));
  await assert.rejects(cluster.test.until(cancelled), { message: "enough" });
  a.handle.heal();
  await cluster.test.clock.advance(10_000);
  assert.equal(await cluster.backlog(), 0);
  assert.equal(a.handle.sent.length, 0);
});

Deno.test("WorkQueue assignWork on a leader refuses more calls than may wait", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  a.handle.breakDown(hang);
  const calls = Array.from(
    { length: 1_001 },
    (_, i) => a.queue.assignWork({ payload: i }, { timeoutMs: 1_000 }),
  );
  const settled = Promise.allSettled(calls);
  await assert.rejects(calls[1_000]!, { code: "WORK_REFUSED", reason: "inbox_full" });
  await cluster.test.until(settled);
  a.handle.heal();
  assert.equal(await cluster.test.until(a.queue.assignWork({ payload: 1 })), "a");
});

Deno.test("WorkQueue assignWork that gave up on a leader may be acknowledged all the same, once", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  const held = heldCall();
  a.handle.onCommit(held.fault, { only: touches("w") });
  const late = a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 60 });
  await held.caught;
  await assert.rejects(cluster.test.until(late, 10_000, 1), { withdrawn: false });
  await held.release();
  await cluster.test.settle();
  assert.equal(await cluster.backlog(), 1);
  assert.equal(await until(cluster, a.queue.assignWork({ id: "w", payload: 1 })), "a");
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("WorkQueue openClaims counts what was handed out and is in force", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  for (const id of ["w-1", "w-2", "w-3"]) {
    await until(cluster, a.queue.assignWork({ id, payload: 1, claimMs: 60_000 }));
  }
  await using loop = cluster.loop(a, { maxClaims: 3 });
  const [one, two] = [await loop.next(), await loop.next()];
  assert.equal(a.queue.openClaims, 2);
  await until(cluster, one.complete());
  assert.equal(a.queue.openClaims, 1);
  await until(cluster, two.fail("no"));
  await loop.next();
  await cluster.test.clock.advance(60_000);
  assert.equal(a.queue.openClaims, 0, "it was not renewed");
});

Deno.test("WorkQueue recovers lost answers by nonce at every step, and counts nothing twice (T2, T3)", async () => {
  const faults: { name: string; fault: Fault }[] = [
    { name: "the reply is lost", fault: lostReply },
    { name: "the client repeats it and is refused", fault: repeatedByClient },
    { name: "nothing arrives at first", fault: connectionRefused },
  ];
  for (const { name, fault } of faults) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const a = cluster.node("a");
    await cluster.lead(a);
    a.handle.onCommit(fault, { only: touches("w") });
    assert.equal(await until(cluster, a.queue.assignWork({ id: "w", payload: 1 })), "a", name);
    assert.equal(await cluster.backlog(), 1, name);
    a.handle.onCommit(fault, { only: touches("claimed", "a", "w") });
    await using loop = cluster.loop(a);
    const claim = await loop.next();
    assert.equal(claim.attempt, 1, name);
    a.handle.onCommit(fault, { only: touches("claimed", "a", "w") });
    await until(cluster, claim.renew({ progress: 1 }));
    a.handle.onCommit(fault, { only: touches("claimed", "a", "w") });
    await until(cluster, claim.complete("done"));
    const info = await until(cluster, a.queue.getWork("w"));
    assert.deepEqual([info?.result, info?.attempt], ["done", 1], name);
    assert.equal(await cluster.backlog(), 0, name);
    assert.equal(a.queue.getMetrics().claimed, 1, name);
    assert.equal(await cluster.count(cluster.keys.claimed), 0, name);
  }
});

Deno.test("WorkQueue assignments of a group whose answer is lost are all acknowledged, and counted once", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const a = cluster.node("a");
    await cluster.elect(a);
    a.handle.onCommit(fault);
    const ids = Array.from({ length: 20 }, (_, i) => `w-${i}`);
    const calls = ids.map((id) => a.queue.assignWork({ id, payload: null }));
    await until(cluster, Promise.all(calls));
    assert.equal(await cluster.backlog(), 20);
    assert.equal(await cluster.count(cluster.keys.ready), 20);
  }
});

Deno.test("WorkQueue assignments of 100 at once share commits; one of a store that takes 10 checks too", async () => {
  for (
    const { maxChecks, commits } of [{ maxChecks: 100, commits: 2 }, { maxChecks: 10, commits: 12 }]
  ) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const a = cluster.node("a", {}, { maxChecks });
    await cluster.elect(a);
    const calls = Array.from({ length: 100 }, (_, i) => a.queue.assignWork({ payload: i }));
    await until(cluster, Promise.all(calls));
    assert.equal(await cluster.backlog(), 100);
    const sent = a.handle.sent.filter(({ sets }) => sets.length > 0);
    assert.equal(sent.length, commits);
    await using loop = cluster.loop(a, { maxClaims: 50 });
    await loop.next();
    assert.equal(await cluster.count(cluster.keys.claimed), 50);
    const claims = a.handle.sent.filter(({ sets }) => sets.some(({ key }) => key[3] === "claimed"));
    assert.equal(claims.length, maxChecks === 100 ? 1 : 5);
  }
});

Deno.test("WorkQueue gives back what a loop claimed and did not hand out, without counting an attempt", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  const term = await cluster.elect(a);
  for (const id of ["w-1", "w-2", "w-3"]) {
    await until(cluster, a.queue.assignWork({ id, payload: null }));
  }
  const loop = cluster.loop(a, { maxClaims: 3 });
  const claim = await loop.next();
  assert.equal(a.queue.takesWork, true);
  await loop[Symbol.asyncDispose]();
  assert.equal(a.queue.takesWork, false);
  assert.equal(claim.isValid(), true);
  const waiting = await until(cluster, a.queue.listWork({ status: WorkStatus.WAITING }));
  assert.deepEqual(waiting.map(({ id, attempt }) => [id, attempt]), [["w-2", 0], ["w-3", 0]]);
  await until(cluster, a.queue.desk.carryOn(term));
  assert.equal(await cluster.count(cluster.keys.ready), 2);
  await until(cluster, claim.complete());
  assert.equal(await cluster.backlog(), 2);
});

Deno.test("WorkQueue hands items out by priority, then in the order of assignment", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  const items = [["x", 0], ["y", 5], ["z", -5], ["x2", 0], ["y2", 5]] as const;
  for (const [id, priority] of items) {
    await until(cluster, a.queue.assignWork({ id, priority, payload: null }));
  }
  await using loop = cluster.loop(a);
  const ids: string[] = [];
  for (let i = 0; i < items.length; i++) {
    const claim = await loop.next();
    ids.push(claim.id);
    await until(cluster, claim.complete());
  }
  assert.deepEqual(ids, ["y", "y2", "x", "x2", "z"]);
});

Deno.test("WorkQueue refuses by reason what it cannot take, and forgets nothing it took", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a", { labels: { zone: "eu" } });
  const a = cluster.node("a", { maxBacklog: 2 });
  await cluster.elect(a);
  const assign = (id: string, more = {}) =>
    until(cluster, a.queue.assignWork({ id, payload: 1, ...more }));
  await assert.rejects(assign("x", { labels: { zone: "us" } }), {
    name: "WorkRefusedError",
    code: "WORK_REFUSED",
    reason: "no_member",
    itemId: "x",
  });
  await assert.rejects(assign("x", { payload: "x".repeat(61_440) }), { reason: "too_large" });
  await assert.rejects(assign("x", { payload: "ü€".repeat(15_500) }), { reason: "too_large" });
  await assign("w-1", { labels: { zone: "eu" } });
  await assign("w-2");
  await assert.rejects(assign("w-3"), { reason: "backlog_full" });
  assert.equal(await assign("w-2"), "a");
  assert.equal(await cluster.backlog(), 2);
  await using loop = cluster.loop(a);
  await until(cluster, (await loop.next()).complete());
  assert.equal(await assign("w-3"), "a");
});

Deno.test("WorkQueue keeps the bound of the backlog exactly when many assign at once", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a", { maxBacklog: 150 });
  await cluster.elect(a);
  const calls = Array.from({ length: 250 }, (_, i) => a.queue.assignWork({ payload: i }));
  const settled = await until(cluster, Promise.allSettled(calls));
  assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 150);
  assert.equal(await cluster.backlog(), 150);
  assert.equal(await cluster.unfinished(), 150);
});

Deno.test("WorkQueue of a deposed leader cannot commit an assignment, and hands it over instead", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.elect(a);
  const held = heldCall();
  a.handle.onCommit(held.fault, { only: touches("w") });
  const assigned = a.queue.assignWork({ id: "w", payload: 1 });
  await held.caught;
  await cluster.lead(b);
  await held.release();
  assert.equal(await until(cluster, assigned), "b");
  assert.equal(a.queue.getMetrics().assigned, 0);
  assert.equal(b.queue.getMetrics().assigned, 1);
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("WorkQueue redriveWork drives a dead letter again with all attempts; dropWork removes one", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.lead(a);
  await until(cluster, a.queue.assignWork({ id: "w", payload: 1, maxAttempts: 2, backoffMs: 100 }));
  await using loop = cluster.loop(a);
  for (const attempt of [1, 2]) {
    const claim = await loop.next();
    assert.equal(claim.attempt, attempt);
    await until(cluster, claim.fail(new Error(`no ${attempt}`)));
  }
  const [dead] = await until(cluster, a.queue.listWork({ status: WorkStatus.DEAD }));
  assert.deepEqual([dead?.id, dead?.error], ["w", "Error: no 2"]);
  assert.equal(await cluster.backlog(), 0);
  assert.equal(await until(cluster, a.queue.redriveWork("w")), true);
  assert.equal(await until(cluster, a.queue.redriveWork("w")), false);
  assert.equal(await cluster.backlog(), 1);
  const again = await loop.next();
  assert.equal(again.attempt, 1);
  assert.equal(await until(cluster, a.queue.dropWork("w")), false);
  await until(cluster, again.fail("no"));
  await until(cluster, (await loop.next()).fail("no"));
  assert.equal(await until(cluster, a.queue.dropWork("w")), true);
  assert.equal(await until(cluster, a.queue.getWork("w")), null);
  assert.equal(await cluster.count(cluster.keys.dead), 0);
  assert.equal(await cluster.backlog(), 0);
});

Deno.test("WorkQueue redriveWork whose reply is lost counts the item once", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const a = cluster.node("a");
    await cluster.elect(a);
    await until(cluster, a.queue.assignWork({ id: "w", payload: 1, maxAttempts: 1 }));
    await using loop = cluster.loop(a);
    await until(cluster, (await loop.next()).fail("no"));
    a.handle.onCommit(fault);
    assert.equal(await until(cluster, a.queue.redriveWork("w")), true);
    assert.equal(await cluster.backlog(), 1);
  }
});

Deno.test("WorkQueue dropWork whose reply is lost says that it dropped the item", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const a = cluster.node("a");
    await cluster.elect(a);
    await until(cluster, a.queue.assignWork({ id: "w", payload: 1, maxAttempts: 1 }));
    await using loop = cluster.loop(a);
    await until(cluster, (await loop.next()).fail("no"));
    a.handle.onCommit(fault);
    a.handle.onRead(async (apply) => await apply());
    a.handle.onRead(connectionRefused); // nor can it be read back at first
    assert.equal(await until(cluster, a.queue.dropWork("w")), true);
    assert.equal(await until(cluster, a.queue.dropWork("w")), false);
    assert.equal(await cluster.count(cluster.keys.dead), 0);
  }
});

Deno.test("WorkQueue names what is of the wrong type", async () => {
  await using cluster = await WorkCluster.open();
  const { queue } = cluster.node("a");
  const junk = (value: unknown) => value as never;
  const cases: { name: string; call: () => Promise<unknown>; message: RegExp }[] = [
    { name: "no item", call: () => queue.assignWork(junk(undefined)), message: /^item must/ },
    { name: "a text", call: () => queue.assignWork(junk("w")), message: /^item must/ },
    {
      name: "labels",
      call: () => queue.assignWork({ payload: 1, labels: junk("x") }),
      message: /^labels must/,
    },
    { name: "filter", call: () => queue.listWork(junk(null)), message: /^filter must/ },
    {
      name: "status",
      call: () => queue.listWork({ status: junk("zzz") }),
      message: /^status must/,
    },
    { name: "assignee", call: () => queue.listWork({ assignee: junk(7) }), message: /^assignee / },
    { name: "after", call: () => queue.listWork({ after: junk(7) }), message: /^after must/ },
    { name: "get", call: () => queue.getWork(junk(undefined)), message: /^id must/ },
    { name: "redrive", call: () => queue.redriveWork(junk({})), message: /^id must/ },
    { name: "drop", call: () => queue.dropWork(junk(null)), message: /^id must/ },
  ];
  for (const { name, call, message } of cases) {
    await assert.rejects(call(), { name: "TypeError", message }, name);
  }
});

Deno.test("WorkQueue refuses options that make no sense", async () => {
  await using cluster = await WorkCluster.open();
  const { queue } = cluster.node("a");
  await assert.rejects(queue.assignWork({ payload: 1, id: "" }), TypeError);
  await assert.rejects(queue.assignWork({ payload: 1, priority: 0.5 }), RangeError);
  await assert.rejects(queue.assignWork({ payload: 1 }, { timeoutMs: 0 }), RangeError);
  await assert.rejects(queue.work({ maxClaims: 0 }).next(), RangeError);
  await assert.rejects(queue.listWork({ limit: 0 }), RangeError);
  const gone = AbortSignal.abort(new Error("gone"));
  await assert.rejects(queue.assignWork({ payload: 1 }, { signal: gone }), { message: "gone" });
  assert.equal((await queue.work({ signal: gone }).next()).done, true);
});
