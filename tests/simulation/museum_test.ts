/**
 * The museum of split brains: what broke other systems happens to Baton, in the same order of events.
 * Names are `survives <system#number>: <what happened>`; docs/reliability.md lists the threads.
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { type LeadershipLostError, StoreUnavailableError } from "../../coordination/errors.ts";
import { LeaderElection } from "../../coordination/leader_election.ts";
import { withLeadership } from "../../coordination/leadership.ts";
import type { Term } from "../../coordination/term.ts";
import type { Claim } from "../../coordination/work/claim.ts";
import { ClaimLostError, NoProgressError } from "../../coordination/work/work_errors.ts";
import type { WorkInfo } from "../../coordination/work/work_info.ts";
import type { WorkItem } from "../../coordination/work/work_item.ts";
import { Museum, type Node, takeClaims } from "./museum.ts";

const FOR_EVER = { on: "commit", times: Infinity } as const;
const HOUR_MS = 3_600_000;

function survives(name: string, run: (museum: Museum) => Promise<void>): void {
  Deno.test(`survives ${name}`, () => run(new Museum()));
}

/** Writes as the leader of a term does; whether it was committed. */
async function write(term: Term, value = `by ${term.holderId}`): Promise<boolean> {
  return (await term.atomic().set(["register"], value).commit()).ok;
}

survives("CURATOR-504: a delete from before a reconnect comes after the new claim", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const first = await m.until(a.election.campaign());
  // The session breaks: every attempt to let go arrives long after it was given up.
  a.kv.next({ kind: "zombie", delayMs: 600, isAnswered: false }, { on: "commit", times: 3 });
  await assert.rejects(m.until(first.resign()), StoreUnavailableError);
  const second = await m.until(a.election.campaign());
  assert.equal(second.term, 2);
  await m.advanceWithOneLeader(1_500, a, b);
  assert.equal(m.record("term")?.["holderId"], "a", "the late delete hit the new claim");
  assert.equal(await m.until(b.election.tryAcquire()), null);
  assert.ok(second.isValid() && await write(second));
  assert.equal(await write(first), false);
});

survives("redlock#167: validity did not count from the attempt that won", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const first = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  await m.advanceWithOneLeader(3_000, a, b);
  b.kv.next({ kind: "slow", byMs: 150 }, { on: "commit" });
  await m.until(first.resign());
  const resignedAtMs = m.time.nowMs;
  const { term, ...second } = await m.until(campaign.then((won) => ({
    term: won.term,
    remainingMs: won.remainingMs(),
    atMs: m.time.nowMs,
  })));
  assert.equal(term, 2);
  assert.deepEqual(second, { remainingMs: 800 - 150, atMs: resignedAtMs + 150 });
});

survives("redlock#296: a lock was obtained that had expired already", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  a.kv.next({ kind: "slow", byMs: 100 }, { on: "commit" });
  const acquired = a.election.tryAcquire();
  await m.time.advance(60); // done; the answer finds a machine that is suspended
  assert.equal(m.record("term")?.["holderId"], "a");
  a.clock.halt({ monotonic: false });
  const next = await m.until(b.election.campaign());
  a.clock.thaw();
  assert.equal(await m.until(acquired), null);
  await m.advanceWithOneLeader(500, a, b);
  assert.ok(next.isValid());
});

survives("redlock#283: a lock that could not be extended took the process down", async (m) => {
  const a = m.candidate("a");
  const term = await m.until(a.election.campaign());
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", note);
  a.kv.next({ kind: "error", error: new Error("no") }, FOR_EVER);
  await m.advanceWithOneLeader(2_000, a);
  await new Promise((resolve) => setImmediate(resolve));
  removeEventListener("unhandledrejection", note);
  assert.deepEqual(unhandled, []);
  const { cause } = term.signal.reason as LeadershipLostError;
  assert.ok(cause.kind === "store-unavailable" && String(cause.error) === "Error: no");
});

survives("golem#3824: the deadline of a lease was armed by the answer", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  a.kv.next({ kind: "slow", byMs: 150 }, { on: "commit" });
  const term = await m.until(a.election.campaign());
  assert.equal(term.remainingMs(), 800 - 150);
  const campaign = b.election.campaign();
  a.kv.next({ kind: "slow", byMs: 160 }, { on: "commit" });
  await m.time.advance(333 + 161);
  assert.equal(m.record("lease")?.["renewals"], 1);
  assert.ok(term.remainingMs() <= 800 - 160, `${term.remainingMs()} ms left`);
  a.kv.cut = "both";
  await m.advanceWithOneLeader(1_500, a, b);
  assert.equal((await campaign).term, 2);
});

