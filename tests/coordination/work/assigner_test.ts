import assert from "node:assert/strict";
import { hang, heldCall } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster } from "./work_cluster.ts";

Deno.test("Assigner spreads what it assigns by load and by what it assigned since", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a", { load: 10 });
  cluster.register("b");
  const { queue } = await leader(cluster);
  const calls = Array.from({ length: 30 }, (_, i) => queue.assignWork({ payload: i }));
  const assignees = await cluster.test.until(Promise.all(calls));
  assert.equal(assignees.filter((id) => id === "b").length, 20);
});

Deno.test("Assigner looks for new members before it refuses for want of one", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const { queue } = await leader(cluster);
  await cluster.test.until(queue.assignWork({ payload: 1 }));
  cluster.register("b", { labels: { zone: "eu" } });
  const item = { payload: 1, labels: { zone: "eu" } };
  assert.equal(await cluster.test.until(queue.assignWork(item)), "b");
});

Deno.test("Assigner writes nothing when something else stands where the backlog is counted (T6)", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  await cluster.test.raw.set(cluster.keys.backlog, "seven");
  const { queue, handle } = await leader(cluster);
  await assert.rejects(cluster.test.until(queue.assignWork({ payload: 1 })), {
    code: "CORRUPT_RECORD",
  });
  assert.equal(handle.sent.length, 0);
});

Deno.test("Assigner takes no room for what is there already, or comes twice", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("leader", { maxBacklog: 3 });
  await cluster.elect(node);
  const assign = (id: string) => node.queue.assignWork({ id, payload: 1 });
  await cluster.test.until(assign("w-1"));
  const repeats = Array.from({ length: 10 }, () => assign("w-1"));
  const twins = [assign("w-2"), assign("w-2"), assign("w-2")];
  const asked = [...repeats, ...twins, assign("w-3")];
  assert.deepEqual(new Set(await cluster.test.until(Promise.all(asked))), new Set(["a"]));
  assert.equal(await cluster.backlog(), 3);
  const full = Promise.allSettled([assign("w-4"), assign("w-3"), assign("w-4")]);
  const reasons = (await cluster.test.until(full)).map((one) =>
    one.status === "rejected" ? one.reason.reason : one.value
  );
  assert.deepEqual(reasons, ["backlog_full", "a", "backlog_full"]);
});

Deno.test("Assigner sends nothing for a call that was given up while the backlog was read", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const { queue, handle } = await leader(cluster);
  const held = heldCall();
  handle.onRead(held.fault);
  const [early, other] = [1, 2].map((n) =>
    queue.assignWork({ id: `w-${n}`, payload: 1 }, { timeoutMs: n * 60 })
  );
  await held.caught;
  await assert.rejects(cluster.test.until(early!, 1_000, 1), { withdrawn: true });
  await held.release();
  assert.equal(await cluster.test.until(other!, 1_000, 1), "a", "the others go on");
  assert.equal(await cluster.backlog(), 1);
  assert.equal(await cluster.test.until(queue.getWork("w-1")), null);
});

Deno.test("Assigner tells of an order that is on its way that it may stand, and of none that was refused", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = await leader(cluster);
  node.handle.onCommit(hang, { only: touches("w"), times: Infinity });
  const sent = node.queue.assignWork({ id: "w", payload: 1 }, { timeoutMs: 1_000 });
  await assert.rejects(cluster.test.until(sent), { withdrawn: false });
  node.handle.heal();
  const deposed = await leader(cluster);
  await cluster.elect(cluster.node("b"));
  const late = deposed.queue.assignWork({ id: "x", payload: 1 }, { timeoutMs: 400 });
  await assert.rejects(cluster.test.until(late), { withdrawn: true });
});

async function leader(cluster: WorkCluster) {
  const node = cluster.node("leader");
  await cluster.elect(node);
  return node;
}
