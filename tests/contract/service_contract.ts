import assert from "node:assert/strict";
import type { Coordinator } from "../../coordination/coordinator.ts";
import type { ServiceOptions } from "../../coordination/service_options.ts";
import type { Claim } from "../../coordination/work/claim.ts";
import type { ServiceWorld } from "./service_world.ts";

/** A coordinator to be held to the contract, and the time it lives in. */
export interface ServicesUnderTest {
  readonly node: Coordinator;
  readonly world: ServiceWorld;
}

/** What a coordinator is made with. */
export interface ServicesMakerOptions extends ServiceOptions {
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is tested: makes a coordinator called "node", alone in its world, and shuts it down. */
export interface ServicesMaker {
  readonly name: string;
  with(
    options: ServicesMakerOptions,
    test: (made: ServicesUnderTest) => Promise<void>,
  ): Promise<void>;
}

const CHOICES = ["yes", "no"];
const IN_A_MINUTE = { deadlineMs: 60_000 };

/** Every method, as somebody would call it. */
const CALLS: Record<string, (node: Coordinator) => Promise<unknown>> = {
  "propose": (node) => node.propose("Go?", CHOICES, IN_A_MINUTE),
  "vote": (node) => node.vote("b", "yes"),
  "abstain": (node) => node.abstain("b"),
  "read a ballot": (node) => node.getBallot("b"),
  "list ballots": (node) => node.listBallots(),
  "await a decision": (node) => node.decided("b"),
  "follow ballots": (node) => node.openBallots().next(),
  "recount": (node) => node.recount("b"),
  "certify": (node) => node.certificate("b"),
  "assign work": (node) => node.assignWork({ payload: 1 }),
  "take work": (node) => node.work().next(),
  "read work": (node) => node.getWork("w"),
  "list work": (node) => node.listWork(),
  "drive work again": (node) => node.redriveWork("w"),
  "drop work": (node) => node.dropWork("w"),
  "count work": (node) => node.backlog(),
};

/** A loop that takes work, whose claims a test asks for. */
class Worker {
  readonly #stop = new AbortController();
  readonly #claims: AsyncGenerator<Claim, void, undefined>;
  readonly #world: ServiceWorld;
  #next: Promise<IteratorResult<Claim, void>>;

  constructor({ node, world }: ServicesUnderTest) {
    this.#world = world;
    this.#claims = node.work({ signal: this.#stop.signal });
    this.#next = this.#claims.next();
  }

  async next(): Promise<Claim> {
    const { value } = await this.#world.until(this.#next);
    if (!value) throw new Error("the loop has ended");
    this.#next = this.#claims.next();
    return value;
  }

