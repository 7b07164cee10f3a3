import assert from "node:assert/strict";
import { MemberStatus } from "../../../enums/member_status.ts";
import { WorkStatus } from "../../../enums/work_status.ts";
import { WorkCluster } from "./work_cluster.ts";

async function setUp() {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("leader");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 10_000, 1);
  const look = () => until(node.queue.desk.carryOn(term));
  const assign = (id: string, more = {}) =>
    until(node.queue.assignWork({ id, payload: 1, ...more }));
  const idsOf = async (status: WorkStatus, assignee: string) =>
    (await until(node.queue.listWork({ status, assignee }))).map(({ id }) => id);
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, term, until, look, assign, idsOf, [Symbol.asyncDispose]: dispose };
}

Deno.test("ReassignDuty gives the ready items of a member that died, left or takes no more to others", async () => {
  const changes: ((cluster: WorkCluster) => void)[] = [
    (cluster) => cluster.register("a", { status: MemberStatus.DEAD }),
    (cluster) => cluster.members.delete("a"),
    (cluster) => cluster.register("a", { takesWork: false }),
  ];
  for (const change of changes) {
    await using setup = await setUp();
    const { cluster, node, look, assign, idsOf, until } = setup;
    for (const id of ["w-1", "w-2"]) await assign(id);
    change(cluster);
    cluster.register("b");
    await look();
    assert.deepEqual(await idsOf(WorkStatus.READY, "b"), ["w-1", "w-2"]);
    assert.equal(await cluster.count(cluster.keys.readyOf("a")), 0);
    assert.equal((await until(node.queue.getWork("w-1")))?.attempt, 0);
    assert.equal(await cluster.backlog(), 2);
    await look();
    assert.equal(await cluster.count(cluster.keys.assignees), 1, "the note about a is gone");
  }
});

Deno.test("ReassignDuty lets items wait when nobody fits, and assigns them as soon as somebody does", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, idsOf } = setup;
  cluster.register("a", { labels: { zone: "eu" } });
  await assign("w", { labels: { zone: "eu" } });
  cluster.members.delete("a");
  cluster.register("b");
  await look();
  assert.deepEqual(await idsOf(WorkStatus.WAITING, "a"), ["w"]);
  await look();
  assert.deepEqual(await idsOf(WorkStatus.WAITING, "a"), ["w"]);
  cluster.register("c", { labels: { zone: "eu" } });
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "c"), ["w"]);
});

Deno.test("ReassignDuty leaves the ready items of a suspect member where they are", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, idsOf } = setup;
  await assign("w");
  cluster.register("a", { status: MemberStatus.SUSPECT });
  cluster.register("b");
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "a"), ["w"]);
});

Deno.test("ReassignDuty waits for the backoff, counted from when the leader first saw it, then goes by priority", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, idsOf, until } = setup;
  const a = cluster.node("a");
  for (const [id, priority] of [["w-1", 0], ["w-2", 7]] as const) {
    await assign(id, { priority, backoffMs: 1_000, maxAttempts: 3 });
  }
  const loop = cluster.loop(a, { maxClaims: 2 });
  for (let i = 0; i < 2; i++) await until((await loop.next()).fail("no"));
  await cluster.test.clock.advance(60_000);
  await look();
  assert.deepEqual(await idsOf(WorkStatus.WAITING, "a"), ["w-1", "w-2"]);
  cluster.register("a", { takesWork: false });
  cluster.register("b");
  await cluster.test.clock.advance(999);
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "b"), []);
  await cluster.test.clock.advance(1);
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "b"), ["w-2", "w-1"]);
});

Deno.test("ReassignDuty of a deposed leader moves nothing", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, idsOf } = setup;
  await assign("w");
  cluster.members.delete("a");
  cluster.register("b");
  await cluster.elect(cluster.node("b"));
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "a"), ["w"]);
});

Deno.test("ReassignDuty passes over records that cannot be read, and counts them", async () => {
  await using setup = await setUp();
  const { cluster, node, look, assign, idsOf } = setup;
  await assign("w");
  await cluster.test.raw.set(cluster.keys.readyAt("a", 9, { term: 1, n: 9 }), "foreign");
  await cluster.test.raw.set(cluster.keys.waitingAt("x"), { v: 1 });
  cluster.members.delete("a");
  cluster.register("b");
  await look();
  assert.deepEqual(await idsOf(WorkStatus.READY, "b"), ["w"]);
  assert.equal(node.queue.getMetrics().corruptRecords, 2);
});

Deno.test("ReassignDuty keeps the note about a member that is given something at the same moment", async () => {
  await using setup = await setUp();
  const { cluster, node, look, assign } = setup;
  await assign("w");
  cluster.members.delete("a");
  cluster.register("b");
  await look();
  node.handle.onCommit(async (apply) => {
    await cluster.test.raw.set(cluster.keys.assigneeAt("a"), "rewritten");
    return await apply();
  }, { only: ({ deletes }) => deletes.some((key) => key.at(-2) === "assignee") });
  await look();
  assert.equal(await cluster.test.read(cluster.keys.assigneeAt("a")), "rewritten");
});
