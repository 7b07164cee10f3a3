import assert from "node:assert/strict";
import { freeze } from "../support/freeze.ts";
import { traced, waitFor } from "../support/recovery_effects.ts";
import { type RecoveryFiles, RecoveryWorld } from "../support/recovery_world.ts";
import type { Scenario } from "../support/scenario.ts";

const MEMBERS = ["a", "b", "c"];
/** A hand-over that waited for this one would take longer than any test waits. */
const LONG_LEASE_MS = 60_000;
/** As often as an action may take its leader with it. */
const INTERRUPTIONS_MAX = 3;

/** Nothing rests, nothing is held back: what is left is who does what, and how often. */
const QUICK = {
  poll_interval: 0.2,
  advanced: {
    escalation_failure_threshold: 1,
    verification_delay_seconds: 0.2,
    max_verification_attempts: 100,
    max_concurrent_actions: 2,
    max_actions_per_hour: 1_000,
    min_alive_share: 0,
  },
};

const policy = (steps: readonly object[], watch: object = {}) => ({
  severity_threshold: 0.5,
  escalation_chain: steps.map((step) => ({ timeout: 60, ...step })),
  ...watch,
});

const fileIsThere = (folder: string, file: string) => ({
  verify: { command: { argv: ["test", "-e", `${folder}/${file}`] } },
});

/** A service that is well as soon as a file is there. */
const service = (folder: string) => ({
  interval: 0.2,
  failure_threshold: 1,
  components: {
    web: { type: "command", command: ["test", "-e", `${folder}/well`] },
  },
});

/** The service is well half a second after its restart: time enough for another restart. */
const restartOfService = (folder: string): RecoveryFiles => ({
  policies: {
    ...QUICK,
    recovery_policies: { service_down: policy([{ action: "restart" }], { component: "web" }) },
    handlers: {
      restart: { ...traced(folder, "sleep 0.5; touch well"), verify: { component: "web" } },
    },
  },
  health: service(folder),
});

const chainOfTwo = (folder: string, prelude = ""): RecoveryFiles => ({
  policies: {
    ...QUICK,
    recovery_policies: { outage: policy([{ action: "first" }, { action: "second" }]) },
    handlers: {
      first: { ...traced(folder), ...fileIsThere(folder, "first-helped") },
      second: traced(folder, prelude + waitFor("second-may-end")),
    },
  },
});

async function restartsOnce(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, restartOfService);
  await world.touch("well");
  await world.startAll(MEMBERS);
  await Deno.remove(`${world.folder}/well`);
  const entry = await world.recorded("restart");
  await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs));
  const effects = await world.effects();
  assert.deepEqual(effects.map(({ action, attempt }) => [action, attempt]), [["restart", 1]]);
  assert.equal(effects[0]!.executionId, entry.id);
  assert.deepEqual((await world.history()).map(({ result, verified }) => [result, verified]), [
    ["success", true],
  ]);
}

async function goesOnInsideStep(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, chainOfTwo);
  await world.touch("first-helped");
  await world.startAll(MEMBERS);
  await world.tell("outage");
  const cut = await world.ran("second");
  world.ranBy(cut).kill("SIGKILL");
  const again = await world.ran("second", 2);
  await world.touch("second-may-end");
  await world.recorded("second");
  assert.equal(again.executionId, cut.executionId, "it was decided once");
  assert.ok(again.fence > cut.fence, "later fences compare greater");
  await assertChainIsDone(world, ["first 1", "second 1", "second 2"]);
}

async function goesOnInsideVerification(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, chainOfTwo);
  await world.touch("second-may-end");
  await world.startAll(MEMBERS);
  await world.tell("outage");
  const first = await world.ran("first");
  await world.until("the verification", async () => (await world.position()) === "verifying");
  world.ranBy(first).kill("SIGKILL");
  await world.touch("first-helped");
  const second = await world.ran("second");
  await world.recorded("second");
  assert.ok(second.fence > first.fence, "later fences compare greater");
  await assertChainIsDone(world, ["first 1", "second 1"]);
}

/** A program that does not end when it is asked to has to be killed before its leader leaves. */
const stubbornChain = (folder: string) => chainOfTwo(folder, 'trap "" TERM; ');

async function handsStepOver(storePath: string): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, LONG_LEASE_MS, stubbornChain);
  await world.touch("first-helped");
  await world.startAll(MEMBERS);
  await world.tell("outage");
  const cut = await world.ran("second");
  const leader = world.ranBy(cut);
  leader.kill("SIGTERM");
  const again = await world.ran("second", 2);
  await leader.ends();
  await world.until("the end of what the old leader ran", () => !isAlive(cut.pid));
  await world.touch("second-may-end");
  await world.recorded("second");
  assert.ok(again.fence > cut.fence, "later fences compare greater");
  await assertChainIsDone(world, ["first 1", "second 1", "second 2"]);
}

async function outlivesCluster(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, chainOfTwo);
  await world.touch("first-helped");
  await world.startAll(MEMBERS);
  await world.tell("outage");
  await world.ran("second");
  await world.killAll();
  world.start("d");
  await world.ran("second", 2);
  await world.touch("second-may-end");
  await world.recorded("second");
  await assertChainIsDone(world, ["first 1", "second 1", "second 2"]);
}

