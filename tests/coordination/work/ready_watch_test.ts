import assert from "node:assert/strict";
import { WorkStatus } from "../../../enums/work_status.ts";
import type { Term } from "../../../coordination/term.ts";
import { ReadyWatch, type ReadyWatchOptions } from "../../../coordination/work/ready_watch.ts";
import { WorkKeys } from "../../../coordination/work/work_keys.ts";
import { TestStore } from "../../support/test_store.ts";
import { WorkCluster } from "./work_cluster.ts";

/** A leader that looks when it is told to. A lease lasts 900 ms, as do three intervals. */
async function setUp() {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("leader");
  const term = await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise, 10_000, 1);
  const look = async (times = 1) => {
    for (; times > 0; times--) {
      await until(node.queue.desk.carryOn(term));
      await cluster.test.clock.advance(300);
    }
  };
  const assign = (id: string, more = {}) =>
    until(node.queue.assignWork({ id, payload: 1, ...more }));
  const ready = async (assignee: string) =>
    (await until(node.queue.listWork({ status: WorkStatus.READY, assignee }))).map(({ id }) => id);
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, term, until, look, assign, ready, [Symbol.asyncDispose]: dispose };
}

Deno.test("ReadyWatch moves what a live member does not claim to members that have nothing to claim", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign, ready } = setup;
  for (const id of ["w-1", "w-2", "w-3", "w-4"]) await assign(id);
  cluster.register("b");
  cluster.register("c", { labels: { kind: "c" } });
  cluster.register("d", { takesWork: false });
  await look(3);
  assert.deepEqual(await ready("a"), ["w-1", "w-2", "w-3", "w-4"], "not before a lease is over");
  await look();
  assert.equal((await ready("a")).length, 1);
  const moved = [...await ready("b"), ...await ready("c")];
  assert.equal(moved.length, 3);
  assert.ok((await ready("b")).length > 0 && (await ready("c")).length > 0);
  assert.equal((await until(node.queue.getWork(moved[0]!)))?.attempt, 0);
  assert.equal(await cluster.backlog(), 4);
  assert.equal(node.queue.getMetrics().reassigned, 3);
});

Deno.test("ReadyWatch leaves items where they are when nobody fits who has less to do", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, ready } = setup;
  cluster.register("a", { labels: { zone: "eu" } });
  await assign("w-1", { labels: { zone: "eu" } });
  await assign("w-2", { labels: { zone: "eu" } });
  cluster.register("b");
  cluster.register("c", { labels: { zone: "eu" }, load: 2 });
  await look(10);
  assert.deepEqual(await ready("a"), ["w-1", "w-2"]);
});

Deno.test("ReadyWatch relieves a member that claims in between, but too slowly", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign, ready } = setup;
  const a = cluster.node("a");
  for (let i = 0; i < 8; i++) await assign(`w-${i}`);
  cluster.register("b");
  await using loop = cluster.loop(a);
  for (let i = 0; i < 3; i++) {
    const claim = await loop.next();
    assert.equal(claim.id, `w-${i}`);
    assert.deepEqual(await ready("b"), [], "nothing has stood for a lease");
    await look();
    await until(claim.complete());
  }
  await loop.next();
  await look();
  const [left, moved] = [await ready("a"), await ready("b")];
  assert.equal(left.length + moved.length, 4);
  assert.ok(moved.length === 2, `${moved.length} went to the member that is idle`);
  assert.equal(node.queue.getMetrics().reassigned, 2);
  cluster.register("b", { takesWork: false });
  cluster.register("c", { load: 5 });
  assert.equal(await assign("x"), "a", "it does claim: others do not come first");
});

Deno.test("ReadyWatch moves nothing from a member that has claimed everything within a lease", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign } = setup;
  const a = cluster.node("a");
  cluster.register("b", { load: 5 });
  await using loop = cluster.loop(a);
  for (let i = 0; i < 12; i++) {
    await assign(`w-${i}`);
    await assign(`v-${i}`);
    cluster.register("b");
    await look();
    cluster.register("b", { load: 5 });
    for (let n = 0; n < 2; n++) await until((await loop.next()).complete());
  }
  assert.equal(node.queue.getMetrics().reassigned, 0);
});

Deno.test("ReadyWatch takes more than it can count for as many as it assigned, less what was claimed since", async () => {
  await using setup = await setUp();
  const { cluster, until, look, assign } = setup;
  const a = cluster.node("a");
  await Promise.all(Array.from({ length: 150 }, (_, i) => assign(`w-${i}`)));
  await look();
  cluster.register("b", { load: 140 });
  await cluster.test.clock.advance(200);
  assert.equal(await assign("x"), "b", "150 against 140, not 100");
  await using loop = cluster.loop(a);
  for (let i = 0; i < 20; i++) await until((await loop.next()).complete());
  await look();
  assert.equal(await assign("y"), "a", "130 against 141");
});

Deno.test("ReadyWatch takes a member that has claimed all that was read last for one that has a hundred", async () => {
  await using setup = await setUp();
  const { cluster, until, look, assign } = setup;
  const a = cluster.node("a");
  await Promise.all(Array.from({ length: 300 }, (_, i) => assign(`w-${i}`)));
  await look();
  await using loop = cluster.loop(a);
  for (let i = 0; i < 100; i++) await until((await loop.next()).complete());
  await look();
  cluster.register("b", { load: 110 });
  await cluster.test.clock.advance(200);
  assert.equal(await assign("x"), "a", "100 against 110");
});

