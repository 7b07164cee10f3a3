import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";
import { WorkCluster } from "./work_cluster.ts";

async function setUp() {
  const cluster = await WorkCluster.open();
  const node = cluster.node("leader");
  const term = await cluster.elect(node);
  const hand = (id: string) => {
    const order = resolveWorkItem({ id, payload: 1 });
    const record = encodeRecord({ ...order, from: "f", nonce: `n-${id}` });
    return cluster.test.raw.set(cluster.keys.inboxAt(id), record);
  };
  const look = () => cluster.test.until(node.queue.desk.carryOn(term));
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, hand, look, [Symbol.asyncDispose]: dispose };
}

Deno.test("InboxDuty assigns what was handed over, once, and wakes who waits", async () => {
  await using setup = await setUp();
  const { cluster, node, hand, look } = setup;
  cluster.register("a");
  await hand("w");
  await look();
  assert.equal((await cluster.test.until(node.queue.getWork("w")))?.assignee, "a");
  assert.ok(await cluster.test.read(cluster.keys.bellOf("f")));
  await hand("w");
  await look();
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
  assert.equal(await cluster.backlog(), 1);
});

Deno.test("InboxDuty refuses with a reason that expires", async () => {
  await using setup = await setUp();
  const { cluster, node, hand, look } = setup;
  await hand("w");
  await look();
  const refusal = await cluster.test.read(cluster.keys.refusalAt("w"));
  assert.deepEqual([refusal?.["reason"], refusal?.["of"]], ["no_member", "n-w"]);
  assert.equal(await cluster.count(cluster.keys.inbox), 0);
  assert.equal(await cluster.backlog(), 0);
  const write = node.handle.sent.flatMap(({ sets }) => sets).find(({ key }) =>
    key[3] === "refusal"
  );
  assert.equal(write?.expireIn, 600_000);
});

Deno.test("InboxDuty passes over what it cannot read, counts it, and answers more than one page", async () => {
  await using setup = await setUp();
  const { cluster, node, hand, look } = setup;
  cluster.register("a");
  await cluster.test.raw.set(cluster.keys.inboxAt("bad"), { v: 1, id: "bad" });
  for (let i = 0; i < 510; i++) await hand(`w-${i}`);
  assert.equal(await look(), true);
  assert.equal(await look(), false);
  assert.equal(await cluster.count(cluster.keys.inbox), 1);
  assert.equal(await cluster.backlog(), 510);
  assert.equal(node.queue.getMetrics().corruptRecords, 2);
});
