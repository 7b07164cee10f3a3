import assert from "node:assert/strict";
import {
  connectionRefused,
  hang,
  lostReply,
  repeatedByClient,
  slow,
} from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster } from "./work_cluster.ts";

Deno.test("Handovers ask has the leader assign, whatever becomes of the answers", async () => {
  for (const fault of [undefined, lostReply, repeatedByClient]) {
    await using cluster = await WorkCluster.open();
    cluster.register("b");
    const [a, b] = [cluster.node("a"), cluster.node("b")];
    await cluster.lead(b);
    if (fault) a.handle.onCommit(fault, { only: touches("inbox", "w") });
    if (fault) b.handle.onCommit(fault, { only: touches("inbox", "w") });
    assert.equal(await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1 })), "b");
    assert.equal(await cluster.backlog(), 1);
    assert.equal(await cluster.count(cluster.keys.inbox), 0);
    assert.equal(a.queue.getMetrics().handedOver, 1);
    assert.equal(await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1 })), "b");
    assert.equal(await cluster.backlog(), 1);
  }
});

Deno.test("Handovers ask is answered by hints alone, many calls at once in one commit", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.lead(b);
  await cluster.test.settle();
  const calls = Array.from({ length: 40 }, (_, i) => a.queue.assignWork({ payload: i }));
  await cluster.atOnce(Promise.all(calls));
  assert.equal(await cluster.backlog(), 40);
  assert.ok(a.handle.sent.length <= 4, `${a.handle.sent.length} commits`);
});

Deno.test("Handovers ask passes the leader's refusal on, and a later call may succeed", async () => {
  await using cluster = await WorkCluster.open();
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.lead(b);
  const assign = () => cluster.test.until(a.queue.assignWork({ id: "w", payload: 1 }));
  await assert.rejects(assign(), { code: "WORK_REFUSED", reason: "no_member", itemId: "w" });
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
  cluster.register("b");
  assert.equal(await assign(), "b");
});

Deno.test("Handovers ask withdraws the order when nobody answers in time; a retry under its id is safe", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  const assign = () => a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 1_000 });
  await assert.rejects(cluster.test.until(assign()), {
    name: "WorkUnacknowledgedError",
    code: "WORK_UNACKNOWLEDGED",
    itemId: "w",
    withdrawn: true,
  });
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
  await cluster.lead(b);
  await cluster.test.clock.advance(2_000);
  assert.equal(await cluster.backlog(), 0);
  assert.equal(await cluster.test.until(assign()), "b");
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("Handovers ask says that it could not withdraw when the store is silent", async () => {
  await using cluster = await WorkCluster.open();
  const a = cluster.node("a");
  a.handle.breakDown(hang);
  const assigned = a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 400 });
  await assert.rejects(cluster.test.until(assigned), { withdrawn: false, itemId: "w" });
  a.handle.heal();
});

Deno.test("Handovers ask withdraws when its signal aborts", async () => {
  await using cluster = await WorkCluster.open();
  const a = cluster.node("a");
  const stop = new AbortController();
  const assigned = a.queue.assignWork({ id: "w", payload: 1 }, { signal: stop.signal });
  await cluster.test.clock.advance(100);
  assert.equal(await cluster.count(cluster.keys.inbox), 1);
  stop.abort(new Error("enough"));
  await assert.rejects(cluster.test.until(assigned), { message: "enough" });
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
});

Deno.test("Handovers ask of one id in two processes gives one item, although one of them withdraws", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("c");
  const [a, b, c] = [cluster.node("a"), cluster.node("b"), cluster.node("c")];
  const early = a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 300 });
  const late = b.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 30_000 });
  await assert.rejects(cluster.test.until(early), { withdrawn: true });
  await cluster.lead(c);
  assert.equal(await cluster.test.until(late), "c");
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("Handovers ask refuses more calls than may wait", async () => {
  await using cluster = await WorkCluster.open();
  const a = cluster.node("a");
  const stop = new AbortController();
  const calls = Array.from(
    { length: 1_001 },
    (_, i) => a.queue.assignWork({ payload: i }, { signal: stop.signal }),
  );
  const settled = Promise.allSettled(calls);
  await assert.rejects(cluster.test.until(calls[1_000]!), { reason: "inbox_full" });
  stop.abort(new Error("enough"));
  await cluster.test.until(settled);
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
});

Deno.test("Handovers ask needs no leader when the item exists already", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.elect(b);
  await cluster.test.until(b.queue.assignWork({ id: "w", payload: 1 }));
  assert.equal(await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1 })), "b");
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
});

Deno.test("Handovers ask answers with the member when the item was assigned just as time ran out", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a", {}, { watch: false }), cluster.node("b")];
  const term = await cluster.elect(b);
  const order = a.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 900 });
  await cluster.test.clock.advance(600);
  await cluster.test.until(b.queue.desk.carryOn(term), 100, 1);
  assert.equal(await cluster.test.until(order), "b");
  const late = a.queue.assignWork({ id: "w2", payload: 1 }, { timeoutMs: 900 });
  a.handle.onCommit(async (apply) => {
    await b.queue.assignWork({ id: "w2", payload: 1 });
    return await apply();
  }, { only: ({ deletes, sets }) => sets.length === 0 && deletes.length > 0 });
  assert.equal(await cluster.test.until(late), "b");
  const taken = a.queue.assignWork({ id: "w3", payload: 1 }, { timeoutMs: 900 });
  a.handle.onCommit(async (apply) => {
    await b.queue.assignWork({ id: "w3", payload: 2 });
    return await apply();
  }, { only: ({ deletes, sets }) => sets.length === 0 && deletes.length > 0 });
  await assert.rejects(cluster.test.until(taken), { reason: "id_taken", itemId: "w3" });
  assert.equal((await cluster.test.until(a.queue.getWork("w3")))?.payload, 2);
});

