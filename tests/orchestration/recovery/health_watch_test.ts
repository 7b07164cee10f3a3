import assert from "node:assert/strict";
import { ActionScope } from "../../../enums/action_scope.ts";
import type { HealthState } from "../../../health/health_state.ts";
import { MachineWorld, policyOf } from "./machine_world.ts";

const MINUTE_MS = 60_000;
const POLL_MS = 10_000;

function database(status: string): HealthState {
  return { components: { database: { name: "database", status } } };
}

/** A world in which a database is as a list says, one word a poll, the last one for good. */
async function watching(
  policy: object,
  statuses: readonly string[],
  advanced: object = {},
): Promise<MachineWorld> {
  const world = await MachineWorld.open({
    poll_interval: POLL_MS / 1_000,
    cooldowns: { restart: 0, safe_mode: 0, circuit_restart: 0 },
    recovery_policies: { db_down: { ...policyOf("restart"), component: "database", ...policy } },
    advanced: {
      verification_delay_seconds: 5,
      max_verification_attempts: 1,
      max_actions_per_hour: 100,
      ...advanced,
    },
  });
  world.action("restart");
  world.health = () => {
    const poll = Math.floor(world.clock.monotonic() / POLL_MS);
    const status = statuses[Math.min(poll, statuses.length - 1)]!;
    if (status === "throws") throw new Error("no monitor");
    return database(status);
  };
  return world;
}

Deno.test("HealthWatch raises an anomaly once a component has been unwell for long enough", async () => {
  const cases = [
    { name: "at once", policy: {}, statuses: ["failed"], firstMs: 0 },
    { name: "in any case", policy: {}, statuses: ["FAILED"], firstMs: 0 },
    { name: "after a while", policy: { for: 25 }, statuses: ["failed"], firstMs: 30_000 },
    { name: "to the moment", policy: { for: 20 }, statuses: ["failed"], firstMs: 20_000 },
    { name: "degraded", policy: {}, statuses: ["degraded"], firstMs: null },
    { name: "degraded counts", policy: { degraded: true }, statuses: ["degraded"], firstMs: 0 },
    { name: "unknown", policy: {}, statuses: ["unknown"], firstMs: null },
    {
      name: "well for a moment: the time begins anew",
      policy: { for: 25 },
      statuses: ["failed", "failed", "healthy", "failed"],
      firstMs: 60_000,
    },
    {
      name: "not known for a moment: it does as well",
      policy: { for: 25 },
      statuses: ["failed", "failed", "unknown", "failed"],
      firstMs: 60_000,
    },
    {
      name: "the monitor fails for a moment: likewise",
      policy: { for: 25 },
      statuses: ["failed", "failed", "throws", "failed"],
      firstMs: 60_000,
    },
    {
      name: "less severe than the policy is for",
      policy: { degraded: true, severity_threshold: 0.6 },
      statuses: ["degraded"],
      firstMs: null,
    },
    {
      name: "another component",
      policy: { component: "cache" },
      statuses: ["failed"],
      firstMs: null,
    },
    {
      name: "no component",
      policy: { component: "__proto__" },
      statuses: ["failed"],
      firstMs: null,
    },
  ];
  for (const { name, policy, statuses, firstMs } of cases) {
    const world = await watching(policy, statuses);
    const process = world.start();
    await world.clock.advance(2 * MINUTE_MS);
    assert.equal(world.effects[0]?.atMs ?? null, firstMs, name);
    await world.end(process);
  }
});

Deno.test("HealthWatch raises one anomaly at a time, which comes back for as long as it lasts", async () => {
  const world = await watching({}, ["failed"], { escalation_failure_threshold: 100 });
  const process = world.start();
  await world.clock.advance(MINUTE_MS);
  const entries = await world.history();
  assert.ok(entries.length >= 4, `${entries.length} entries`);
  const recurrences = entries.map(({ recurrence_count }) => recurrence_count);
  assert.deepEqual(recurrences.slice(0, 3), [0, 1, 2]);
  assert.deepEqual(new Set(entries.map(({ step }) => step)), new Set([1]));
  await world.end(process);
});

