import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import { WorkCluster } from "./work_cluster.ts";

Deno.test("WorkShelf lists items by status and member, up to the limit, whatever they went through", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  const ids = ["w-1", "w-2", "w-3", "w-4", "w-5"];
  for (const id of ids) await until(node.queue.assignWork({ id, payload: 1, maxAttempts: 1 }));
  await using loop = cluster.loop(node, { maxClaims: 4 });
  await until((await loop.next()).complete(1));
  await until((await loop.next()).fail("no"));
  await until((await loop.next()).release());
  await loop.next();
  const list = async (filter: Parameters<typeof node.queue.listWork>[0]) =>
    (await until(node.queue.listWork(filter))).map(({ id }) => id);
  const statuses: [WorkStatus, string][] = [
    [WorkStatus.COMPLETED, "w-1"],
    [WorkStatus.DEAD, "w-2"],
    [WorkStatus.WAITING, "w-3"],
    [WorkStatus.CLAIMED, "w-4"],
  ];
  for (const [status, id] of statuses) {
    assert.deepEqual(await list({ status }), [id], status);
    assert.deepEqual(await list({ status, assignee: "a" }), [id], status);
    assert.deepEqual(await list({ status, assignee: "b" }), [], status);
  }
  assert.deepEqual(await list({}), ids);
  assert.deepEqual(await list({ limit: 2 }), ["w-1", "w-2"]);
  assert.deepEqual(await list({ assignee: "a", limit: 1 }), ["w-1"]);
});

Deno.test("WorkShelf reads more than one page, and leaves out and counts what it cannot read", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  await cluster.elect(node);
  const calls = Array.from({ length: 510 }, (_, i) => {
    return node.queue.assignWork({ id: `w-${String(i).padStart(3, "0")}`, payload: i });
  });
  await cluster.test.until(Promise.all(calls));
  await cluster.test.raw.set(cluster.keys.item("w-000"), "foreign");
  const listed = await cluster.test.until(node.queue.listWork({ limit: 1_000 }));
  assert.equal(listed.length, 509);
  assert.equal(node.queue.getMetrics().corruptRecords, 1);
  const ready = await cluster.test.until(node.queue.listWork({ status: "ready", limit: 1_000 }));
  assert.deepEqual(ready.map(({ payload }) => payload), Array.from({ length: 510 }, (_, i) => i));
});
