import assert from "node:assert/strict";
import type { Ballot } from "../../../coordination/ballots/ballot.ts";
import {
  BallotRefusedError,
  VoteRefusedError,
} from "../../../coordination/ballots/ballot_errors.ts";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import { BallotRefusal } from "../../../enums/ballot_refusal.ts";
import { BallotStatus } from "../../../enums/ballot_status.ts";
import { MemberStatus } from "../../../enums/member_status.ts";
import { VoteRefusal } from "../../../enums/vote_refusal.ts";
import {
  connectionRefused,
  type Fault,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { BallotWorld, members, PREFIX } from "./ballot_nodes.ts";

const CHOICES = ["yes", "no"];
const IN_A_MINUTE = { deadlineMs: 60_000 };

function refusal(reason: VoteRefusal, ballotId: string) {
  return (error: unknown) => {
    assert.ok(error instanceof VoteRefusedError, String(error));
    assert.deepEqual([error.code, error.reason, error.ballotId], [
      "VOTE_REFUSED",
      reason,
      ballotId,
    ]);
    return true;
  };
}

function ballotRefusal(reason: BallotRefusal) {
  return (error: unknown) => {
    assert.ok(error instanceof BallotRefusedError, String(error));
    assert.deepEqual([error.code, error.reason], ["BALLOT_REFUSED", reason]);
    return true;
  };
}

Deno.test("Ballots decides by the votes of the members, as soon as they suffice", async () => {
  await using world = await BallotWorld.open();
  const [a, b, c] = ["a", "b", "c"].map((id) => world.node(id).ballots) as [
    Ballots3,
    Ballots3,
    Ballots3,
  ];
  const opened = await a.propose("Roll out 2?", CHOICES, IN_A_MINUTE);
  assert.equal(opened.status, BallotStatus.OPEN);
  assert.deepEqual([opened.electors, opened.weight, opened.proposer], [3, 3, "a"]);
  await a.vote(opened.ballotId, "yes");
  assert.equal((await b.getBallot(opened.ballotId))?.status, BallotStatus.OPEN);
  await b.vote(opened.ballotId, "yes");
  const decided = await c.getBallot(opened.ballotId);
  assert.equal(decided?.status, BallotStatus.DECIDED);
  assert.equal(decided.outcome?.choice, "yes");
  assert.equal(decided.outcome.decidedBy, "b");
  assert.deepEqual(decided.outcome.tally.weights, [2, 0]);
  assert.equal((await c.decided(opened.ballotId)).outcome?.choice, "yes");
  await assert.rejects(
    c.vote(opened.ballotId, "no"),
    refusal(VoteRefusal.DECIDED, opened.ballotId),
  );
  assert.deepEqual(await world.keys("open"), []);
  const { sealed, decided: decisions, votes } = b.getMetrics();
  assert.deepEqual([sealed, decisions, votes], [1, 1, 1]);
});
type Ballots3 = ReturnType<BallotWorld["node"]>["ballots"];

Deno.test("Ballots refuses a vote and says why, and counts it", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: foreign } = world.node("x");
  const { ballotId } = await a.propose("t", CHOICES, IN_A_MINUTE);
  await assert.rejects(
    foreign.vote(ballotId, "yes"),
    refusal(VoteRefusal.NOT_AN_ELECTOR, ballotId),
  );
  await assert.rejects(a.vote(ballotId, "maybe"), refusal(VoteRefusal.UNKNOWN_CHOICE, ballotId));
  await assert.rejects(a.vote("none", "yes"), refusal(VoteRefusal.UNKNOWN_BALLOT, "none"));
  await a.abstain(ballotId);
  await assert.rejects(a.vote(ballotId, "yes"), refusal(VoteRefusal.ALREADY_VOTED, ballotId));
  assert.deepEqual(a.getMetrics().refused, {
    sealed: 0,
    decided: 0,
    not_an_elector: 0,
    already_voted: 1,
    unknown_choice: 1,
    unknown_ballot: 1,
  });
  assert.equal(foreign.getMetrics().refused.not_an_elector, 1);
});

