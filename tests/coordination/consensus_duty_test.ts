import assert from "node:assert/strict";
import { clusterKeys, readCluster, sightings } from "../../coordination/cluster_snapshot.ts";
import { ConsensusDuty, type ConsensusDutyOptions } from "../../coordination/consensus_duty.ts";
import { MemberObserver } from "../../coordination/member_observer.ts";
import { keyId } from "../../coordination/pulse_batch.ts";
import { candidate, TERM_KEY } from "../support/candidates.ts";
import { connectionRefused, hang, lostReply } from "../support/faults.ts";
import { WELL, writeMember } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";

const keys = clusterKeys("default");
const ILL = { circuit_breaker_state: "OPEN", fallback_mode: "SAFE" };

/** A leader "a" with the duty to decide each 300 ms, about members that the test writes. */
async function setUp(test: TestStore, options: Partial<ConsensusDutyOptions> = {}) {
  const a = candidate(test, "a");
  const term = (await a.election.tryAcquire())!;
  const { store, pulse } = a.shared;
  const told: string[] = [];
  const observer = new MemberObserver(test.clock, { suspectAfterMissed: 3, deadAfterMissed: 4 });
  observer.observe([]);
  const duty = new ConsensusDuty({
    term,
    keys,
    store,
    observer,
    look: async (timeoutMs) => {
      const snapshot = await readCluster(store, keys, { timeoutMs });
      observer.observe(sightings(snapshot.members));
      return snapshot;
    },
    heartbeatMs: 300,
    attemptTimeoutMs: 150,
    evictAfterMs: 3_000,
    quorumThreshold: 0.5,
    expectedMembers: undefined,
    events: {
      malformedVote: () => told.push("malformed"),
      decided: (decision) => told.push(`decided ${decision.reason ?? "well"}`),
      evicted: (instanceId) => told.push(`evicted ${instanceId}`),
      failed: (error) => told.push(`failed ${error}`),
    },
    ...options,
  });
  pulse.add(duty);
  const dispose = async () => {
    await test.until(pulse.remove(duty));
    await a[Symbol.asyncDispose]();
  };
  return { ...a, term, pulse, duty, told, [Symbol.asyncDispose]: dispose };
}

/** Lets members write their votes, and the leader decide once. */
async function decide(
  test: TestStore,
  leader: Awaited<ReturnType<typeof setUp>>,
  votes: Record<string, unknown> = {},
) {
  for (const [instanceId, vote] of Object.entries(votes)) {
    await writeMember(test.raw, { instanceId, vote, heartbeatMs: 300 });
  }
  await test.clock.advance(1);
  await test.until(leader.pulse.beat(leader.duty));
  return (await test.read(keys.decision))!;
}

Deno.test("ConsensusDuty publishes what the members vote, under its term", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  const { nonce, ...decision } = await decide(test, leader, { a: WELL, b: WELL, c: ILL });
  assert.equal(typeof nonce, "string");
  assert.deepEqual(decision, {
    v: 1,
    circuit_state: "CLOSED",
    fallback_mode: "PRIMARY",
    leader_instance: "a",
    quorum_met: true,
    voting_instances: 3,
    registered_instances: 3,
    consensus_strength: 2 / 3,
    term: 1,
    reason: null,
    suspect: [],
    dead: [],
    writtenAt: "2026-01-01T00:00:00.001Z",
  });
  assert.deepEqual(leader.told, ["decided well"]);
});

Deno.test("ConsensusDuty decides once an interval, by itself", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  await writeMember(test.raw, { instanceId: "a" });
  await test.clock.advance(3_050);
  assert.equal(leader.told.filter((event) => event.startsWith("decided")).length, 10);
});