survives("kopiur#324: one value for the attempt's timeout and the whole budget", async (m) => {
  const { kv, clock } = m.candidate("a");
  const tight = { kv, clock, name: "e", leaseMs: 1_000, attemptTimeoutMs: 800 };
  assert.throws(() => new LeaderElection(tight), {
    name: "RangeError",
    message: /renewMs 333.* and attemptTimeoutMs 800 do not fit leaseMs 1000/,
  });
  const a = m.candidate("a");
  const term = await m.until(a.election.campaign());
  a.kv.next({ kind: "hang" }, { on: "commit" });
  await m.advanceWithOneLeader(3_000, a);
  assert.ok(term.isValid(), "one hung attempt must not cost the term");
});

survives("actor-ts#142: an acquire succeeds after its timeout, alone", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  a.kv.next({ kind: "zombie", delayMs: 400, isAnswered: true }, { on: "commit" });
  await assert.rejects(m.until(a.election.tryAcquire()), StoreUnavailableError);
  const campaign = m.time.advance(400).then(() => b.election.campaign());
  await m.advanceWithOneLeader(600, a, b);
  assert.equal(m.record("term")?.["holderId"], "a");
  assert.equal(a.election.term, null, "nobody leads on what was not known in time");
  assert.equal((await m.until(campaign)).term, 2);
  assert.equal(a.election.term, null);
});

survives("actor-ts#142: an acquire succeeds after its timeout, behind another's", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  a.kv.next({ kind: "zombie", delayMs: 400, isAnswered: true }, { on: "commit" });
  await assert.rejects(m.until(a.election.tryAcquire()), StoreUnavailableError);
  const term = await m.until(b.election.campaign());
  await m.advanceWithOneLeader(3_000, a, b);
  assert.equal(m.record("term")?.["holderId"], "b");
  assert.ok(term.isValid() && await write(term));
});

survives("wolverine#2602: a leader went by its memory after the store dropped it", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  m.store.wipe();
  const next = await m.until(b.election.campaign());
  assert.equal(next.term, 1, "the store has forgotten everything");
  assert.equal(await write(term), false, "what it does is fenced at once");
  await m.time.advance(334);
  assert.equal(term.isValid(), false, "its next renewal tells it");
  const { cause } = term.signal.reason as LeadershipLostError;
  assert.equal(cause.kind, "superseded");
  assert.ok(next.isValid() && await write(next));
});

survives("wolverine#2691: taking the lock again stacked it", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  const again = Promise.all([a.election.tryAcquire(), a.election.campaign()]);
  assert.deepEqual((await m.until(again)).map((one) => one === term), [true, true]);
  assert.equal(m.record("term")?.["term"], 1);
  await m.until(term.resign());
  assert.equal((await m.until(b.election.tryAcquire()))?.term, 2, "one release is enough");
});

survives("ray#63773: a renewal under way prolonged the lease after the release", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  await m.time.advance(330);
  a.kv.next({ kind: "zombie", delayMs: 400, isAnswered: false }, { on: "commit" });
  await m.time.advance(5);
  await m.until(term.resign());
  const next = (await m.until(b.election.tryAcquire()))!;
  assert.equal(next.term, 2, "the release is not undone");
  assert.ok(m.time.nowMs < 730, "the renewal is still under way");
  await m.time.advance(730 - m.time.nowMs + 10);
  assert.deepEqual([m.record("lease")?.["term"], m.record("term")?.["holderId"]], [2, "b"]);
});

survives("kubernetes#44887: a leader was paused, and acted when it went on", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  a.kv.next({ kind: "slow", byMs: 20 }, { on: "commit" });
  const late = write(term, "too late"); // asked for while it led, done when it goes on
  a.clock.halt();
  const campaign = b.election.campaign();
  await m.advanceWithOneLeader(1_500, a, b);
  const next = await campaign;
  assert.equal(await write(next), true);
  a.clock.thaw();
  assert.equal(term.isValid(), false, "it knows before it does anything else");
  assert.equal(await m.until(late), false);
  assert.equal(await write(term), false);
  assert.equal(m.store.peek(["register"]).value, "by b");
});

