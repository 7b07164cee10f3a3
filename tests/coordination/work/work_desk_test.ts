import assert from "node:assert/strict";
import fc from "fast-check";
import { MemberStatus } from "../../../enums/member_status.ts";
import { WorkStatus } from "../../../enums/work_status.ts";
import type { Claim } from "../../../coordination/work/claim.ts";
import {
  closed,
  connectionRefused,
  type Fault,
  lostReply,
  repeatedByClient,
} from "../../support/faults.ts";
import { checkAsyncProperty } from "../../support/property.ts";
import { WorkCluster } from "./work_cluster.ts";

Deno.test("WorkDesk run has a lapsed item done by another member, whose result alone is recorded", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.lead(b);
  const until = <T>(promise: Promise<T>) => cluster.test.until(promise);
  await until(b.queue.assignWork({ id: "w", payload: 1, claimMs: 1_000 }));
  await using loopA = cluster.loop(a);
  const zombie = await loopA.next();
  cluster.register("a", { takesWork: false });
  cluster.register("b");
  await using loopB = cluster.loop(b);
  const claim = await loopB.next();
  assert.deepEqual([claim.id, claim.attempt], ["w", 2]);
  assert.equal(zombie.isValid(), false);
  assert.equal(zombie.signal.reason.reason, "expired");
  await assert.rejects(until(zombie.complete("late")), { reason: "superseded" });
  await assert.rejects(until(zombie.renew()), { code: "CLAIM_LOST" });
  await assert.rejects(until(zombie.fail("late")), { code: "CLAIM_LOST" });
  await until(claim.complete("first"));
  assert.equal((await until(a.queue.getWork("w")))?.result, "first");
  assert.equal(await cluster.backlog(), 0);
  assert.equal(b.queue.getMetrics().lapsed, 1);
});

Deno.test("WorkDesk run does nothing for an idle cluster but two small reads an interval", async () => {
  await using cluster = await WorkCluster.open();
  const a = cluster.node("a");
  await cluster.lead(a);
  await cluster.test.clock.advance(3_000);
  assert.equal(a.handle.sent.length, 0);
  assert.ok(a.handle.reads <= 2 + 2 * 10, `${a.handle.reads} reads`);
});

Deno.test("WorkDesk run goes on after an outage of the store", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.lead(a);
  await cluster.test.until(a.queue.assignWork({ id: "w", payload: 1, backoffMs: 0 }));
  await using loop = cluster.loop(a);
  const claim = await loop.next();
  a.handle.breakDown(connectionRefused);
  await assert.rejects(cluster.test.until(claim.fail("no")), { code: "STORE_UNAVAILABLE" });
  await cluster.test.clock.advance(2_000);
  a.handle.heal();
  await cluster.test.until(claim.fail("no"));
  assert.equal((await loop.next()).attempt, 2);
  assert.ok(a.queue.getMetrics().failures > 0);
});