Deno.test("ConsensusDuty counts the quorum against the membership, not the votes present (F1)", async () => {
  const cases: {
    name: string;
    options?: Partial<ConsensusDutyOptions>;
    votes: Record<string, unknown>;
    corrupt?: number;
    registered: number;
    reason: string | null;
  }[] = [
    { name: "all vote", votes: { a: WELL, b: WELL }, registered: 2, reason: null },
    { name: "half vote", votes: { a: WELL, b: null }, registered: 2, reason: "no_quorum" },
    { name: "nobody votes", votes: { a: null, b: null }, registered: 2, reason: "no_votes" },
    {
      name: "more are expected than registered",
      options: { expectedMembers: 5 },
      votes: { a: WELL, b: WELL },
      registered: 5,
      reason: "no_quorum",
    },
    {
      name: "fewer are expected than registered",
      options: { expectedMembers: 1 },
      votes: { a: WELL, b: null, c: null },
      registered: 3,
      reason: "no_quorum",
    },
    {
      name: "a higher threshold",
      options: { quorumThreshold: 1 },
      votes: { a: WELL, b: WELL, c: null },
      registered: 3,
      reason: "no_quorum",
    },
    {
      name: "members whose records cannot be read keep their places",
      votes: { a: WELL },
      corrupt: 2,
      registered: 3,
      reason: "no_quorum",
    },
    { name: "a split", votes: { a: WELL, b: ILL }, registered: 2, reason: "split" },
  ];
  for (const { name, options, votes, corrupt = 0, registered, reason } of cases) {
    using test = await TestStore.open();
    await using leader = await setUp(test, options);
    for (let i = 0; i < corrupt; i++) await test.raw.set([...keys.members, `odd${i}`], "by hand");
    const decision = await decide(test, leader, votes);
    assert.equal(decision["registered_instances"], registered, name);
    assert.equal(decision["reason"], reason, name);
  }
});

Deno.test("ConsensusDuty lets a malformed vote abstain, and tells of it (F13)", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  const decision = await decide(test, leader, {
    a: WELL,
    b: ["odd"],
    c: { fallback_mode: "TURBO" },
  });
  assert.equal(decision["voting_instances"], 1);
  assert.equal(decision["reason"], "no_quorum");
  assert.equal(leader.told.filter((event) => event === "malformed").length, 2);
});

Deno.test("ConsensusDuty holds the mode that was agreed on before while the votes are split (F15)", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  const heuristic = { circuit_breaker_state: "OPEN", fallback_mode: "HEURISTIC" };
  const agreed = await decide(test, leader, { a: heuristic, b: heuristic });
  assert.equal(agreed["fallback_mode"], "HEURISTIC");
  const split = await decide(test, leader, { a: WELL, b: ILL });
  assert.deepEqual([split["circuit_state"], split["fallback_mode"]], ["SPLIT_BRAIN", "HEURISTIC"]);
});

Deno.test("ConsensusDuty of a new leader holds the mode that its predecessor published", async () => {
  using test = await TestStore.open();
  {
    await using leader = await setUp(test);
    const heuristic = { circuit_breaker_state: "OPEN", fallback_mode: "HEURISTIC" };
    await decide(test, leader, { a: heuristic, b: heuristic });
  }
  await using next = await setUp(test);
  const split = await decide(test, next, { a: WELL, b: ILL });
  assert.deepEqual([split["term"], split["fallback_mode"]], [2, "HEURISTIC"]);
});

Deno.test("ConsensusDuty publishes who is suspect and who is dead, and counts only the votes of the living", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  await decide(test, leader, { a: WELL, b: ILL, c: ILL });
  const lists: unknown[] = [];
  for (let beat = 0; beat < 4; beat++) {
    await test.clock.advance(299);
    const decision = await decide(test, leader, beat < 1 ? { a: WELL, b: ILL } : { a: WELL });
    lists.push([decision["suspect"], decision["dead"], decision["voting_instances"]]);
  }
  assert.deepEqual(lists, [
    [[], [], 3],
    [[], [], 3],
    [["c"], [], 2],
    [["b"], ["c"], 1],
  ]);
});