survives("stella#1677: work whose lease was lost ended as if nothing had happened", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const work = async (): Promise<string> => {
    await a.clock.sleep(3_000); // looks at no signal
    return "done";
  };
  const done = withLeadership(a.election, work);
  done.catch(() => {});
  await m.time.advance(100);
  a.kv.cut = "both";
  const campaign = b.election.campaign();
  await m.advanceWithOneLeader(2_000, a, b);
  assert.equal((await campaign).term, 2);
  a.kv.heal();
  await assert.rejects(m.until(done), { name: "LeadershipLostError", code: "LEADERSHIP_LOST" });
});

survives("aegra#547: a renewal was allowed to outlast the lease", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  a.kv.next({ kind: "hang" }, { on: "commit", times: 2 });
  a.kv.next({ kind: "slow", byMs: 150 }, FOR_EVER);
  await m.advanceWithOneLeader(799, a, b);
  assert.ok(term.isValid());
  assert.equal(m.record("lease")?.["renewals"], 1, "the third attempt got there");
  await m.time.advance(1);
  assert.equal(term.isValid(), false, "but its answer comes after the lease");
  assert.equal((term.signal.reason as LeadershipLostError).cause.kind, "store-unavailable");
  await m.advanceWithOneLeader(1_500, a, b);
  assert.equal(term.isValid(), false);
  assert.equal((await campaign).term, 2);
});

survives("Effect#6508: a refresh without a timeout hung", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  a.kv.faults = { hang: 1 };
  await m.advanceWithOneLeader(1_500, a, b);
  assert.ok(term.signal.aborted);
  const next = await campaign;
  a.kv.heal();
  await m.until(next.resign());
  assert.equal((await m.until(a.election.campaign())).term, 3, "it is not stuck in the hung call");
});

survives("cilium#42920: hooks of a leader that lost outlived the deadline", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  const lostAtMs = Promise.withResolvers<number>();
  term.signal.addEventListener("abort", () => lostAtMs.resolve(m.time.nowMs));
  const campaign = b.election.campaign();
  a.kv.cut = "both";
  const hooks = lostAtMs.promise.then(() => a.clock.sleep(1_500))
    .then(() => write(term, "by a hook"));
  await m.time.advance(1_200); // nobody asks: the signal must come by itself
  assert.equal(Math.round(await lostAtMs.promise), 800, "told before anybody else may lead");
  const next = await campaign;
  assert.equal(await write(next), true);
  a.kv.heal();
  assert.equal(await m.until(hooks), false, "a hook that is too late does nothing");
  assert.equal(m.store.peek(["register"]).value, "by b");
});

survives("cilium#42920: hooks of a leader that resigned outlived the deadline", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  const hooks = a.clock.sleep(5_000).then(() => write(term, "by a hook"));
  const resigned = term.resign({ after: hooks });
  assert.ok(term.signal.aborted, "the work is told first");
  await m.advanceWithOneLeader(795, a, b);
  assert.equal(m.record("term")?.["holderId"], "a", "nobody is let in while the hooks run");
  await m.until(resigned, 10);
  await m.advanceWithOneLeader(500, a, b);
  assert.ok((await campaign).isValid());
  assert.equal(await m.until(hooks), false, "a hook that is too late does nothing");
});

survives("lavinmq#906: a follower was elected with a session that had expired", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const first = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  await m.advanceWithOneLeader(5_000, a, b);
  await m.until(first.resign());
  const second = await m.until(campaign);
  await m.advanceWithOneLeader(5_000, a, b);
  assert.ok(second.isValid(), "it does not lose at once what it has won");
});

survives("broadcast-channel#385: two led while one was at 100 % CPU", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const term = await m.until(a.election.campaign());
  a.clock.halt(); // no timer of a comes, while it goes on computing
  const campaign = b.election.campaign();
  await m.time.advance(799);
  assert.ok(term.isValid());
  await m.time.advance(1);
  assert.equal(term.isValid(), false, "told by the clock when asked, not by a timer");
  await m.until(campaign);
  assert.equal(a.election.term, null);
});

survives("CURATOR-696: the store was away for longer than the session", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  const first = await m.until(a.election.campaign());
  const campaign = b.election.campaign();
  m.store.stop();
  await m.advanceWithOneLeader(2_000, a, b);
  assert.ok(first.signal.aborted);
  m.store.start();
  const again = a.election.campaign();
  await m.advanceWithOneLeader(3_000, a, b);
  const holder = m.record("term")?.["holderId"];
  const led = await (holder === "a" ? again : campaign);
  assert.ok(led.term === 2 && led.isValid() && await write(led));
  assert.equal(await write(first), false);
});