Deno.test("Ballots counts a vote once however often it is cast, also after the end", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: b } = world.node("b");
  const { ballotId } = await a.propose("t", CHOICES, IN_A_MINUTE);
  await Promise.all([a.vote(ballotId, "yes"), a.vote(ballotId, "yes"), a.vote(ballotId, "yes")]);
  await a.vote(ballotId, "yes");
  assert.equal((await a.getBallot(ballotId))?.status, BallotStatus.OPEN);
  await b.vote(ballotId, "no");
  await world.node("c").ballots.vote(ballotId, "no");
  await a.vote(ballotId, "yes");
  const { counted, isEqual } = await a.recount(ballotId);
  assert.ok(isEqual);
  assert.deepEqual([counted.weights, counted.voters], [[1, 2], 3]);
});

Deno.test("Ballots counts one of two unlike votes that a node casts at once", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballotId } = await a.propose("t", CHOICES, { ...IN_A_MINUTE, electors: ["a"] });
  const results = await Promise.allSettled([a.vote(ballotId, "yes"), a.vote(ballotId, "no")]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const failed = results.find((result) => result.status === "rejected")!;
  assert.ok((failed as PromiseRejectedResult).reason instanceof VoteRefusedError);
  assert.equal((await a.recount(ballotId)).counted.voters, 1);
});

Deno.test("Ballots counts a vote once whatever becomes of the answer (T2, T3)", async () => {
  const cases: { name: string; fault: Fault }[] = [
    { name: "the reply is lost", fault: lostReply },
    { name: "the client repeats it", fault: repeatedByClient },
  ];
  for (const { name, fault } of cases) {
    await using world = await BallotWorld.open();
    const { ballots, handle } = world.node("a");
    const { ballotId } = await ballots.propose("t", CHOICES, { ...IN_A_MINUTE, electors: ["a"] });
    handle.onCommit(fault, { times: Infinity });
    await ballots.vote(ballotId, "yes");
    handle.heal();
    const { counted, isEqual } = await ballots.recount(ballotId);
    assert.deepEqual([counted.weights, counted.voters, isEqual], [[1, 0], 1, true], name);
    assert.equal((await ballots.getBallot(ballotId))?.outcome?.choice, "yes", name);
    assert.equal(await openCount(world), 0n, name);
  }
});

async function openCount(world: BallotWorld): Promise<bigint> {
  return (await world.test.raw.get<Deno.KvU64>([...PREFIX, "open-count"])).value!.value;
}

Deno.test("Ballots opens a ballot once whatever becomes of the answer", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    await using world = await BallotWorld.open();
    const { ballots, handle } = world.node("a");
    handle.onCommit(fault);
    await ballots.propose("t", CHOICES, { ...IN_A_MINUTE, ballotId: "b-1" });
    assert.deepEqual(await world.keys("ballot"), ["ballot/b-1"]);
    assert.equal(await openCount(world), 1n);
  }
});

Deno.test("Ballots says that it does not know when the store is silent, and a second try succeeds (T4, T5)", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const { ballotId } = await ballots.propose("t", CHOICES, IN_A_MINUTE);
  handle.onCommit(hang);
  await assert.rejects(world.test.until(ballots.vote(ballotId, "yes")), StoreUnavailableError);
  await world.test.until(ballots.vote(ballotId, "yes"));
  handle.onRead(connectionRefused);
  await assert.rejects(ballots.vote(ballotId, "yes"), StoreUnavailableError);
});

Deno.test("Ballots counts a vote whose commit comes late as long as the ballot is open, and once", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const { ballotId } = await ballots.propose("t", CHOICES, IN_A_MINUTE);
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await assert.rejects(world.test.until(ballots.vote(ballotId, "yes")), StoreUnavailableError);
  await ballots.vote(ballotId, "no");
  await zombie.release();
  await assert.rejects(ballots.vote(ballotId, "yes"), refusal(VoteRefusal.ALREADY_VOTED, ballotId));
  await world.node("b").ballots.vote(ballotId, "no");
  assert.deepEqual((await ballots.recount(ballotId)).counted.weights, [0, 2]);
});