Deno.test("ReadyWatch counts what it has moved from a member once", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign } = setup;
  cluster.register("a", { labels: { zone: "eu" } });
  const a = cluster.node("a");
  await Promise.all(Array.from({ length: 400 }, (_, i) => assign(`w-${i}`)));
  cluster.register("b");
  await using loop = cluster.loop(a);
  for (let i = 0; i < 5; i++) {
    await until((await loop.next()).complete());
    await look();
  }
  assert.equal(node.queue.getMetrics().reassigned, 100);
  cluster.register("c", { load: 250, labels: { zone: "eu" } });
  await cluster.test.clock.advance(200);
  assert.equal(await assign("x", { labels: { zone: "eu" } }), "c", "295 against 250");
});

Deno.test("ReadyWatch has others come first for a while when a member claims nothing", async () => {
  await using setup = await setUp();
  const { cluster, look, assign, ready } = setup;
  await assign("w");
  cluster.register("b", { load: 9 });
  await look(4);
  assert.deepEqual(await ready("a"), ["w"], "b has more to do");
  assert.equal(await assign("x"), "b");
  await cluster.test.clock.advance(4 * 900);
  assert.equal(await assign("y"), "a");
});

Deno.test("ReadyWatch counts what members have to claim, so that the leader picks who has least", async () => {
  await using setup = await setUp();
  const { cluster, until, look, assign } = setup;
  const a = cluster.node("a");
  for (let i = 0; i < 3; i++) await assign(`w-${i}`);
  cluster.register("b", { load: 1.5 });
  await cluster.test.clock.advance(200);
  assert.equal(await assign("x"), "b", "3 against 1.5");
  await using loop = cluster.loop(a);
  for (let i = 0; i < 3; i++) await until((await loop.next()).complete());
  await look();
  assert.equal(await assign("y"), "a", "0 against 2.5");
});

Deno.test("ReadyWatch removes the note about a member that had nothing to claim for a lease, and reads no more", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign } = setup;
  const a = cluster.node("a");
  await assign("w");
  await using loop = cluster.loop(a);
  await until((await loop.next()).complete());
  await look(3);
  assert.equal(await cluster.count(cluster.keys.assignees), 1);
  await look(2);
  assert.equal(await cluster.count(cluster.keys.assignees), 0);
  const { reads } = node.handle;
  await look();
  assert.equal(node.handle.reads - reads, 4);
});

Deno.test("ReadyWatch takes a copy that does not fit its item for no sign of a member that hangs", async () => {
  await using setup = await setUp();
  const { cluster, until, look, assign, ready } = setup;
  const a = cluster.node("a");
  await assign("w");
  const [entry] = await Array.fromAsync(
    cluster.test.raw.list({ prefix: cluster.keys.readyOf("a") }),
  );
  await cluster.test.raw.set(entry!.key, entry!.value);
  cluster.register("b");
  await look(5);
  assert.deepEqual(await ready("b"), [], "it was refused");
  cluster.register("b", { load: 9 });
  await cluster.test.clock.advance(4 * 900);
  await using loop = cluster.loop(a);
  for (let i = 0; i < 8; i++) {
    assert.equal(await assign(`x-${i}`), "a", `x-${i}`);
    await until((await loop.next()).complete());
    await look();
  }
});

Deno.test("ReadyWatch looks at many members in turn, a few in each interval", async () => {
  await using setup = await setUp();
  const { cluster, node, look, assign } = setup;
  cluster.members.clear();
  for (let i = 0; i < 50; i++) {
    cluster.register(`m-${i}`, { labels: { at: String(i) } });
    await assign(`w-${i}`, { labels: { at: String(i) } });
  }
  const { reads } = node.handle;
  await look(3);
  assert.equal(node.handle.reads - reads, 3 * (4 + 20));
});

Deno.test("ReadyWatch leaves nobody out, and looks no oftener when somebody rings", async () => {
  using test = await TestStore.open();
  const keys = new WorkKeys("c");
  for (let i = 0; i < 50; i++) await test.raw.set(keys.assigneeAt(`m-${i}`), i);
  const assignees = await Array.fromAsync(test.raw.list({ prefix: keys.assignees }));
  const seen: string[] = [];
  const watch = new ReadyWatch({
    setting: { store: test.port(test.handle()), keys, timing: { attemptTimeoutMs: 150 } },
    roster: { noteUnclaimed: (id: string) => seen.push(id) },
    mover: { readable: () => [] },
    intervalMs: 300,
    stallMs: 90_000,
  } as unknown as ReadyWatchOptions);
  const term = { term: 1 } as Term;
  for (let i = 0; i < 5; i++) {
    await watch.relieve(term, assignees);
    await watch.relieve(term, assignees);
    await test.clock.advance(300);
  }
  assert.equal(seen.length, 100);
  for (let i = 0; i < 50; i++) {
    assert.equal(seen.filter((id) => id === `m-${i}`).length, 2, `m-${i}`);
  }
});

Deno.test("ReadyWatch of a new term counts anew for how long a member has claimed nothing", async () => {
  await using setup = await setUp();
  const { cluster, node, until, look, assign, ready } = setup;
  await assign("w-1");
  await assign("w-2");
  cluster.register("b");
  await look(3);
  const term = await cluster.elect(node);
  await until(node.queue.desk.carryOn(term));
  await cluster.test.clock.advance(899);
  await until(node.queue.desk.carryOn(term));
  assert.deepEqual(await ready("b"), []);
  await cluster.test.clock.advance(300);
  await until(node.queue.desk.carryOn(term));
  assert.equal((await ready("b")).length, 1);
});
