import assert from "node:assert/strict";
import { gatherFacts, phaseOf } from "../../../orchestration/recovery/gather_facts.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type {
  RecoveryCluster,
  RecoveryEnvironment,
  RecoveryMember,
} from "../../../orchestration/recovery/recovery_environment.ts";
import { addPause } from "../../../orchestration/recovery/recovery_pause.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { NOW_MS } from "./recovery_fixtures.ts";

function environment(cluster: RecoveryCluster | null = null) {
  const faults: string[] = [];
  const clock = new FakeClock({ startWallMs: NOW_MS });
  const parts = {
    storage: new MemoryRecoveryStorage(),
    stateMachine: null,
    cluster: () => cluster,
    telemetry: { fault: (what: string) => void faults.push(what) },
    clock,
  };
  return { ...parts as unknown as RecoveryEnvironment, clock, faults };
}

function clusterOf(getNodes: () => Promise<readonly RecoveryMember[]>): RecoveryCluster {
  return { instanceId: "node-1", isLeader: true, getNodes };
}

const member = (status: string, healthScore: number | null): RecoveryMember => ({
  status,
  healthScore,
});

Deno.test("gatherFacts knows of nothing that is not there", async () => {
  assert.deepEqual(await gatherFacts(environment(), { isLeader: false, nowMs: NOW_MS }), {
    leading: null,
    phase: null,
    phase_fault: null,
    alive_share: null,
    healthy_share: null,
    pause: null,
  });
});

Deno.test("gatherFacts tells how many members are alive and well, to the leader", async () => {
  const cases: [
    name: string,
    members: RecoveryMember[],
    alive: number | null,
    well: number | null,
  ][] = [
    ["nobody", [], null, null],
    ["all well", [member("alive", 1), member("alive", 0.5)], 1, 1],
    ["one suspect", [member("alive", 1), member("suspect", 1)], 0.5, 0.5],
    ["one silent about its health", [member("alive", 1), member("alive", null)], 1, 0.5],
    ["one unwell", [member("alive", 0.49), member("alive", 1)], 1, 0.5],
    ["a health of no number", [member("alive", NaN), member("dead", 1)], 0.5, 0],
  ];
  for (const [name, members, alive_share, healthy_share] of cases) {
    const given = environment(clusterOf(() => Promise.resolve(members)));
    const facts = await gatherFacts(given, { isLeader: true, nowMs: NOW_MS });
    assert.deepEqual([facts.alive_share, facts.healthy_share], [alive_share, healthy_share], name);
    assert.equal(facts.leading, true);
    const follower = await gatherFacts(given, { isLeader: false, nowMs: NOW_MS });
    assert.deepEqual([follower.alive_share, follower.leading], [null, false], name);
  }
});

Deno.test("gatherFacts rejects when the members cannot be read: no limit is skipped for that", async () => {
  const given = environment(clusterOf(() => Promise.reject(new Error("no store"))));
  const asked = gatherFacts(given, { isLeader: true, nowMs: NOW_MS });
  await assert.rejects(asked, { message: "no store" });
});

Deno.test("gatherFacts tells of all pauses, and rejects when nobody knows of any", async () => {
  const given = environment();
  await addPause(given.storage, { reason: "upgrade", actor: "kim" }, NOW_MS);
  const options = { isLeader: false, nowMs: NOW_MS };
  assert.equal((await gatherFacts(given, options)).pause, "upgrade (kim)");
  await addPause(given.storage, { reason: "test", actor: "lee", expiresInMs: 1_000 }, NOW_MS);
  const pause = (await gatherFacts(given, options)).pause!.split("; ").sort();
  assert.deepEqual(pause, ["test (lee, until 2026-11-21T13:00:01.000Z)", "upgrade (kim)"]);
  const storage = { list: () => Promise.reject(new Error("no store")) };
  const blind = { ...given, storage: storage as unknown as RecoveryEnvironment["storage"] };
  await assert.rejects(gatherFacts(blind, options), { message: "no store" });
});

Deno.test("gatherFacts lets a pause hold as long as either clock says so", async () => {
  const given = environment();
  const pause = { reason: "upgrade", actor: "kim", expiresInMs: 1_000 };
  await addPause(given.storage, pause, NOW_MS);
  const pausedAt = async (nowMs: number) =>
    (await gatherFacts(given, { isLeader: false, nowMs })).pause !== null;
  assert.equal(await pausedAt(NOW_MS + 1_000), true, "the ledger's clock is ahead");
  given.clock.jumpWall(1_000);
  assert.equal(await pausedAt(NOW_MS), true, "the wall clock is ahead");
  assert.equal(await pausedAt(NOW_MS + 1_000), false);
});

Deno.test("phaseOf tells the phase, or why it is not known", () => {
  const cases: [name: string, answer: () => unknown, phase: string | null, fault: string | null][] =
    [
      ["a text", () => "LAUNCH", "LAUNCH", null],
      ["a value", () => ({ value: "LAUNCH" }), "LAUNCH", null],
      ["a name of every object", () => "__proto__", "__proto__", null],
      ["nothing", () => "", null, "the state machine answered with string"],
      ["a number as value", () => ({ value: 3 }), null, "the state machine answered with number"],
      ["a number", () => 3, null, "the state machine answered with number"],
      ["null", () => null, null, "the state machine answered with object"],
      ["undefined", () => undefined, null, "the state machine answered with undefined"],
      ["a promise", () => Promise.resolve("X"), null, "the state machine answered with object"],
      [
        "an error",
        () => {
          throw new Error("stuck");
        },
        null,
        "Error: stuck",
      ],
      [
        "a value that throws",
        () => ({
          get value() {
            throw new Error("stuck");
          },
        }),
        null,
        "Error: stuck",
      ],
    ];
  for (const [name, getCurrentPhase, phase, phase_fault] of cases) {
    assert.deepEqual(phaseOf({ stateMachine: { getCurrentPhase } }), { phase, phase_fault }, name);
  }
  const unfit = {} as { getCurrentPhase(): unknown };
  assert.match(phaseOf({ stateMachine: unfit }).phase_fault!, /^TypeError: /);
});