Deno.test("Ballots lets no vote commit after the seal, however long it was under way", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const late = world.node("b");
  const { ballotId } = await a.propose("t", CHOICES, { deadlineMs: 1_000 });
  const zombie = heldCall({ answer: false });
  late.handle.onCommit(zombie.fault, { only: touches("b") });
  const vote = assert.rejects(late.ballots.vote(ballotId, "yes"), StoreUnavailableError);
  await zombie.caught;
  await world.test.clock.advance(1_000);
  await vote;
  await a.carryOn();
  await zombie.release();
  const { counted, recorded } = await a.recount(ballotId);
  assert.equal(counted.voters, 0);
  assert.deepEqual(counted, recorded);
  await assert.rejects(late.ballots.vote(ballotId, "yes"), refusal(VoteRefusal.DECIDED, ballotId));
});

Deno.test("Ballots refuses votes on a sealed ballot", async () => {
  await using world = await BallotWorld.open();
  const dying = world.node("a");
  const { ballots: b } = world.node("b");
  const { ballotId } = await dying.ballots.propose("t", CHOICES, {
    ...IN_A_MINUTE,
    electors: ["a", "b"],
    policy: { kind: "unanimous" },
  });
  dying.handle.onCommit(connectionRefused, { times: Infinity, only: touches("decided", ballotId) });
  await dying.ballots.abstain(ballotId);
  assert.equal((await b.getBallot(ballotId))?.status, BallotStatus.SEALED);
  assert.equal(dying.ballots.getMetrics().failures, 1);
  await assert.rejects(b.vote(ballotId, "yes"), refusal(VoteRefusal.SEALED, ballotId));
  assert.deepEqual(
    (await b.listBallots({ status: BallotStatus.SEALED })).map((one) => one.ballotId),
    [ballotId],
  );
  await b.carryOn();
  assert.equal((await b.getBallot(ballotId))?.outcome?.reason, "no_majority");
});

Deno.test("Ballots is carried on by somebody else when a node dies between any two steps", async () => {
  const steps = ["vote", "seal", "decide"] as const;
  const survivors: Record<
    string,
    (node: Ballots3, id: string, world: BallotWorld) => Promise<unknown>
  > = {
    leader: (node) => node.carryOn(),
    waiter: (node, id, world) => world.test.until(node.decided(id)),
    voter: (node, id) => node.vote(id, "yes").catch(() => {}),
  };
  for (const [who, carryOn] of Object.entries(survivors)) {
    for (const step of steps) {
      await using world = await BallotWorld.open();
      const dying = world.node("a");
      const { ballotId } = await dying.ballots.propose("t", CHOICES, {
        ...IN_A_MINUTE,
        electors: ["a", "b", "c"],
      });
      await world.node("c").ballots.vote(ballotId, "yes");
      const commitsLeft = steps.indexOf(step) + 1;
      let sent = 0;
      dying.handle.onCommit(connectionRefused, {
        times: Infinity,
        only: () => ++sent > commitsLeft,
      });
      if (step === "vote") dying.handle.onRead((apply) => apply(), { times: 1 });
      if (step === "vote") dying.handle.onRead(connectionRefused, { times: Infinity });
      await dying.ballots.vote(ballotId, "yes");
      const before = (await world.node("x").ballots.getBallot(ballotId))!;
      const { OPEN, SEALED, DECIDED } = BallotStatus;
      assert.equal(
        before.status,
        { vote: OPEN, seal: SEALED, decide: DECIDED }[step],
        `${who} ${step}`,
      );
      const { ballots: survivor } = world.node("b");
      await carryOn(survivor, ballotId, world);
      const decided = await survivor.getBallot(ballotId);
      if (who === "voter" && step === "seal") assert.equal(decided?.status, SEALED);
      else assert.equal(decided?.outcome?.choice, "yes", `${who} after ${step}`);
    }
  }
});

