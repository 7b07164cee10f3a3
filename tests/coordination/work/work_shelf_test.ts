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

Deno.test("WorkShelf goes on after an id, in the order of ids, whatever the status", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  const ids = Array.from({ length: 16 }, (_, i) => `w-${String(i).padStart(2, "0")}`);
  for (const id of ids.toReversed()) {
    await until(node.queue.assignWork({ id, payload: 1, maxAttempts: 1, claimMs: 86_400_000 }));
  }
  await using loop = cluster.loop(node, { maxClaims: 12 });
  const claims = [];
  for (let i = 0; i < 12; i++) claims.push(await loop.next());
  for (const claim of claims.slice(0, 3)) await until(claim.complete());
  for (const claim of claims.slice(3, 6)) await until(claim.fail("no"));
  for (const claim of claims.slice(6, 9)) await until(claim.release());
  const page = async (filter: Parameters<typeof node.queue.listWork>[0]) =>
    (await until(node.queue.listWork(filter))).map(({ id }) => id);
  const statuses = [undefined, "ready", "waiting", "claimed", "completed", "dead"] as const;
  for (const assignee of [undefined, "a"]) {
    for (const status of statuses) {
      const filter = { ...(status && { status }), ...(assignee && { assignee }), limit: 2 };
      const found: string[] = [];
      for (let some = await page({ ...filter, after: "" }); some.length > 0;) {
        found.push(...some);
        some = await page({ ...filter, after: some.at(-1)! });
      }
      const all = (await page({ ...filter, limit: 100 })).sort();
      assert.deepEqual(found, all, status);
      assert.ok(all.length >= 3, status);
    }
  }
  assert.deepEqual(await page({ after: "w-13" }), ["w-14", "w-15"]);
  assert.deepEqual(await page({ after: "w-130" }), ["w-14", "w-15"], "an id that is not there");
});
