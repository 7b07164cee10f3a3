import assert from "node:assert/strict";
import { RecoveryNoticeKind } from "../../../enums/recovery_notice_kind.ts";
import { aRequest, type MachineProcess, MachineWorld, policyOf } from "./machine_world.ts";

const IDLE = { poll_interval: 3_600 };
const DAY_MS = 86_400_000;

/** Tells of an anomaly and lets what follows from it happen. */
async function tell(world: MachineWorld, process: MachineProcess, type: string): Promise<void> {
  await world.enqueue(type);
  process.worker.noteWaiting();
  await world.clock.advance(1_000);
}

function failing(): never {
  throw new Error("no");
}

Deno.test("ChainDesk counts a refusal that repeats, and tells of it anew after an action ran or another reason", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a") },
    cooldowns: { a: 10 },
  });
  world.action("a");
  const process = world.start();
  for (let i = 0; i < 4; i++) await tell(world, process, "crash");
  const lastMs = world.clock.now() - 1_000;
  await world.clock.advance(10_000);
  for (let i = 0; i < 2; i++) await tell(world, process, "crash");
  world.rules = { ...world.rules, enabled: false };
  await tell(world, process, "crash");
  world.rules = { ...world.rules, enabled: true };
  await tell(world, process, "crash");
  const entries = await world.history();
  assert.deepEqual(entries.map(({ result, repeats }) => [result, repeats]), [
    ["success", 0],
    ["skipped_cooldown", 2],
    ["success", 0],
    ["skipped_cooldown", 0],
    ["skipped_disabled", 0],
    ["skipped_cooldown", 0],
  ]);
  assert.equal(entries[1]?.last_repeated_at, new Date(lastMs).toISOString());
  assert.equal(entries[2]?.last_repeated_at, null);
  const { counters, byResult } = await world.ledger();
  assert.equal(counters.skipped, 6);
  assert.equal(byResult.get("skipped_cooldown"), 5);
  assert.equal(world.told.length, entries.length);
  await world.end(process);
});

Deno.test("ChainDesk puts the decision about each severity on record, with what it was made by", async () => {
  for (const isDryRun of [false, true]) {
    const world = await MachineWorld.open({ ...IDLE, recovery_policies: { crash: policyOf("a") } });
    if (isDryRun) world.action("a");
    world.isDryRun = isDryRun;
    const process = world.start();
    const severities = [0.2, 0.5, 0.504, 0.9, 0.9];
    for (const severityScore of severities) {
      await world.enqueue("crash", { severityScore });
      process.worker.noteWaiting();
      await world.clock.advance(1_000);
    }
    const entries = await world.history();
    assert.deepEqual(
      entries.map(({ inputs, repeats }) => [inputs.context.severity, repeats]),
      isDryRun ? severities.map((each) => [each, 0]) : [[0.2, 0], [0.5, 1], [0.9, 1]],
      `dry run: ${isDryRun}`,
    );
    assert.equal((await world.ledger()).counters.skipped, severities.length);
    await world.end(process);
  }
});

Deno.test("ChainDesk tells each refusal of what a person asks for", async () => {
  const world = await MachineWorld.open({ ...IDLE, recovery_actions: { a: { enabled: false } } });
  world.action("a");
  const process = world.start();
  for (let i = 0; i < 3; i++) {
    const asked = process.worker.perform(aRequest("a"));
    await world.clock.advance(1_000);
    assert.equal((await asked)?.seq, i);
  }
  const entries = await world.history();
  assert.deepEqual(entries.map(({ repeats }) => repeats), [0, 0, 0]);
  await world.end(process);
});

Deno.test("ChainDesk keeps as many entries as the file says", async () => {
  for (const bound of [0, 1, 5]) {
    const world = await MachineWorld.open({
      ...IDLE,
      recovery_policies: { crash: policyOf("a", "b", "c") },
      cooldowns: { a: 0, b: 0, c: 0 },
      advanced: { max_history_entries: bound, max_actions_per_hour: 100 },
    });
    for (const name of ["a", "b", "c"]) world.action(name);
    const process = world.start();
    for (let i = 0; i < 4; i++) await tell(world, process, "crash");
    const seqs = (await world.history()).map(({ seq }) => seq);
    assert.deepEqual(seqs, [7, 8, 9, 10, 11].slice(5 - bound), `${bound}`);
    const { counters, firstSeq, nextSeq } = await world.ledger();
    assert.deepEqual([counters.executed, firstSeq, nextSeq], [12, 12 - bound, 12], `${bound}`);
    await world.end(process);
  }
});

Deno.test("ChainDesk counts refusals that repeat when no entry is kept", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a") },
    advanced: { max_history_entries: 0 },
  });
  world.action("a");
  const process = world.start();
  for (let i = 0; i < 3; i++) await tell(world, process, "crash");
  assert.deepEqual(await world.history(), []);
  assert.equal((await world.ledger()).counters.skipped, 2);
  await world.end(process);
});