Deno.test("Ballots writes one outcome when many nodes decide at the same time", async () => {
  await using world = await BallotWorld.open();
  const ids = ["a", "b", "c", "d", "e"];
  const nodes = ids.map((id) => world.node(id).ballots);
  const { ballotId } = await nodes[0]!.propose("t", CHOICES, { ...IN_A_MINUTE, electors: ids });
  await Promise.all(
    nodes.map((node, at) =>
      node.vote(ballotId, at % 2 ? "no" : "yes").catch((error) =>
        assert.equal(error.code, "VOTE_REFUSED")
      )
    ),
  );
  const outcomes = await Promise.all(nodes.map((node) => world.test.until(node.decided(ballotId))));
  for (const { outcome } of outcomes) assert.deepEqual(outcome, outcomes[0]!.outcome);
  const total = (what: "sealed" | "decided") =>
    nodes.reduce((sum, node) => sum + node.getMetrics()[what], 0);
  assert.deepEqual([total("sealed"), total("decided"), await openCount(world)], [1, 1, 0n]);
  assert.ok((await nodes[0]!.recount(ballotId)).isEqual);
});

Deno.test("Ballots closes at the deadline by the clock of who first saw it, whatever the record says", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballotId } = await a.propose("t", CHOICES, { deadlineMs: 1_000 });
  await world.test.clock.advance(900);
  const { ballots: leader } = world.node("l");
  await leader.carryOn();
  await world.test.clock.advance(200);
  await leader.carryOn();
  assert.equal(
    (await leader.getBallot(ballotId))?.status,
    BallotStatus.OPEN,
    "it saw it 200 ms ago",
  );
  await world.test.clock.advance(800);
  await leader.carryOn();
  const ballot = await leader.getBallot(ballotId);
  assert.deepEqual([ballot?.outcome?.choice, ballot?.outcome?.reason], [null, "no_quorum"]);
});

Deno.test("Ballots decided closes a ballot at its deadline, through an outage of the store", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const { ballotId } = await ballots.propose("t", CHOICES, { deadlineMs: 2_000 });
  await ballots.vote(ballotId, "yes");
  const waiting = ballots.decided(ballotId);
  await world.test.clock.advance(1_000);
  handle.breakDown(connectionRefused);
  await world.test.clock.advance(3_000);
  handle.heal();
  const { outcome } = await world.test.until(waiting);
  assert.equal(outcome?.reason, "no_quorum");
});

Deno.test("Ballots decided ends with its signal, when closed, and when there is no such ballot", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  const { ballotId } = await ballots.propose("t", CHOICES, IN_A_MINUTE);
  const reason = new Error("enough");
  await assert.rejects(ballots.decided(ballotId, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const aborted = assert.rejects(ballots.decided(ballotId, { signal: controller.signal }), reason);
  await world.test.settle();
  controller.abort(reason);
  await world.test.until(aborted);
  await assert.rejects(ballots.decided("none"), ballotRefusal(BallotRefusal.UNKNOWN_BALLOT));
  const closed = assert.rejects(ballots.decided(ballotId), { name: "AbortError" });
  await world.test.settle();
  await ballots[Symbol.asyncDispose]();
  await world.test.until(closed);
  assert.equal(world.test.clock.sleeperCount, 0);
});

Deno.test("Ballots propose gives the standing ballot for the same question under the same id", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: b } = world.node("b");
  const ask = (node: Ballots3, topic = "t", deadlineMs = 60_000) =>
    node.propose(topic, CHOICES, { deadlineMs, ballotId: "b-1" });
  const [one, other] = await Promise.all([ask(a), ask(b)]);
  assert.deepEqual(one.toDict(), other.toDict());
  assert.equal(a.getMetrics().opened + b.getMetrics().opened, 1);
  await a.vote("b-1", "yes");
  await b.vote("b-1", "yes");
  assert.equal((await ask(a)).outcome?.choice, "yes");
  await assert.rejects(ask(a, "else"), ballotRefusal(BallotRefusal.ID_TAKEN));
  await assert.rejects(ask(b, "t", 59_999), ballotRefusal(BallotRefusal.ID_TAKEN));
});

