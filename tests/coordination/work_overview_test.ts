import assert from "node:assert/strict";
import { LenientReader } from "../../coordination/lenient_reader.ts";
import {
  readWorkOverview,
  type WorkOverview,
  workOverviewToDict,
} from "../../coordination/work_overview.ts";
import { WorkCluster } from "./work/work_cluster.ts";

const EMPTY: WorkOverview = {
  backlog: 0,
  ready: [],
  claimed: 0,
  waiting: 0,
  unacknowledged: 0,
  dead: 0,
  deadLetters: [],
  countMax: 500,
};

/** Looks as a process does that takes no part, and makes sure that it only looked. */
async function look({ test }: WorkCluster) {
  const handle = test.handle();
  const reader = new LenientReader({ store: test.port(handle), timeoutMs: 1_000 });
  const overview = await test.until(readWorkOverview(reader, "c"));
  assert.equal(handle.sent.length, 0, "it wrote something");
  return { overview, faults: reader.corrupt.map(({ key, fault }) => [key.slice(3), fault]) };
}

async function assignAll(cluster: WorkCluster, a: ReturnType<WorkCluster["node"]>, ids: string[]) {
  for (const id of ids) {
    await cluster.test.until(a.queue.assignWork({ id, payload: id, maxAttempts: 1 }));
  }
}

Deno.test("readWorkOverview reads a cluster that has no work", async () => {
  await using cluster = await WorkCluster.open();
  assert.deepEqual(await look(cluster), { overview: EMPTY, faults: [] });
});

Deno.test("readWorkOverview shows items wherever they stand", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  await assignAll(cluster, a, ["w-0", "w-1", "w-2", "w-3"]);
  {
    await using loop = cluster.loop(a);
    await cluster.test.until((await loop.next()).fail(new Error("no disk")));
    await cluster.test.until((await loop.next()).complete("done"));
    await loop.next();
  }
  cluster.depose(a);
  const asked = a.queue.assignWork({ id: "w-4", payload: 4 }, { timeoutMs: 500 });
  asked.catch(() => {});
  await cluster.test.settle();
  assert.deepEqual(await look(cluster), {
    overview: {
      ...EMPTY,
      backlog: 2,
      ready: [{ instanceId: "a", items: 1 }],
      claimed: 1,
      unacknowledged: 1,
      dead: 1,
      deadLetters: [{ id: "w-0", attempt: 1, assignee: "a", error: "Error: no disk" }],
    },
    faults: [],
  });
  await assert.rejects(cluster.test.until(asked), { name: "WorkUnacknowledgedError" });
});

Deno.test("readWorkOverview counts items that nobody has", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1, backoffMs: 60_000 }));
  await using loop = cluster.loop(a);
  await cluster.test.until((await loop.next()).fail(new Error("not now")));
  assert.deepEqual((await look(cluster)).overview, { ...EMPTY, backlog: 1, waiting: 1 });
});

Deno.test("readWorkOverview counts up to its bound, and shows the first ten dead letters", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  const { keys, test: { raw } } = cluster;
  await cluster.elect(a);
  const ids = Array.from({ length: 12 }, (_, n) => `dead-${String(n).padStart(2, "0")}`);
  await assignAll(cluster, a, ids);
  await using loop = cluster.loop(a, { maxClaims: 20 });
  for (const _ of ids) await cluster.test.until((await loop.next()).fail("given up"));
  await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1 }));
  const [ready] = await Array.fromAsync(raw.list({ prefix: keys.ready }));
  for (let n = 0; n < 501; n++) {
    await raw.set(keys.readyAt("b", 0, { term: 1, n }), ready?.value);
    if (n < 499) await raw.set(keys.readyAt("c", 0, { term: 1, n }), ready?.value);
  }
  for (const member of ["b", "c", "none"]) await raw.set(keys.assigneeAt(member), { v: 1 });
  const { overview, faults } = await look(cluster);
  assert.deepEqual(faults, []);
  assert.deepEqual(overview.ready.map(({ instanceId, items }) => [instanceId, items]), [
    ["a", 1],
    ["b", 500],
    ["c", 499],
  ]);
  assert.equal(overview.dead, 12);
  assert.deepEqual(overview.deadLetters.map(({ id }) => id), ids.slice(0, 10));
});

Deno.test("readWorkOverview shows what the first hundred members have before them", async () => {
  await using cluster = await WorkCluster.open();
  const { keys, test: { raw } } = cluster;
  const ids = Array.from({ length: 101 }, (_, n) => `m-${String(n).padStart(3, "0")}`);
  for (const id of ids) {
    await raw.set(keys.assigneeAt(id), { v: 1 });
    await raw.set(keys.readyAt(id, 0, { term: 1, n: 0 }), "by hand");
  }
  const { overview } = await look(cluster);
  assert.deepEqual(overview.ready.map(({ instanceId }) => instanceId), ids.slice(0, 100));
});

Deno.test("readWorkOverview counts records that cannot be read, and reports each", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  const { keys, test: { raw } } = cluster;
  await cluster.elect(a);
  await assignAll(cluster, a, ["w"]);
  await raw.set(keys.backlog, "many");
  await raw.set(keys.readyAt("a", 0, { term: 9, n: 9 }), "by hand");
  await raw.set(keys.claimedAt("a", "x"), 1);
  await raw.set(keys.waitingAt("x"), { v: 2 });
  await raw.set(keys.inboxAt("x"), []);
  await raw.set(keys.deadAt("x"), { v: 1 });
  await raw.set(keys.item("x"), true);
  const { overview, faults } = await look(cluster);
  assert.deepEqual(overview, {
    ...EMPTY,
    backlog: null,
    ready: [{ instanceId: "a", items: 2 }],
    claimed: 1,
    waiting: 1,
    unacknowledged: 1,
    dead: 1,
  });
  assert.deepEqual(faults, [
    [["backlog"], "expected a counter"],
    [["ready", "a", 0, 9, 9], 'expected an object, found "by hand"'],
    [["claimed", "a", "x"], "expected an object, found 1"],
    [["waiting", "x"], "version 2 is newer than 1, the one this package reads"],
    [["inbox", "x"], "expected an object, found a list"],
    [["item", "x"], "expected an object, found true"],
  ]);
});

Deno.test("readWorkOverview takes no item for dead that was driven again meanwhile", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  await assignAll(cluster, a, ["w"]);
  await cluster.test.raw.set(cluster.keys.deadAt("w"), { v: 1 });
  const { overview } = await look(cluster);
  assert.deepEqual([overview.dead, overview.deadLetters], [1, []]);
});

Deno.test("workOverviewToDict gives the wire form", () => {
  const overview: WorkOverview = {
    backlog: 7,
    ready: [{ instanceId: "a", items: 3 }],
    claimed: 2,
    waiting: 1,
    unacknowledged: 4,
    dead: 1,
    deadLetters: [{ id: "w", attempt: 5, assignee: "a", error: null }],
    countMax: 500,
  };
  assert.deepEqual(workOverviewToDict(overview), {
    backlog: 7,
    ready: [{ instance_id: "a", items: 3 }],
    claimed: 2,
    waiting: 1,
    unacknowledged: 4,
    dead: 1,
    dead_letters: [{ id: "w", attempt: 5, assignee: "a", error: null }],
    count_max: 500,
  });
});