Deno.test("ChainDesk comes down to a bound that was lowered, with each entry", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a", "b") },
    cooldowns: { a: 0, b: 0 },
    advanced: { max_actions_per_hour: 1_000 },
  });
  for (const name of ["a", "b"]) world.action(name);
  const process = world.start();
  for (let i = 0; i < 60; i++) await tell(world, process, "crash");
  assert.equal((await world.history()).length, 120);
  world.rules = { ...world.rules, history: { ...world.rules.history, maxEntries: 3 } };
  await tell(world, process, "crash");
  await tell(world, process, "crash");
  assert.deepEqual((await world.history()).map(({ seq }) => seq), [121, 122, 123]);
  await world.end(process);
});

Deno.test("ChainDesk drops entries older than the file says, all that are", async () => {
  const world = await MachineWorld.open({
    poll_interval: 60,
    recovery_policies: { crash: policyOf("a", "b") },
    cooldowns: { a: 0, b: 0 },
    advanced: { history_retention_days: 2, max_actions_per_hour: 1_000 },
  });
  for (const name of ["a", "b"]) world.action(name);
  const process = world.start();
  for (let i = 0; i < 70; i++) await tell(world, process, "crash");
  assert.equal((await world.history()).length, 140);
  await world.clock.advance(2 * DAY_MS - 3_600_000);
  assert.equal((await world.history()).length, 140);
  await tell(world, process, "crash");
  await world.clock.advance(3 * 3_600_000);
  assert.deepEqual((await world.history()).map(({ seq }) => seq), [140, 141]);
  const { firstSeq } = await world.ledger();
  assert.equal(firstSeq, 140);
  await world.end(process);
});

Deno.test("ChainDesk removes an entry that cannot be read once it is the oldest", async () => {
  const world = await MachineWorld.open({
    poll_interval: 60,
    recovery_policies: { crash: policyOf("a") },
  });
  world.action("a");
  for (const [i, value] of [null, 7, "x", {}].entries()) {
    await world.put([...world.keys.history, `000000000000000${i}`], value);
  }
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(2 * 3_600_000);
  assert.equal(world.telemetry.faults, 0, world.telemetry.lastFault ?? "");
  assert.equal(world.effects.length, 1);
  await world.end(process);
});

Deno.test("ChainDesk leaves out what the action was given when an entry would be too large", async () => {
  for (const text of ["x".repeat(47_000), "\u20ac".repeat(15_500), `\u20ac${"x".repeat(25_000)}`]) {
    const world = await MachineWorld.open(IDLE);
    world.action("a", ({ params }) => {
      assert.equal(params["text"], text);
      throw new Error("e".repeat(100_000));
    });
    const process = world.start();
    await world.clock.advance(0);
    void process.worker.perform(aRequest("a", { params: { text } }));
    await world.clock.advance(1_000);
    const [entry] = await world.history();
    assert.equal(entry?.result, "failed", world.telemetry.lastFault ?? "");
    assert.ok((entry?.error?.length ?? 0) <= 1_000);
    assert.deepEqual(await world.chains(), []);
    await world.end(process);
  }
});

Deno.test("ChainDesk counts a dry run as skipped, and nowhere else", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    dry_run_mode: true,
    recovery_policies: { crash: policyOf("a", { action: "b", condition: "previous_step_failed" }) },
  });
  world.isDryRun = true;
  world.action("a", () => {}, { verify: () => true });
  world.action("b");
  const process = world.start();
  await tell(world, process, "crash");
  await tell(world, process, "crash");
  assert.deepEqual(world.effects, []);
  const dryRuns = (await world.history()).filter(({ action_type: action }) => action === "a");
  assert.deepEqual(
    dryRuns.map((each) => [each.result, each.success, each.dry_run, each.repeats]),
    [["skipped_dry_run", false, true, 0], ["skipped_dry_run", false, true, 0]],
  );
  const { counters, actions, runsMs, byAction, byAnomaly } = await world.ledger();
  const { executed, succeeded, failed, skipped, recoveries } = counters;
  assert.deepEqual([executed, succeeded, failed, recoveries], [0, 0, 0, 0]);
  assert.deepEqual([skipped, counters.dryRuns], [4, 2]);
  assert.deepEqual([actions.size, runsMs.length, byAction.size], [0, 0, 0]);
  assert.equal(byAnomaly.get("crash"), 2);
  await world.end(process);
});