Deno.test("Ballots propose takes the members that are not dead for electors, and refuses without any", async () => {
  await using world = await BallotWorld.open();
  const there = [
    ...members(["a", "b"]),
    ...members(["s"], MemberStatus.SUSPECT),
    ...members(["d"], MemberStatus.DEAD),
  ];
  const { ballots } = world.node("a", { members: () => Promise.resolve(there) });
  const { ballotId, electors } = await ballots.propose("t", CHOICES, IN_A_MINUTE);
  assert.equal(electors, 3);
  await assert.rejects(
    world.node("d").ballots.vote(ballotId, "yes"),
    refusal(VoteRefusal.NOT_AN_ELECTOR, ballotId),
  );
  await world.node("s").ballots.vote(ballotId, "yes");
  const { ballots: alone } = world.node("z", { members: () => Promise.resolve([]) });
  await assert.rejects(
    alone.propose("t", CHOICES, IN_A_MINUTE),
    ballotRefusal(BallotRefusal.NO_ELECTORS),
  );
});

Deno.test("Ballots propose refuses when as many ballots are open as a cluster may have", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await world.test.raw.set([...PREFIX, "open-count"], new Deno.KvU64(999n));
  const { ballotId } = await ballots.propose("t", CHOICES, { ...IN_A_MINUTE, electors: ["a"] });
  await assert.rejects(
    ballots.propose("u", CHOICES, IN_A_MINUTE),
    ballotRefusal(BallotRefusal.TOO_MANY_OPEN),
  );
  await ballots.vote(ballotId, "yes");
  await ballots.propose("u", CHOICES, IN_A_MINUTE);
});

Deno.test("Ballots propose with an aborted signal writes nothing", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(ballots.propose("t", CHOICES, { ...IN_A_MINUTE, signal }), reason);
  assert.equal(handle.reads + handle.sent.length, 0);
});

Deno.test("Ballots openBallots yields each open ballot on which the node may vote, once", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: b, handle } = world.node("b");
  const ask = (ballotId: string, electors: string[]) =>
    a.propose("t", CHOICES, { ...IN_A_MINUTE, ballotId, electors });
  await ask("2-mine", ["a", "b", "c"]);
  await ask("1-mine", ["a", "b", "c"]);
  await ask("3-foreign", ["a", "c"]);
  await ask("4-voted", ["a", "b", "c"]);
  await b.vote("4-voted", "yes");
  const controller = new AbortController();
  const seen: string[] = [];
  const loop = (async () => {
    for await (const { ballotId } of b.openBallots({ signal: controller.signal })) {
      seen.push(ballotId);
      if (ballotId === "1-mine") await b.vote(ballotId, "yes");
    }
  })();
  await world.test.settle();
  assert.deepEqual(seen, ["1-mine", "2-mine"]);
  handle.onRead(connectionRefused, { times: 3 });
  await ask("0-later", ["b"]);
  await world.test.clock.advance(3_000);
  assert.deepEqual(seen, ["1-mine", "2-mine", "0-later"]);
  controller.abort();
  await world.test.until(loop);
});

Deno.test("Ballots vote on a ballot that openBallots gave costs one commit and one look", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const { ballotId } = await ballots.propose("t", CHOICES, IN_A_MINUTE);
  for await (const _ of ballots.openBallots()) break;
  const before = { reads: handle.reads, sent: handle.sent.length };
  await ballots.vote(ballotId, "yes");
  assert.deepEqual([handle.reads - before.reads, handle.sent.length - before.sent], [1, 1]);
  assert.ok(handle.sent.at(-1)!.checks.length <= 2, "fits the smallest store (T10)");
});

Deno.test("Ballots vote is refused for a remembered ballot that was decided since", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: c } = world.node("c");
  const { ballotId } = await a.propose("t", CHOICES, IN_A_MINUTE);
  for await (const _ of c.openBallots()) break;
  await a.vote(ballotId, "yes");
  await world.node("b").ballots.vote(ballotId, "yes");
  await assert.rejects(c.vote(ballotId, "no"), refusal(VoteRefusal.DECIDED, ballotId));
  assert.equal((await a.recount(ballotId)).counted.voters, 2);
});