Deno.test("HealthWatch lets recovery end the episode, and counts its time from detection", async () => {
  const statuses = ["failed", "failed", "failed", "healthy", "failed"];
  const world = await watching({ for: 20 }, statuses, { verification_delay_seconds: 12 });
  const process = world.start();
  await world.clock.advance(39_000);
  // Unwell since 0, acted upon at 20 s, seen to be well at 32 s.
  const [first] = await world.history();
  assert.deepEqual([first?.verified, first?.duration_seconds], [true, 0]);
  const { counters, episodes } = await world.ledger();
  assert.deepEqual([counters.recoveries, counters.recoverySeconds], [1, 32]);
  assert.equal(episodes.size, 0);
  await world.clock.advance(5 * MINUTE_MS);
  const second = (await world.history())[1];
  assert.equal(second?.recurrence_count, 0, "another episode");
  assert.equal((await world.ledger()).counters.recoveries, 1, "unverified ones do not count");
  await world.end(process);
});

Deno.test("HealthWatch ends an episode when the component is well again by itself", async () => {
  const world = await watching({}, ["failed", "failed", "healthy", "failed"]);
  const process = world.start();
  await world.clock.advance(MINUTE_MS);
  const recurrences = (await world.history()).map(({ recurrence_count }) => recurrence_count);
  assert.deepEqual(recurrences.slice(0, 3), [0, 1, 0]);
  assert.equal((await world.ledger()).counters.recoveries, 0);
  await world.end(process);
});

Deno.test("HealthWatch runs the action of each threshold that was passed, one chain at a time", async () => {
  const world = await MachineWorld.open({
    poll_interval: 10,
    cooldowns: { circuit_restart: 0, safe_mode: 0, cache_purge: 0 },
    advanced: { max_concurrent_actions: 4, verify_recovery_success: false },
  });
  world.action("circuit_restart", () => new Promise(() => {}));
  world.action("safe_mode");
  world.action("cache_purge");
  world.health = () => ({
    circuit_breaker: { state: "OPEN", open_duration_seconds: 301 },
    retry: { failures_1h: 50 },
    system: { failed_components: 2 },
  });
  const process = world.start();
  await world.clock.advance(25_000);
  const names = world.effects.map(({ action, atMs }) => `${action} ${atMs}`);
  assert.deepEqual(names, [
    "circuit_restart 0",
    "safe_mode 0",
    "safe_mode 10000",
    "safe_mode 20000",
  ]);
  const [entry] = await world.history();
  assert.deepEqual(
    [entry?.trigger, entry?.anomaly_type, entry?.reason],
    ["health_check", "failed_components", "failed_components=2"],
  );
  await world.endAfterGrace(process);
});

Deno.test("HealthWatch minds only what runs in the lane's scope", async () => {
  for (const wanted of [ActionScope.CLUSTER, ActionScope.NODE]) {
    const world = await watching({}, ["failed"]);
    world.action("circuit_restart");
    const down = database("failed");
    world.health = () => ({
      ...down,
      circuit_breaker: { state: "OPEN", open_duration_seconds: 301 },
    });
    const process = world.start({ isFor: (scope) => scope === wanted });
    await world.clock.advance(1_000);
    const ran = wanted === ActionScope.CLUSTER ? "restart" : "circuit_restart";
    assert.deepEqual(world.effects.map(({ action }) => action), [ran]);
    await world.end(process);
  }
});

Deno.test("HealthWatch begins nothing while recovery is switched off", async () => {
  const world = await watching({}, ["failed"]);
  world.rules = { ...world.rules, enabled: false };
  const process = world.start();
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(await world.results(), []);
  await world.end(process);
});

Deno.test("HealthWatch does not count time in which recovery was switched off", async () => {
  const world = await watching({ for: 25 }, ["failed"]);
  const process = world.start();
  await world.clock.advance(15_000);
  world.rules = { ...world.rules, enabled: false };
  await world.clock.advance(10_000);
  world.rules = { ...world.rules, enabled: true };
  await world.clock.advance(MINUTE_MS);
  assert.equal(world.effects[0]?.atMs, 60_000);
  await world.end(process);
});

Deno.test("HealthWatch reports a monitor that fails, and looks again", async () => {
  const world = await watching({}, ["failed"]);
  const told = world.health!;
  world.health = () => {
    if (world.clock.monotonic() < POLL_MS) throw new Error("no monitor");
    return told();
  };
  const process = world.start();
  await world.clock.advance(1_000);
  assert.match(world.telemetry.lastFault ?? "", /no monitor/);
  await world.clock.advance(POLL_MS);
  assert.equal(world.effects.length, 1);
  await world.end(process);
});