Deno.test("ConsensusDuty evicts a member that was dead for long, in the commit of a decision, under the fence", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test, { evictAfterMs: 2_000 });
  await writeMember(test.raw, { instanceId: "gone", heartbeatMs: 300 });
  const goes = async () => (await test.raw.get([...keys.members, "gone"])).versionstamp === null;
  for (let passedMs = 0; passedMs < 1_900; passedMs += 100) {
    await writeMember(test.raw, { instanceId: "a", heartbeatMs: 300 });
    await test.clock.advance(100);
    assert.equal(await goes(), false, `after ${passedMs} ms`);
  }
  await writeMember(test.raw, { instanceId: "a", heartbeatMs: 300 });
  await test.clock.advance(600);
  assert.equal(await goes(), true);
  assert.deepEqual(leader.told.filter((event) => event.startsWith("evicted")), ["evicted gone"]);
  const eviction = leader.handle.sent.find(({ deletes }) => deletes.length > 0)!;
  const { key, versionstamp } = leader.term.check;
  const fence = eviction.checks.find((check) => keyId(check.key) === keyId(key));
  assert.equal(fence?.versionstamp, versionstamp);
  assert.ok(eviction.sets.some(({ key }) => key.at(-1) === "decision"));
});

Deno.test("ConsensusDuty of a deposed leader publishes nothing and evicts nobody", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test, { evictAfterMs: 1_200 });
  await writeMember(test.raw, { instanceId: "gone", heartbeatMs: 300 });
  await test.clock.advance(1_000);
  const before = await test.raw.get(keys.decision);
  await test.raw.set(TERM_KEY, { ...(await test.read(TERM_KEY))!, term: 2, holderId: "b" });
  await test.clock.advance(2_000);
  assert.equal((await test.raw.get(keys.decision)).versionstamp, before.versionstamp);
  assert.notEqual((await test.raw.get([...keys.members, "gone"])).versionstamp, null);
  assert.ok(!leader.told.some((event) => event.startsWith("evicted")));
});

Deno.test("ConsensusDuty leaves a decision out that it cannot prepare in time, and renewals do not suffer", async () => {
  for (const fault of [connectionRefused, hang]) {
    using test = await TestStore.open();
    await using leader = await setUp(test);
    await writeMember(test.raw, { instanceId: "a" });
    leader.handle.onRead(fault, { times: Infinity });
    await test.clock.advance(3_000);
    leader.handle.heal();
    assert.equal(leader.term.isValid(), true);
    assert.equal(await test.read(keys.decision), null);
    assert.match(leader.told[0]!, /^failed StoreUnavailableError: Cannot list/);
    await test.clock.advance(600);
    assert.notEqual(await test.read(keys.decision), null);
  }
});

Deno.test("ConsensusDuty knows its decision again when the answer is lost (T2)", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  leader.handle.onCommit(lostReply);
  await decide(test, leader, { a: WELL });
  assert.deepEqual(leader.told, ["decided well"]);
});

Deno.test("ConsensusDuty publishes by a write that cannot be done again: it checks what it replaces", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test);
  await decide(test, leader, { a: WELL });
  await leader.duty.prepare();
  const { checks, sets } = leader.duty.contribute("again")!;
  const write = async () => {
    const operation = test.raw.atomic().check(...checks);
    for (const { key, value } of sets) operation.set(key, value);
    return (await operation.commit()).ok;
  };
  assert.equal(await write(), true);
  assert.equal(await write(), false);
});

Deno.test("ConsensusDuty replaces what stands there, its own or not, while its term does", async () => {
  for (const foreign of ["by hand", { v: 1, term: 9 }]) {
    using test = await TestStore.open();
    await using leader = await setUp(test);
    await test.raw.set(keys.decision, foreign);
    const decision = await decide(test, leader, { a: WELL });
    assert.equal(decision["leader_instance"], "a");
  }
});

Deno.test("ConsensusDuty evicts at most a hundred members at once", async () => {
  using test = await TestStore.open();
  await using leader = await setUp(test, { evictAfterMs: 4_000 });
  for (let i = 0; i < 120; i++) {
    await writeMember(test.raw, { instanceId: `m${i}`, heartbeatMs: 300 });
  }
  await test.clock.advance(10_000);
  const deletes = leader.handle.sent.map((sent) => sent.deletes.length).filter((count) =>
    count > 0
  );
  assert.deepEqual(deletes, [100, 20]);
});