Deno.test("ChainDesk leaves an action alone that does not help, and takes the next step for it", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: {
      crash: policyOf("useless", { action: "next", condition: "severity > 1" }),
    },
    cooldowns: { useless: 0, next: 0 },
    advanced: {
      futility_threshold: 2,
      futility_freeze_seconds: 7_200,
      max_verification_attempts: 1,
      verification_delay_seconds: 0,
      escalation_failure_threshold: 50,
    },
  });
  world.action("useless", () => {}, { verify: () => false });
  world.action("next");
  const process = world.start();
  for (let i = 0; i < 3; i++) {
    await tell(world, process, "crash");
    await world.clock.advance(60_000);
  }
  const short = async () =>
    (await world.history()).map(({ action_type, result, escalated }) =>
      `${action_type} ${result}${escalated ? " escalated" : ""}`
    );
  assert.deepEqual(await short(), [
    "useless failed",
    "next condition_not_met",
    "useless failed",
    "useless skipped_frozen",
    "next success escalated",
  ]);
  const kinds = world.notices.map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === RecoveryNoticeKind.ACTION_FROZEN).length, 1);
  assert.equal(kinds.filter((kind) => kind === RecoveryNoticeKind.ESCALATION_TRIGGERED).length, 1);
  await world.clock.advance(7_200_000);
  await tell(world, process, "crash");
  await world.clock.advance(1_000);
  assert.equal((await short())[5], "useless failed");
  await world.end(process);
});

Deno.test("ChainDesk escalates after failures of the same step in a row, and counts anew after a success", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a", { action: "b", condition: "severity > 1" }) },
    cooldowns: { a: 0, b: 0 },
    advanced: { escalation_failure_threshold: 2, max_actions_per_hour: 100 },
  });
  let isWell = false;
  world.action("a", () => isWell ? null : failing());
  world.action("b");
  const process = world.start();
  const outcomes: string[] = [];
  for (const well of [false, false, false, true, false, false]) {
    isWell = well;
    world.effects.length = 0;
    await tell(world, process, "crash");
    outcomes.push(world.effects.map(({ action }) => action).join());
    await world.clock.advance(600_000);
  }
  assert.deepEqual(outcomes, ["a", "a,b", "a,b", "a", "a", "a,b"]);
  const repeated = world.notices.filter(({ kind }) =>
    kind === RecoveryNoticeKind.MULTIPLE_FAILURES
  );
  assert.equal(repeated.length, 2);
  await world.end(process);
});

Deno.test("ChainDesk counts the failures of a look as failures of the step", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a", { action: "b", condition: "previous_step_failed" }) },
    advanced: { max_verification_attempts: 2, verification_delay_seconds: 10 },
  });
  world.action("a", () => "report", { verify: () => failing() });
  world.action("b");
  const process = world.start();
  await tell(world, process, "crash");
  await world.clock.advance(60_000);
  const [a, b] = await world.history();
  assert.deepEqual([a?.result, a?.verified, a?.verification_attempts, a?.report], [
    "failed",
    false,
    2,
    "report",
  ]);
  assert.match(a?.error ?? "", /did not help: .*no.*after 2 looks/);
  assert.equal(b?.result, "success");
  assert.equal((await world.ledger()).counters.recoveries, 0);
  await world.end(process);
});

Deno.test("ChainDesk counts one recovery for a chain, from detection to the first step that was seen to help", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a", "b", "c") },
    advanced: { verification_delay_seconds: 30 },
  });
  world.action("a");
  world.action("b", ({ clock }) => clock.sleep(5_000), { verify: () => true });
  world.action("c", () => {}, { verify: () => true });
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(200_000);
  assert.deepEqual((await world.history()).map(({ verified }) => verified), [null, true, true]);
  const { counters } = await world.ledger();
  assert.deepEqual([counters.recoveries, counters.recoverySeconds], [1, 35]);
  await world.end(process);
});

Deno.test("ChainDesk starts the clock of an action's rest when it ends, and doubles it with failures", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: policyOf("a") },
    cooldowns: { a: 100 },
    advanced: { max_actions_per_hour: 100 },
  });
  world.action("a", async ({ clock }) => {
    await clock.sleep(10_000);
    failing();
  });
  const process = world.start();
  const startsMs: number[] = [];
  for (let second = 0; second < 500; second++) {
    await world.enqueue("crash");
    process.worker.wake();
    await world.clock.advance(1_000);
  }
  startsMs.push(...world.effects.map(({ atMs }) => atMs));
  assert.deepEqual(startsMs, [0, 110_000, 320_000]);
  await world.end(process);
});

Deno.test("ChainDesk multiplies the time that an action has by itself, as steps have it multiplied", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_actions: { a: { timeout: 10 } },
    advanced: { action_timeout_multiplier: 2 },
  });
  world.action("a", () => new Promise(() => {}));
  const process = world.start();
  const asked = process.worker.perform(aRequest("a"));
  await world.clock.advance(60_000);
  assert.equal((await asked)?.error, "Action timeout after 20s");
  await world.end(process);
});
