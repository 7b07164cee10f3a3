import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import { WorkCluster } from "./work_cluster.ts";

/** As many items as asked for that no member fits, and a leader that has found that out. */
async function setUp(unplaceable: number) {
  const cluster = await WorkCluster.open();
  const node = cluster.node("leader");
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 20_000, 25);
  cluster.register("z", { labels: { zone: "eu" } });
  await cluster.lead(node);
  for (let from = 0; from < unplaceable; from += 500) { // no more than may wait
    const calls = Array.from({ length: Math.min(500, unplaceable - from) }, (_, i) => {
      return node.queue.assignWork({ id: `u-${from + i}`, payload: i, labels: { zone: "eu" } });
    });
    await until(Promise.all(calls));
  }
  cluster.members.delete("z");
  await cluster.test.clock.advance(1_000);
  assert.equal(await cluster.count(cluster.keys.waiting), unplaceable);
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, until, [Symbol.asyncDispose]: dispose };
}

Deno.test("WaitingDuty tries an item again in time although many others wait that fit nobody", async () => {
  await using setup = await setUp(2_600);
  const { cluster, node, until } = setup;
  cluster.register("a");
  const a = cluster.node("a");
  await until(node.queue.assignWork({ id: "x", payload: 1, backoffMs: 100 }));
  await using loop = cluster.loop(a);
  await until((await loop.next()).fail("no"));
  const sinceMs = cluster.test.clock.monotonic();
  const again = await loop.next(10_000, 25);
  assert.deepEqual([again.id, again.attempt], ["x", 2]);
  const tookMs = cluster.test.clock.monotonic() - sinceMs;
  assert.ok(tookMs <= 750, `${tookMs} ms: two rounds, each with a pause of half an interval`);
});

Deno.test("WaitingDuty pauses after a round of several pages, however often somebody rings", async () => {
  await using setup = await setUp(1_100);
  const { cluster, node, until } = setup;
  const term = await cluster.elect(node);
  await cluster.test.clock.advance(1_000);
  const readsOf = async () => {
    const { reads } = node.handle;
    await until(node.queue.desk.carryOn(term));
    return node.handle.reads - reads;
  };
  const whole = await readsOf();
  assert.ok(whole >= 5, `inbox, assignees, and three pages: ${whole}`);
  for (let i = 0; i < 5; i++) assert.equal(await readsOf(), 2);
  await cluster.test.clock.advance(150);
  assert.equal(await readsOf(), whole);
});

Deno.test("WaitingDuty gives an item that failed to another member than the one it failed on", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("leader");
  const a = cluster.node("a");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 10_000, 1);
  await until(node.queue.assignWork({ id: "w", payload: 1, backoffMs: 0, maxAttempts: 3 }));
  const loop = cluster.loop(a);
  await until((await loop.next()).fail("no"));
  cluster.register("b", { load: 50, healthScore: 0.6 });
  await until(node.queue.desk.carryOn(term));
  const item = await until(node.queue.getWork("w"));
  assert.deepEqual([item?.status, item?.assignee, item?.attempt], [WorkStatus.READY, "b", 1]);
});