survives("client-go#1187: told to stop what had never begun", async (m) => {
  const [a, b] = [m.candidate("a"), m.candidate("b")];
  await m.until(b.election.campaign());
  const stop = new AbortController();
  const seen: string[] = [];
  const work = (term: Term): Promise<void> => {
    seen.push("led");
    term.signal.addEventListener("abort", () => seen.push("stopped"));
    return Promise.resolve();
  };
  const done = withLeadership(a.election, work, { signal: stop.signal });
  done.catch(() => {});
  await m.time.advance(2_000);
  stop.abort(new Error("shutdown"));
  await assert.rejects(m.until(done), { message: "shutdown" });
  assert.deepEqual(seen, []);
});

for (const skewMs of [-HOUR_MS, HOUR_MS]) {
  survives(`ShedLock#639: clocks were apart, by ${skewMs / HOUR_MS} h`, async (m) => {
    const [a, b] = [m.candidate("a"), m.candidate("b", { skewMs })];
    const term = await m.until(a.election.campaign());
    const campaign = b.election.campaign();
    await m.advanceWithOneLeader(5_000, a, b);
    assert.ok(term.isValid(), "nobody takes what is renewed");
    a.kv.crash();
    const crashedAtMs = m.time.nowMs;
    assert.equal((await m.until(campaign)).term, 2);
    assert.ok(m.time.nowMs - crashedAtMs <= 1_250, "nor waits for another's clock");
  });

  survives(`orleans#7505: votes of nodes ${skewMs / HOUR_MS} h apart`, async (m) => {
    const [a, b] = [await m.node("a"), await m.node("b", { skewMs })];
    await m.time.advance(3_000);
    for (const { node } of [a, b]) {
      const members = await m.until(node.getNodes());
      assert.deepEqual(members.map(({ status }) => status), ["alive", "alive"]);
    }
    const { votingInstances, quorumMet } = await m.until(b.node.getConsensus());
    assert.deepEqual([votingInstances, quorumMet], [2, true]);
    b.kv.crash();
    await m.time.advance(2_000);
    const members = await m.until(a.node.getNodes());
    assert.deepEqual(members.map(({ status }) => status), ["alive", "dead"]);
  });
}

survives("denokv T12: a backup was restored, versionstamps came twice", async (m) => {
  const [a, b, c] = [m.candidate("a"), m.candidate("b"), m.candidate("c")];
  await m.until((await m.until(a.election.campaign())).resign());
  const backup = m.store.snapshot();
  const old = await m.until(b.election.campaign());
  const stamp = m.store.peek(["baton", "election", "e", "term"]).versionstamp;
  m.store.restore(backup);
  const term = await m.until(c.election.campaign());
  assert.equal(m.store.peek(["baton", "election", "e", "term"]).versionstamp, stamp);
  assert.equal(term.term, old.term, "the number comes twice, too: c never saw the other");
  assert.equal(await write(old), false, "the fence is by nonce");
  assert.equal(await write(term), true);
  await m.time.advance(400);
  assert.deepEqual([old.isValid(), term.isValid()], [false, true]);
  await m.until(term.resign());
  assert.equal((await m.until(b.election.campaign())).term, 3);
});

/** Work that "w1" has claimed. */
interface ClaimedWork {
  readonly w1: Node;
  readonly claim: Claim;
  /** What "w2" is given next. */
  readonly next2: () => Promise<Claim>;
  /** The item as it stands. */
  readonly work: () => Promise<WorkInfo | null>;
}

/** Has one item done by "w1", which claims it; "w2" is there to be given it next. */
async function claimed(m: Museum, item: Partial<WorkItem>): Promise<ClaimedWork> {
  const leader = await m.node("leader");
  const w1 = await m.node("w1", { client: "connect" });
  const next1 = await takeClaims(m, w1);
  await m.until(leader.node.assignWork({ id: "w", payload: 1, backoffMs: 0, ...item }));
  const claim = await next1();
  const next2 = await takeClaims(m, await m.node("w2"));
  return { w1, claim, next2, work: () => m.until(leader.node.getWork("w")) };
}