Deno.test("Ballots refuses what is no id of a ballot at once, before it asks the store", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const calls: Record<string, (id: string) => Promise<unknown>> = {
    vote: (id) => ballots.vote(id, "yes"),
    abstain: (id) => ballots.abstain(id),
    getBallot: (id) => ballots.getBallot(id),
    decided: (id) => ballots.decided(id),
    recount: (id) => ballots.recount(id),
    certificate: (id) => ballots.certificate(id),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const id of [undefined, null, NaN, "", {}, 1n, "a\nb"]) {
      const refused = { name: "TypeError", message: /^ballotId must be a text/ };
      await assert.rejects(call(id as string), refused, name);
    }
    await assert.rejects(call("x".repeat(257)), { name: "RangeError" }, name);
  }
  assert.deepEqual([handle.reads, world.test.clock.sleeperCount], [0, 0]);
});

Deno.test("Ballots counts no vote after the deadline as the voter's node sees it", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: b } = world.node("b");
  const ask = { deadlineMs: 100, electors: ["a", "b"] };
  const { ballotId } = await a.propose("late?", CHOICES, ask);
  for await (const _ of b.openBallots()) break;
  await world.test.clock.advance(1_400);
  await assert.rejects(b.vote(ballotId, "yes"), refusal(VoteRefusal.DECIDED, ballotId));
  await assert.rejects(a.abstain(ballotId), refusal(VoteRefusal.DECIDED, ballotId));
  const { outcome } = (await a.getBallot(ballotId))!;
  assert.deepEqual([outcome?.tally.voters, outcome?.reason], [0, "no_quorum"]);
  const { ballotId: unseen } = await a.propose("late?", CHOICES, ask);
  await world.test.clock.advance(1_400);
  await b.vote(unseen, "yes");
  assert.equal((await b.getBallot(unseen))?.status, BallotStatus.OPEN, "b has just seen it");
});

Deno.test("Ballots carryOn costs one read when nothing is open, and now and then three more", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  await ballots.carryOn();
  const before = handle.reads;
  for (let i = 0; i < 10; i++) await ballots.carryOn();
  assert.deepEqual([handle.reads - before, handle.sent.length], [10, 0]);
});

Deno.test("Ballots carryOn looks after every open ballot in turn, a bounded number at a time", async () => {
  await using world = await BallotWorld.open();
  const { ballots: a } = world.node("a");
  const { ballots: leader } = world.node("l");
  for (let i = 0; i < 150; i++) {
    await a.propose("t", CHOICES, { deadlineMs: 1_000, ballotId: `b-${i}`, electors: ["a"] });
  }
  await leader.carryOn();
  await leader.carryOn();
  await world.test.clock.advance(1_000);
  await leader.carryOn();
  assert.equal(leader.getMetrics().decided, 100);
  await leader.carryOn();
  assert.equal(leader.getMetrics().decided, 150);
  assert.equal(await openCount(world), 0n);
  assert.equal(
    (await leader.listBallots({ status: BallotStatus.DECIDED, limit: 120 })).length,
    120,
  );
});

Deno.test("Ballots listing skips what it cannot read, counts it, and reading it names the key", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("t", CHOICES, { ...IN_A_MINUTE, ballotId: "good" });
  await ballots.propose("t", CHOICES, { ...IN_A_MINUTE, ballotId: "bad" });
  await world.test.raw.set([...PREFIX, "ballot", "bad"], { v: 2 });
  const ids = async () => (await ballots.listBallots()).map(({ ballotId }: Ballot) => ballotId);
  assert.deepEqual(await ids(), ["good"]);
  assert.equal(ballots.getMetrics().corruptRecords, 1);
  await assert.rejects(ballots.getBallot("bad"), {
    code: "CORRUPT_RECORD",
    key: [...PREFIX, "ballot", "bad"],
  });
  await ballots.carryOn();
  assert.equal(ballots.getMetrics().corruptRecords, 2);
  await assert.rejects(ballots.listBallots({ limit: 0 }), RangeError);
});