/** What may happen around three members, of which one leads. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("assign" as const), id: fc.nat(11) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("claim" as const), who: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("complete" as const), n: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fail" as const), n: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("renew" as const), n: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("redrive" as const), id: fc.nat(11) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("elect" as const), who: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("member" as const),
      who: fc.nat(2),
      change: fc.constantFrom("die" as const, "return" as const, "pause" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      who: fc.nat(2),
      fault: fc.constantFrom<Fault>(lostReply, repeatedByClient, connectionRefused),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.integer({ min: 1, max: 900 }),
    }),
  },
);

const IDS = ["a", "b", "c"];

Deno.test("WorkDesk and members lose nothing acknowledged, record one result, and count the backlog exactly", async () => {
  const seen = { completed: 0, failed: 0, lapsed: 0, reassigned: 0, claimsLost: 0 };
  await checkAsyncProperty(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      await using cluster = await WorkCluster.open();
      const { test } = cluster;
      const nodes = IDS.map((id) => cluster.node(id));
      for (const id of IDS) cluster.register(id);
      let [leader, starts] = [nodes[0]!, 1];
      await cluster.lead(leader);
      const acknowledged = new Set<string>();
      const results = new Map<string, string>();
      const claims: Claim[] = [];
      const loops = nodes.map((node) => cluster.loop(node, { maxClaims: 5 }));
      const safely = async (act: Promise<unknown>) => {
        await test.until(act.catch((error) => {
          if (!/^(ClaimLost|StoreUnavail|WorkUnack|WorkRefused)/.test(error.name)) throw error;
        }));
      };
      for (const one of steps) {
        switch (one.kind) {
          case "assign": {
            const id = `w-${one.id}`;
            const item = { id, payload: one.id, maxAttempts: 2, claimMs: 1_000, backoffMs: 50 };
            const options = { timeoutMs: 2_000 };
            await safely(leader.queue.assignWork(item, options).then(() => acknowledged.add(id)));
            break;
          }
          case "claim": {
            const claim = await loops[one.who]!.poll();
            if (claim) claims.push(claim);
            break;
          }
          case "complete": {
            const [claim] = claims.splice(one.n % (claims.length || 1), 1);
            if (!claim) break;
            const result = `${claim.id} in ${claims.length} at ${test.clock.monotonic()}`;
            await safely(
              claim.complete(result).then(() => {
                assert.equal(results.has(claim.id), false, "a second result was recorded");
                results.set(claim.id, result);
              }),
            );
            break;
          }
          case "fail": {
            const [claim] = claims.splice(one.n % (claims.length || 1), 1);
            if (claim) await safely(claim.fail("failed"));
            break;
          }
          case "renew":
            if (claims.length) await safely(claims[one.n % claims.length]!.renew());
            break;
          case "redrive":
            await safely(leader.queue.redriveWork(`w-${one.id}`));
            break;
          case "elect":
            leader = nodes[one.who]!;
            await cluster.lead(leader);
            break;
          case "member": {
            const id = IDS[one.who]!;
            if (one.change === "die") cluster.register(id, { status: MemberStatus.DEAD });
            if (one.change === "pause") cluster.register(id, { takesWork: false });
            if (one.change === "return") {
              cluster.register(id, { incarnation: `${id}-${++starts}` });
            }
            break;
          }
          case "fault":
            nodes[one.who]!.handle.onCommit(one.fault);
            break;
          case "pass":
            await test.clock.advance(one.ms);
            break;
        }
        assert.equal(await cluster.backlog(), await cluster.unfinished(), one.kind);
      }
      for (const { handle } of nodes) handle.heal();
      for (const loop of loops) await loop[Symbol.asyncDispose]();
      for (const id of IDS) cluster.register(id, { incarnation: `${id}-last` });
      await cluster.lead(leader);
      await test.clock.advance(10_000);
      for (const id of acknowledged) {
        const item = await test.until(leader.queue.getWork(id));
        assert.ok(item, `${id} was lost`);
        assert.ok(item.attempt <= item.maxAttempts, `${id} had ${item.attempt} attempts`);
        const result = results.get(id);
        if (result !== undefined) assert.equal(item.result, result, id);
        const isOpen = item.status === WorkStatus.READY || item.status === WorkStatus.WAITING;
        const isDone = item.status === WorkStatus.COMPLETED || item.status === WorkStatus.DEAD;
        assert.ok(isOpen || isDone, `${id} is ${item.status}`);
      }
      assert.equal(await cluster.backlog(), await cluster.unfinished());
      assert.equal(await cluster.count(cluster.keys.claimed), 0);
      for (const { queue } of nodes) {
        const metrics = queue.getMetrics();
        for (const what of Object.keys(seen) as (keyof typeof seen)[]) seen[what] += metrics[what];
      }
    }),
    40,
  );
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 0, `${what} never happened`);
});

Deno.test("WorkDesk carryOn does each of its duties although another fails", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("leader");
  const term = await cluster.elect(node);
  await cluster.test.until(node.queue.assignWork({ id: "w", payload: 1 }));
  cluster.members.delete("a");
  cluster.register("b");
  node.handle.onRead(connectionRefused, { times: 3 });
  await cluster.test.until(node.queue.desk.carryOn(term));
  assert.equal((await cluster.test.until(node.queue.getWork("w")))?.assignee, "b");
  assert.equal(node.queue.getMetrics().failures, 3);
  node.handle.onRead(closed);
  await assert.rejects(cluster.test.until(node.queue.desk.carryOn(term)), {
    code: "STORE_UNAVAILABLE",
  });
});

Deno.test("WorkDesk run looks at work in every interval while there is some, and at once when rung for", async () => {
  await using cluster = await WorkCluster.open();
  cluster.register("a");
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await cluster.lead(a);
  await cluster.test.clock.advance(3_100);
  const { reads } = a.handle;
  await cluster.atOnce(b.queue.assignWork({ id: "w", payload: 1, backoffMs: 0 }));
  await using loop = cluster.loop(a);
  await loop.next();
  cluster.members.delete("a");
  cluster.register("b");
  await cluster.test.clock.advance(350);
  assert.equal((await cluster.test.until(a.queue.getWork("w")))?.status, WorkStatus.READY);
  assert.ok(a.handle.reads > reads + 8);
});

Deno.test("WorkDesk run does not rest while exactly one page of claims, or of waiting items, stands there", async () => {
  const places: ((cluster: WorkCluster, i: number) => Deno.KvKey)[] = [
    ({ keys }, i) => keys.claimedAt("a", `w-${i}`),
    ({ keys }, i) => keys.waitingAt(`w-${i}`),
  ];
  for (const place of places) {
    await using cluster = await WorkCluster.open();
    const node = cluster.node("leader");
    for (let i = 0; i < 500; i++) await cluster.test.raw.set(place(cluster, i), "unreadable");
    await cluster.lead(node);
    await cluster.test.clock.advance(700);
    const { reads } = node.handle;
    await cluster.test.clock.advance(600);
    assert.ok(node.handle.reads - reads >= 8, `${node.handle.reads - reads} reads`);
  }
});

Deno.test("WorkDesk run looks at everything in each interval while anything stands there", async () => {
  const places: ((cluster: WorkCluster) => Deno.KvKey)[] = [
    ({ keys }) => keys.inboxAt("w"),
    ({ keys }) => keys.claimedAt("a", "w"),
    ({ keys }) => keys.waitingAt("w"),
    ({ keys }) => keys.assigneeAt("a"),
  ];
  for (const place of places) {
    await using cluster = await WorkCluster.open();
    cluster.register("a");
    const node = cluster.node("leader");
    await cluster.test.raw.set(place(cluster), "unreadable");
    await cluster.lead(node);
    await cluster.test.clock.advance(100);
    const { reads } = node.handle;
    await cluster.test.clock.advance(600);
    assert.ok(node.handle.reads - reads >= 8, `${place(cluster)}: ${node.handle.reads - reads}`);
  }
});