  /** Whether the loop ends now. */
  async hasEnded(): Promise<boolean> {
    return (await this.#world.until(this.#next)).done === true;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#world.until(this.#next);
  }
}

/** The obligations of every coordinator about ballots and work, as tests. */
export function testServices(maker: ServicesMaker): void {
  const test = (
    name: string,
    run: (made: ServicesUnderTest) => Promise<void>,
    options: ServicesMakerOptions = {},
  ) =>
    Deno.test(`${maker.name} ${name}`, () =>
      maker.with(options, async (made) => {
        await made.world.until(made.node.startup());
        await run(made);
        await made.world.until(made.node.shutdown());
        assert.equal(made.world.clock.sleeperCount, 0, "something still sleeps");
      }));

  testLifecycle(maker, test);
  testBallots(test);
  testWork(test);
  testLimits(test);
}

type Test = (
  name: string,
  run: (made: ServicesUnderTest) => Promise<void>,
  options?: ServicesMakerOptions,
) => void;

function testLifecycle(maker: ServicesMaker, test: Test): void {
  const refusesAll = async ({ node, world }: ServicesUnderTest) => {
    for (const [operation, call] of Object.entries(CALLS)) {
      await assert.rejects(world.until(call(node)), {
        name: "NotRunningError",
        code: "NOT_RUNNING",
        message: `Cannot ${operation}: the coordinator is not running, call startup() first`,
      });
    }
  };

  Deno.test(`${maker.name} refuses ballots and work before startup and after shutdown`, () =>
    maker.with({}, async (made) => {
      await refusesAll(made);
      assert.deepEqual([made.node.getMetrics().ballots, made.node.getMetrics().work], [null, null]);
      await made.world.until(made.node.startup());
      await made.world.until(made.node.shutdown());
      await refusesAll(made);
    }));

  test("ends every wait and every loop with the shutdown", async ({ node, world }) => {
    const { ballotId } = await world.until(
      node.propose("Go?", CHOICES, { ...IN_A_MINUTE, electors: ["node", "other"] }),
    );
    const ballots = node.openBallots();
    assert.equal((await world.until(ballots.next())).value?.ballotId, ballotId);
    const nextBallot = ballots.next();
    const idle = new Worker({ node, world });
    const decided = node.decided(ballotId);
    const shutdown = Promise.allSettled([decided, node.shutdown()]);
    const [outcome] = await world.until(shutdown, 2_000);
    assert.equal(outcome.status, "rejected");
    assert.equal(outcome.status === "rejected" && outcome.reason.name, "AbortError");
    assert.equal((await world.until(nextBallot)).done, true);
    assert.equal(await idle.hasEnded(), true);
    assert.equal(world.clock.sleeperCount, 0);
  });

  test("ends loops whose bodies are being run, without waiting for the bodies", async ({ node, world }) => {
    await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
    const ballots = node.openBallots();
    const work = node.work({ maxClaims: 2 });
    await world.until(ballots.next());
    const claimed = work.next();
    await world.until(node.assignWork({ payload: 1, id: "a" }));
    const { value: claim } = await world.until(claimed);
    await world.until(claim!.complete());
    await world.until(node.shutdown(), 2_000);
    assert.equal(world.clock.sleeperCount, 0, "before the bodies ask for more");
    assert.equal((await work.next()).done, true);
    assert.equal((await ballots.next()).done, true);
  });

  test("ends the claims that are still held when it shuts down", async ({ node, world }) => {
    const claimed = node.work().next();
    await world.until(node.assignWork({ id: "w", payload: 1, claimMs: 86_400_000 }));
    const claim = (await world.until(claimed)).value!;
    await world.until(node.shutdown(), 2_000);
    assert.deepEqual([claim.isValid(), claim.signal.aborted], [false, true]);
    assert.equal(world.clock.sleeperCount, 0);
  });

  test("is not disturbed by loops that nobody runs, or that are made before the startup", async ({ node, world }) => {
    node.openBallots();
    node.work();
    await world.until(node.shutdown());
    const work = node.work();
    await world.until(node.startup());
    const claimed = work.next();
    await world.until(node.assignWork({ payload: 1 }));
    await world.until((await world.until(claimed)).value!.complete());
    await world.until(work.return());
  });

  test("serves again after another startup, and counts anew", async (made) => {
    const { node, world } = made;
    for (const run of [1, 2]) {
      const { ballotId } = await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
      await world.until(node.vote(ballotId, "yes"));
      const worker = new Worker(made);
      assert.equal(await world.until(node.assignWork({ payload: run, id: `w${run}` })), "node");
      await world.until((await worker.next()).complete());
      await worker.stop();
      const { ballots, work } = node.getMetrics();
      assert.deepEqual([ballots?.opened, ballots?.votes, ballots?.decided], [1, 1, 1], `${run}`);
      assert.deepEqual([work?.assigned, work?.completed], [1, 1], `${run}`);
      await world.until(node.shutdown());
      assert.deepEqual(node.getMetrics().work, work, "figures stay readable after a shutdown");
      await world.until(node.startup());
    }
  });

  test("serves many that ask at the same time", async ({ node, world }) => {
    const asked = Promise.all([
      node.backlog(),
      node.listBallots(),
      node.listWork(),
      node.propose("Go?", CHOICES, { ...IN_A_MINUTE, ballotId: "b" }),
    ]);
    const [backlog, ballots, work] = await world.until(asked);
    assert.deepEqual([backlog, ballots, work], [0, [], []]);
    assert.equal((await world.until(node.getBallot("b")))?.topic, "Go?");
  });
}

function testBallots(test: Test): void {
  test("decides a ballot by its votes, once, and can prove it", async ({ node, world }) => {
    const opened = await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
    const { ballotId } = opened;
    assert.deepEqual([opened.status, opened.electors, opened.proposer], ["open", 1, "node"]);
    const [open] = await world.until(node.listBallots({ status: "open" }));
    assert.equal(open?.ballotId, ballotId);
    await assert.rejects(world.until(node.recount(ballotId)), {
      name: "BallotRefusedError",
      reason: "not_decided",
    });
    await world.until(node.vote(ballotId, "yes"));
    await world.until(node.vote(ballotId, "yes"));
    const { outcome, status } = await world.until(node.decided(ballotId));
    assert.deepEqual([status, outcome?.choice, outcome?.reason], ["decided", "yes", null]);
    assert.deepEqual(await world.until(node.listBallots({ status: "open" })), []);
    const recount = await world.until(node.recount(ballotId));
    assert.equal(recount.isEqual, true);
    const certificate = await world.until(node.certificate(ballotId));
    assert.equal(certificate.isConsistent(), true);
    assert.deepEqual(certificate.votes.map((vote) => [vote.instanceId, vote.choice]), [
      ["node", "yes"],
    ]);
  });

  test("counts an abstention", async ({ node, world }) => {
    const { ballotId } = await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
    await world.until(node.abstain(ballotId));
    const { outcome } = await world.until(node.decided(ballotId));
    assert.deepEqual([outcome?.choice, outcome?.reason], [null, "no_majority"]);
  });

  test("refuses votes that are late, foreign or for nothing", async ({ node, world }) => {
    const own = await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
    const foreign = await world.until(
      node.propose("Go?", CHOICES, { ...IN_A_MINUTE, electors: ["other"] }),
    );
    const refusal = (reason: string) => ({
      name: "VoteRefusedError",
      code: "VOTE_REFUSED",
      reason,
    });
    await assert.rejects(world.until(node.vote(own.ballotId, "maybe")), refusal("unknown_choice"));
    await assert.rejects(world.until(node.vote("none", "yes")), refusal("unknown_ballot"));
    const notOurs = world.until(node.vote(foreign.ballotId, "yes"));
    await assert.rejects(notOurs, refusal("not_an_elector"));
    await world.until(node.vote(own.ballotId, "yes"));
    const otherwise = await world.until(
      node.vote(own.ballotId, "no").then(() => null, (error) => error),
    );
    assert.ok(["already_voted", "decided"].includes(otherwise?.reason), String(otherwise));
    const late = await world.until(
      node.propose("Late?", CHOICES, { deadlineMs: 100, electors: ["node", "other"] }),
    );
    await world.until(node.decided(late.ballotId));
    await assert.rejects(world.until(node.vote(late.ballotId, "yes")), refusal("decided"));
    const { refused } = node.getMetrics().ballots!;
    assert.deepEqual([refused.unknown_choice, refused.not_an_elector, refused.decided >= 1], [
      1,
      1,
      true,
    ]);
  });

  test("shows the open ballots on which it may vote, each once", async ({ node, world }) => {
    const stop = new AbortController();
    const ballots = node.openBallots({ signal: stop.signal });
    const first = ballots.next();
    await world.until(node.propose("A?", CHOICES, { ...IN_A_MINUTE, electors: ["other"] }));
    const own = await world.until(node.propose("B?", CHOICES, IN_A_MINUTE));
    assert.equal((await world.until(first)).value?.ballotId, own.ballotId);
    const second = ballots.next();
    const other = await world.until(node.propose("C?", CHOICES, IN_A_MINUTE));
    assert.equal((await world.until(second)).value?.ballotId, other.ballotId);
    const none = ballots.next();
    stop.abort();
    assert.equal((await world.until(none)).done, true);
  });

  test("decides at the deadline although nobody waits", async ({ node, world }) => {
    const { ballotId } = await world.until(
      node.propose("Go?", CHOICES, { deadlineMs: 1_000, electors: ["node", "x", "y"] }),
    );
    await world.until(node.vote(ballotId, "yes"));
    await world.time.advance(12_000);
    const ballot = await world.until(node.getBallot(ballotId));
    assert.deepEqual([ballot?.status, ballot?.outcome?.choice, ballot?.outcome?.reason], [
      "decided",
      null,
      "no_quorum",
    ]);
  });

  test("ends a wait with the caller's signal", async ({ node, world }) => {
    const { ballotId } = await world.until(
      node.propose("Go?", CHOICES, { ...IN_A_MINUTE, electors: ["other"] }),
    );
    const why = new Error("enough");
    const stop = new AbortController();
    const decided = node.decided(ballotId, { signal: stop.signal });
    decided.catch(() => {});
    await world.time.advance(100);
    stop.abort(why);
    await assert.rejects(world.until(decided, 100), why);
  });
}

function testWork(test: Test): void {
  test("does work that is assigned to it, and records the result once", async (made) => {
    const { node, world } = made;
    const worker = new Worker(made);
    const item = { id: "w", payload: { page: 7 }, labels: { zone: "z" }, priority: 3 };
    assert.equal(await world.until(node.assignWork(item)), "node");
    assert.equal(await world.until(node.assignWork(item)), "node", "it is known by its id");
    assert.equal(await world.until(node.backlog()), 1);
    const claim = await worker.next();
    assert.deepEqual([claim.id, claim.payload, claim.attempt, claim.priority, claim.labels], [
      "w",
      { page: 7 },
      1,
      3,
      { zone: "z" },
    ]);
    await world.until(claim.renew({ progress: 0.5 }));
    const begun = await world.until(node.getWork("w"));
    assert.deepEqual([begun?.status, begun?.progress, begun?.assignee], ["claimed", 0.5, "node"]);
    await world.until(claim.complete({ ok: true }));
    await assert.rejects(world.until(claim.complete({ ok: false })), {
      name: "ClaimLostError",
      reason: "closed",
    });
    const done = await world.until(node.getWork("w"));
    assert.deepEqual([done?.status, done?.result, done?.attempt], ["completed", { ok: true }, 1]);
    assert.equal(await world.until(node.backlog()), 0);
    assert.equal(await world.until(node.getWork("none")), null);
    await worker.stop();
  }, { labels: { zone: "z" } });

  test("tries again what failed, and keeps what always fails as a dead letter", async (made) => {
    const { node, world } = made;
    const worker = new Worker(made);
    await world.until(node.assignWork({ id: "w", payload: 1, maxAttempts: 2, backoffMs: 500 }));
    for (const attempt of [1, 2]) {
      const claim = await worker.next();
      assert.equal(claim.attempt, attempt);
      await world.until(claim.fail(new Error(`no ${attempt}`)));
    }
    const [dead, ...others] = await world.until(node.listWork({ status: "dead" }));
    assert.deepEqual([dead?.id, dead?.error, others.length], ["w", "Error: no 2", 0]);
    assert.equal(await world.until(node.backlog()), 0);
    assert.equal(await world.until(node.redriveWork("w")), true);
    assert.equal(await world.until(node.redriveWork("w")), false, "it is not dead any more");
    const again = await worker.next();
    assert.equal(again.attempt, 1);
    await world.until(again.complete());
    const { failed, dead: given, completed } = node.getMetrics().work!;
    assert.deepEqual([failed, given, completed], [2, 1, 1]);
    await worker.stop();
  });

  test("drops a dead letter for good", async (made) => {
    const { node, world } = made;
    const worker = new Worker(made);
    await world.until(node.assignWork({ id: "w", payload: 1, maxAttempts: 1 }));
    assert.equal(await world.until(node.dropWork("w")), false, "it is not dead yet");
    await world.until((await worker.next()).fail("no"));
    assert.equal(await world.until(node.dropWork("w")), true);
    assert.equal(await world.until(node.getWork("w")), null);
    assert.equal(await world.until(node.dropWork("w")), false);
    await worker.stop();
  });

  test("says that it takes work while a loop runs, and is given none without", async (made) => {
    const { node, world } = made;
    const takes = async () => (await world.until(node.getNodes()))[0]?.takesWork;
    const refused = {
      name: "WorkRefusedError",
      code: "WORK_REFUSED",
      reason: "no_member",
      itemId: "w",
    };
    const item = { id: "w", payload: 1 };
    assert.equal(await takes(), false);
    await assert.rejects(world.until(node.assignWork(item)), refused);
    const [one, two] = [new Worker(made), new Worker(made)];
    await world.time.advance(10);
    assert.equal(await takes(), true);
    const labelled = node.assignWork({ ...item, labels: { zone: "z" } });
    await assert.rejects(world.until(labelled), refused);
    await one.stop();
    assert.equal(await takes(), true, "the other loop goes on");
    await two.stop();
    assert.equal(await takes(), false);
    await world.time.advance(5_000); // the leader reads the members anew
    await assert.rejects(world.until(node.assignWork(item)), refused);
    assert.equal(node.getMetrics().work?.refused, 3);
  });

  test("gives back what it claimed and did not hand out when its loop ends", async (made) => {
    const { node, world } = made;
    const work = node.work({ maxClaims: 3 });
    const first = work.next();
    const ids = ["a", "b", "c"];
    await world.until(Promise.all(ids.map((id) => node.assignWork({ id, payload: 1 }))));
    const claim = (await world.until(first)).value!;
    await world.until(work.return());
    const held = await world.until(node.listWork({ status: "claimed" }));
    assert.deepEqual(held.map(({ id }) => id), [claim.id]);
    await world.until(claim.complete());
    const again = new Worker(made);
    const seen = [claim.id];
    for (let i = 0; i < 2; i++) {
      const next = await again.next();
      assert.equal(next.attempt, 1, "what was given back counts as not begun");
      seen.push(next.id);
      await world.until(next.complete());
    }
    assert.deepEqual(seen.sort(), ids);
    await again.stop();
  });
}

function testLimits(test: Test): void {
  test("refuses work above the backlog it is given", async (made) => {
    const { node, world } = made;
    const worker = new Worker(made);
    await world.until(node.assignWork({ id: "a", payload: 1 }));
    const refused = { name: "WorkRefusedError", reason: "backlog_full" };
    await assert.rejects(world.until(node.assignWork({ payload: 2 })), refused);
    await world.until((await worker.next()).complete());
    assert.equal(await world.until(node.assignWork({ id: "b", payload: 2 })), "node");
    await world.until((await worker.next()).complete());
    await worker.stop();
  }, { work: { maxBacklog: 1 } });

  const keptFor = async (made: ServicesUnderTest) => {
    const { node, world } = made;
    const worker = new Worker(made);
    await world.until(node.assignWork({ id: "w", payload: 1 }));
    await world.until((await worker.next()).complete());
    await worker.stop();
    const { ballotId } = await world.until(node.propose("Go?", CHOICES, IN_A_MINUTE));
    await world.until(node.vote(ballotId, "yes"));
    await world.time.advance(200_000);
    return {
      work: await world.until(node.getWork("w")) !== null,
      ballot: await world.until(node.getBallot(ballotId)) !== null,
    };
  };
  test("keeps completed work and decided ballots for a day by default", async (made) => {
    assert.deepEqual(await keptFor(made), { work: true, ballot: true });
  });
  test("keeps completed work for as long as it is told", async (made) => {
    assert.deepEqual(await keptFor(made), { work: false, ballot: true });
  }, { work: { retainMs: 1_000 } });
  test("keeps decided ballots for as long as it is told", async (made) => {
    assert.deepEqual(await keptFor(made), { work: true, ballot: false });
    assert.equal(made.node.getMetrics().ballots?.removed, 1);
  }, { ballotRetainMs: 1_000 });
}