Deno.test("Handovers ask refuses an order when another one stands under its id, or does so soon", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  const term = await cluster.elect(b);
  const early = a.queue.assignWork({ id: "w", payload: 2 });
  early.catch(() => {});
  await cluster.test.settle();
  await until(b.queue.assignWork({ id: "w", payload: 1 }));
  await until(b.queue.desk.carryOn(term));
  const refused = { name: "WorkRefusedError", code: "WORK_REFUSED", reason: "id_taken" };
  await assert.rejects(until(early), refused);
  await assert.rejects(
    until(a.queue.assignWork({ id: "w", payload: 1, labels: { x: "y" } })),
    refused,
  );
  assert.equal(await until(a.queue.assignWork({ id: "w", payload: 1 })), "b");
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
});

Deno.test("Handovers ask of many calls is answered although the store is slow", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.lead(b);
  a.handle.onRead(slow(cluster.test.clock, 40), { times: Infinity });
  const calls = Array.from(
    { length: 200 },
    (_, i) => a.queue.assignWork({ payload: i }, { timeoutMs: 20_000 }),
  );
  assert.equal((await cluster.test.until(Promise.all(calls), 20_000, 20)).length, 200);
  assert.equal(a.queue.getMetrics().failures, 0);
});

Deno.test("Handovers close waits no longer than four attempts for a store that hangs", async () => {
  await using cluster = await WorkCluster.open();
  const a = cluster.node("a");
  const stop = new AbortController();
  a.handle.breakDown(hang);
  const calls = Array.from(
    { length: 500 },
    (_, i) => a.queue.assignWork({ payload: i }, { signal: stop.signal }),
  );
  const settled = Promise.allSettled(calls);
  await cluster.test.clock.advance(50);
  const sinceMs = cluster.test.clock.monotonic();
  stop.abort(new Error("enough"));
  await cluster.test.until(settled);
  await cluster.test.until(a.queue[Symbol.asyncDispose]());
  const tookMs = cluster.test.clock.monotonic() - sinceMs;
  assert.ok(tookMs <= 8 * 150 + 50, `${tookMs} ms`);
  a.handle.heal();
});

Deno.test("Handovers ask sends nothing again that the leader assigns between two reads", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a", {}, { watch: false }), cluster.node("b")];
  const call = a.queue.assignWork({ payload: 1 });
  await cluster.test.settle();
  const term = await cluster.elect(b);
  a.handle.onRead(async (apply) => {
    const read = await apply();
    await b.queue.desk.carryOn(term);
    return read;
  });
  let sent = 0;
  a.handle.onCommit((apply) => {
    sent++;
    return apply();
  });
  await cluster.test.clock.advance(500);
  assert.equal(await cluster.test.until(call), "b");
  assert.equal(sent, 0, "it was sent again");
});

Deno.test("Handovers ask of many calls answers those whose items it could read when a read fails", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("b");
  const [a, b] = [cluster.node("a", {}, { watch: false }), cluster.node("b")];
  let answered = 0;
  const calls = Array.from({ length: 200 }, async (_, i) => {
    await a.queue.assignWork({ payload: i });
    answered++;
  });
  await cluster.test.settle();
  const term = await cluster.elect(b);
  while (await cluster.count(cluster.keys.inbox) > 0) {
    await cluster.test.until(b.queue.desk.carryOn(term), 100, 1);
  }
  assert.equal(answered, 0);
  a.handle.onRead((apply) => apply(), { times: 30 }); // inboxes, items and refusals of a hundred
  a.handle.onRead(connectionRefused);
  await cluster.test.clock.advance(500);
  assert.equal(answered, 100);
  await cluster.test.until(Promise.all(calls));
});

Deno.test("Handovers ask takes no refusal of an earlier call for its own when its first send does not arrive", async () => {
  await using cluster = await WorkCluster.open();
  const [a, b, c] = [cluster.node("a"), cluster.node("b"), cluster.node("c")];
  await cluster.lead(b);
  const item = { id: "w", payload: 1 };
  await assert.rejects(cluster.test.until(c.queue.assignWork(item)), { reason: "no_member" });
  cluster.register("b");
  a.handle.onCommit(connectionRefused, { times: 12 });
  assert.equal(await cluster.test.until(a.queue.assignWork(item)), "b");
});

Deno.test("Handovers ask of one id twice at once tells both calls of the refusal", async () => {
  await using cluster = await WorkCluster.open();
  const [a, b, c] = [cluster.node("a"), cluster.node("b"), cluster.node("c")];
  await cluster.lead(b);
  const calls = [a, a, c].map(({ queue }) => queue.assignWork({ id: "w", payload: 1 }));
  const settled = await cluster.test.until(Promise.allSettled(calls), 5_000);
  const reasons = settled.map((one) => one.status === "rejected" && one.reason.reason);
  assert.deepEqual(reasons, ["no_member", "no_member", "no_member"]);
});