survives("lion-reader#917: the heartbeat of a stalled worker stole its job back", async (m) => {
  const { w1, claim, next2, work } = await claimed(m, { claimMs: 5_000 });
  // The renewal is on its way when the worker stalls, and gets there when another has the job.
  w1.kv.next({ kind: "zombie", delayMs: 2_500, isAnswered: false }, { on: "commit" });
  const renewed = assert.rejects(claim.renew({ progress: 7 }), ClaimLostError);
  await m.time.advance(1);
  const sentAtMs = m.time.nowMs;
  w1.clock.halt();
  const second = await next2();
  assert.ok(m.time.nowMs < sentAtMs + 2_400);
  await m.time.advance(3_000);
  const { assignee, attempt, progress } = (await work())!;
  assert.deepEqual([assignee, attempt, progress], ["w2", 2, 0]);
  w1.clock.thaw();
  await m.until(renewed);
  await assert.rejects(m.until(claim.renew()), ClaimLostError);
  await m.until(second.complete("by w2"));
  assert.equal((await work())?.result, "by w2");
});

survives("camunda#56749: a job was completed under an old token", async (m) => {
  const { w1, claim, next2, work } = await claimed(m, { claimMs: 5_000 });
  w1.clock.halt();
  const second = await next2();
  w1.clock.thaw();
  await assert.rejects(m.until(claim.complete("by w1")), {
    name: "ClaimLostError",
    reason: "superseded",
  });
  await assert.rejects(m.until(claim.fail("no")), ClaimLostError);
  assert.equal((await work())?.assignee, "w2");
  await m.until(second.complete("by w2"));
  assert.equal((await work())?.result, "by w2");
});

survives("catalyst#3249: a worker that hung renewed happily", async (m) => {
  const { w1, claim, work } = await claimed(m, { claimMs: 400, progressMs: 600 });
  await m.until(claim.renew({ progress: 1 }));
  const renewAgain = async (): Promise<void> => {
    for (;;) {
      await w1.clock.sleep(100);
      await claim.renew({ progress: 1 });
    }
  };
  await assert.rejects(m.until(renewAgain(), 700), NoProgressError);
  await m.time.advance(1_000);
  assert.ok(claim.signal.aborted);
  const { attempt, error } = (await work())!;
  assert.deepEqual([attempt, error?.includes("did not renew its claim")], [2, true]);
});

survives("solid_queue#385: several processes on one file got busy errors", async (m) => {
  const nodes = [await m.node("a"), await m.node("b"), await m.node("c")];
  for (const { kv } of nodes) kv.faults = { busy: 0.5 };
  for (let passedMs = 0; passedMs < 10_000; passedMs += 250) {
    await m.until(Promise.all(nodes.map(({ node }) => node.heartbeat())));
    await m.time.advance(250);
    assert.ok(nodes[0]!.node.isLeader, `lost it after ${passedMs} ms`);
  }
  for (const { node } of nodes) assert.ok(node.getMetrics().store!.busyRetries > 20);
  assert.equal(nodes[0]!.node.term?.term, 1);
});

survives("FoundationDB commit_unknown_result: a counter was incremented twice", async (m) => {
  const [a, b] = [await m.node("a", { client: "connect" }), await m.node("b")];
  const next = await takeClaims(m, a);
  const loseReplies = () => a.kv.next({ kind: "lostReply" }, { on: "commit" });
  const add = (id: string) => a.node.assignWork({ id, payload: 1 });
  await m.until(add("first"));
  loseReplies();
  await m.until(add("second"));
  assert.equal(await m.until(a.node.backlog()), 2);
  const claim = await next();
  loseReplies();
  await m.until(claim.complete());
  assert.equal(await m.until(a.node.backlog()), 1);
  const { ballotId } = await m.until(a.node.propose("Go?", ["yes", "no"], { deadlineMs: 60_000 }));
  loseReplies();
  await assert.rejects(m.until(a.node.vote(ballotId, "yes")), StoreUnavailableError);
  await m.time.advance(500);
  assert.ok(m.store.faultCounts.get("falseRefusal")! >= 3, "each was sent again");
  await m.until(a.node.vote(ballotId, "yes"));
  await m.until(b.node.vote(ballotId, "yes"));
  const { outcome } = await m.until(a.node.decided(ballotId));
  assert.deepEqual(outcome?.tally.weights, [2, 0]);
  assert.equal((await m.until(a.node.recount(ballotId))).isEqual, true);
});