async function assertChainIsDone(world: RecoveryWorld, runs: readonly string[]): Promise<void> {
  const history = await world.history();
  assert.deepEqual(
    history.map(({ action_type, result, verified }) => [action_type, result, verified]),
    [["first", "success", true], ["second", "success", null]],
  );
  assert.equal(new Set(history.map(({ chain_id }) => chain_id)).size, 1);
  assert.equal(await world.position(), null, "nothing is under way any more");
  const effects = await world.effects();
  assert.deepEqual(effects.map(({ action, attempt }) => `${action} ${attempt}`), runs);
}

/** One action ends while its leader is frozen, the other goes on. */
const lateAndStuck = (folder: string): RecoveryFiles => ({
  policies: {
    ...QUICK,
    recovery_policies: {
      late_one: policy([{ action: "late" }]),
      stuck_one: policy([{ action: "stuck" }]),
    },
    handlers: {
      late: traced(folder, waitFor("late-$BATON_ATTEMPT")),
      stuck: traced(folder, waitFor("stuck-$BATON_ATTEMPT")),
    },
  },
});

async function forgetsFrozenLeader(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, lateAndStuck);
  await world.startAll(MEMBERS);
  await world.tell("late_one");
  await world.tell("stuck_one");
  const [late, stuck] = await Promise.all([world.ran("late"), world.ran("stuck")]);
  const frozen = world.ranBy(late);
  await freeze(frozen, storePath);
  await world.touch("late-1");
  const again = await Promise.all([world.ran("late", 2), world.ran("stuck", 2)]);
  await new Promise((resolve) => setTimeout(resolve, leaseMs));
  frozen.kill("SIGCONT");
  await world.until("the end of what the old leader ran", () => !isAlive(stuck.pid));
  assert.deepEqual(await world.history(), [], "its late outcome was not recorded");
  assert.ok(again.every(({ pid }) => isAlive(pid)), "the new leader's actions go on");
  await world.touch("late-2");
  await world.touch("stuck-2");
  const entries = await Promise.all([world.recorded("late"), world.recorded("stuck")]);
  assert.deepEqual(entries.map(({ result, attempts }) => [result, attempts]), [
    ["success", 2],
    ["success", 2],
  ]);
  assert.equal((await world.history()).length, 2);
  for (const [before, after] of [[late, again[0]], [stuck, again[1]]] as const) {
    assert.equal(after.executionId, before.executionId);
    assert.ok(after.fence > before.fence, "later fences compare greater");
    assert.notEqual(after.leaderPid, before.leaderPid);
  }
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, 0 as unknown as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function restsWhilePaused(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, restartOfService);
  await world.touch("well");
  await world.startAll(MEMBERS);
  await world.command("pause", "--reason", "a deployment", "--actor", "ada");
  await Deno.remove(`${world.folder}/well`);
  const refused = await world.recorded("restart");
  assert.equal(refused.result, "skipped_paused");
  assert.match(refused.error!, /a deployment.*ada/);
  await new Promise((resolve) => setTimeout(resolve, leaseMs));
  assert.deepEqual(await world.effects(), []);
  await world.command("resume");
  await world.ran("restart");
  await world.until("success", async () => (await world.history()).at(-1)?.result === "success");
  assert.equal((await world.effects()).length, 1);
}

/** The action takes its leader with it, each time. */
const poison = (folder: string): RecoveryFiles => ({
  policies: {
    ...QUICK,
    recovery_policies: {
      outage: policy([
        { action: "poison" },
        { action: "page", condition: "poison_failed" },
      ]),
    },
    handlers: { poison: traced(folder, "kill -9 $PPID; sleep 30"), page: traced(folder) },
  },
});

async function givesUpPoison(storePath: string, leaseMs: number): Promise<void> {
  await using world = await RecoveryWorld.open(storePath, leaseMs, poison);
  await world.startAll(MEMBERS);
  await world.tell("outage");
  const spares = async () => {
    for (let killed = 1; killed <= INTERRUPTIONS_MAX; killed++) {
      await world.ran("poison", killed);
      world.start(`spare${killed}`);
    }
  };
  await Promise.all([spares(), world.recorded("page")]);
  const runs = (await world.effects()).map(({ action, attempt }) => `${action} ${attempt}`);
  assert.deepEqual(runs, ["poison 1", "poison 2", "poison 3", "page 1"]);
  const [entry] = await world.history();
  assert.equal(entry!.result, "failed");
  assert.match(entry!.error!, /interrupted 3 times/);
}

/** What recovery does with real coordinators that are killed and frozen in the middle of it. */
export const RECOVERY_SCENARIOS: readonly Scenario[] = [
  { name: "one of three coordinators restarts a failing service, once", run: restartsOnce },
  {
    name: "the next leader repeats the step in which the leader was killed, and no other",
    run: goesOnInsideStep,
  },
  {
    name: "the next leader goes on with the verification in which the leader was killed",
    run: goesOnInsideVerification,
  },
  { name: "a leader that is stopped in a step ends it, and hands it over", run: handsStepOver },
  { name: "a chain outlives all of its coordinators", run: outlivesCluster },
  {
    name: "a leader that was frozen in an action cannot record it, and ends what still runs",
    run: forgetsFrozenLeader,
  },
  { name: "a pause keeps the cluster from acting until somebody resumes", run: restsWhilePaused },
  {
    name: "an action that kills its leader each time is given up after three interruptions",
    run: givesUpPoison,
  },
];
