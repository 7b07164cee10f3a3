import assert from "node:assert/strict";
import { FakeClock } from "../../../testing/fake_clock.ts";
import type { WorkStatus } from "../../../enums/work_status.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";
import { keyText } from "../../../coordination/work/commit_part.ts";
import { WorkKeys } from "../../../coordination/work/work_keys.ts";
import type { WorkCopy } from "../../../coordination/work/work_record.ts";
import { type Transition, WorkTransitions } from "../../../coordination/work/work_transitions.ts";

const keys = new WorkKeys("c");
const transitions = new WorkTransitions({ keys, clock: new FakeClock(), retainMs: 5_000 });
const fence = { key: ["term"], versionstamp: "t" };
const assignment = { assignee: "a", order: { term: 1, n: 2 }, fence };
const order = resolveWorkItem({ id: "w", payload: 1, maxAttempts: 2 });
const handover = { key: keys.inboxAt("w"), versionstamp: "i", from: "f" };

const ready = transitions.acknowledge(order, assignment);
const at = ({ record }: Transition, key: Deno.KvKey): WorkCopy => ({
  record,
  key,
  versionstamp: "s",
});
const fromReady = at(ready, keys.readyAt("a", 0, { term: 1, n: 2 }));
const claimed = transitions.claim(fromReady, "a-1");
const fromClaimed = at(claimed, []);
const failed = transitions.fail(fromClaimed, "no");
const fromWaiting = at(failed, keys.waitingAt("w"));
const last = { ...fromClaimed, record: { ...claimed.record, attempt: 2 } };
const dead = transitions.fail(last, "no", fence);

Deno.test("WorkTransitions checks the item in every commit, and keeps index and backlog in step with it", () => {
  const cases: {
    name: string;
    transition: Transition;
    status: WorkStatus;
    attempt: number;
    checks: string[];
    written: Deno.KvKey[];
    removed: Deno.KvKey[];
    backlog?: bigint;
  }[] = [
    {
      name: "acknowledge",
      transition: ready,
      status: "ready",
      attempt: 0,
      checks: ["t", "null"],
      written: [fromReady.key, keys.assigneeAt("a"), keys.bellOf("a")],
      removed: [],
      backlog: 1n,
    },
    {
      name: "acknowledge what was handed over",
      transition: transitions.acknowledge(order, assignment, handover),
      status: "ready",
      attempt: 0,
      checks: ["t", "null", "i"],
      written: [fromReady.key, keys.assigneeAt("a"), keys.bellOf("a"), keys.bellOf("f")],
      removed: [handover.key],
      backlog: 1n,
    },
    {
      name: "claim",
      transition: claimed,
      status: "claimed",
      attempt: 1,
      checks: ["s"],
      written: [keys.claimedAt("a", "w")],
      removed: [fromReady.key],
    },
    {
      name: "renew",
      transition: transitions.renew(fromClaimed, 7),
      status: "claimed",
      attempt: 1,
      checks: ["s"],
      written: [keys.claimedAt("a", "w")],
      removed: [],
    },
    {
      name: "complete",
      transition: transitions.complete(fromClaimed, "1"),
      status: "completed",
      attempt: 1,
      checks: ["s"],
      written: [],
      removed: [keys.claimedAt("a", "w")],
      backlog: -1n,
    },
    {
      name: "fail",
      transition: failed,
      status: "waiting",
      attempt: 1,
      checks: ["s"],
      written: [keys.waitingAt("w"), keys.leaderBell],
      removed: [keys.claimedAt("a", "w")],
    },
    {
      name: "fail for the last time, under a fence",
      transition: dead,
      status: "dead",
      attempt: 2,
      checks: ["t", "s"],
      written: [keys.deadAt("w")],
      removed: [keys.claimedAt("a", "w")],
      backlog: -1n,
    },
    {
      name: "release",
      transition: transitions.release(fromClaimed),
      status: "waiting",
      attempt: 0,
      checks: ["s"],
      written: [keys.waitingAt("w"), keys.leaderBell],
      removed: [keys.claimedAt("a", "w")],
    },
    {
      name: "assign what waits",
      transition: transitions.assign(fromWaiting, assignment),
      status: "ready",
      attempt: 1,
      checks: ["t", "s"],
      written: [fromReady.key, keys.assigneeAt("a"), keys.bellOf("a")],
      removed: [fromWaiting.key],
    },
    {
      name: "unassign",
      transition: transitions.unassign(fromReady, fence),
      status: "waiting",
      attempt: 0,
      checks: ["t", "s"],
      written: [keys.waitingAt("w")],
      removed: [fromReady.key],
    },
    {
      name: "redrive",
      transition: transitions.redrive(at(dead, [])),
      status: "waiting",
      attempt: 0,
      checks: ["s"],
      written: [keys.waitingAt("w"), keys.leaderBell],
      removed: [keys.deadAt("w")],
      backlog: 1n,
    },
  ];
  for (const { name, transition, status, attempt, checks, written, removed, backlog } of cases) {
    const { part, record } = transition;
    assert.deepEqual([record.status, record.attempt], [status, attempt], name);
    assert.deepEqual(part.checks.map(({ versionstamp }) => String(versionstamp)), checks, name);
    const texts = part.sets.map(({ key }) => keyText(key)).sort();
    assert.deepEqual(texts, [keys.item("w"), ...written].map(keyText).sort(), name);
    assert.deepEqual((part.deletes ?? []).map(keyText), removed.map(keyText), name);
    assert.deepEqual(part.sums?.map(({ amount }) => amount), backlog && [backlog], name);
    assert.deepEqual(part.witness, { key: keys.item("w"), nonce: record.nonce }, name);
    assert.ok(part.checks.some(({ key }) => keyText(key) === keyText(keys.item("w"))), name);
  }
});

Deno.test("WorkTransitions writes a new nonce each time, and keeps what ended the last attempt", () => {
  const again = transitions.assign(fromWaiting, assignment);
  assert.notEqual(again.record.nonce, failed.record.nonce);
  assert.equal(again.record.endedBy, failed.record.nonce);
  assert.equal(failed.record.delayMs, 1_000);
  assert.equal(claimed.record.incarnation, "a-1");
  assert.equal(failed.record.incarnation, null);
});

Deno.test("WorkTransitions lets completed items and bells expire, and nothing else", () => {
  const expiring = (transition: Transition) =>
    transition.part.sets.filter(({ expireInMs }) => expireInMs !== undefined)
      .map(({ key, expireInMs }) => [key.slice(3), expireInMs]);
  assert.deepEqual(expiring(transitions.complete(fromClaimed, "1")), [[["item", "w"], 5_000]]);
  assert.deepEqual(expiring(ready), [[["bell", "a"], 3_600_000]]);
  assert.deepEqual(expiring(failed), [[["leader-bell"], 3_600_000]]);
  for (const other of [claimed, dead]) assert.deepEqual(expiring(other), []);
});
