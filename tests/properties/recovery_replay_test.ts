import assert from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "../../config/files/parse_config.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { checkedPoliciesSchema } from "../../orchestration/recovery/checked_schemas.ts";
import { EnhancedRecoveryOrchestrator } from "../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import type { RecoveryActionDict } from "../../orchestration/recovery/recovery_action_dict.ts";
import { replayHistory } from "../../orchestration/recovery/replay.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { checkAsyncProperty } from "../support/property.ts";

const ACTIONS = ["mend", "restart_it", "stabilize_it", "enter_safe_mode", "nobody_does_it"];
const TYPES = ["crash", "leak", "storm", "unknown_to_all"];
const CONDITIONS = [
  "always",
  "severity >= 0.7",
  "restart_failed",
  "previous_step_failed or recurrence_count > 1",
  "not stabilization_failed",
  "mend_failed",
  "duration > 5 and step > 1",
];

const step = fc.record({
  action: fc.constantFrom(...ACTIONS),
  condition: fc.constantFrom(...CONDITIONS),
});

const policies = fc.record({
  crash: fc.record({
    severity_threshold: fc.constantFrom(0.2, 0.5, 0.8),
    escalation_chain: fc.array(step, { minLength: 1, maxLength: 4 }),
  }),
  leak: fc.record({
    severity_threshold: fc.constantFrom(0.2, 0.5),
    escalation_chain: fc.array(step, { minLength: 1, maxLength: 3 }),
  }),
});

const document = fc.record({
  dry_run_mode: fc.constantFrom(false, false, false, true),
  enabled: fc.constantFrom(true, true, true, false),
  recovery_policies: policies,
  recovery_actions: fc.record({
    mend: fc.record({
      enabled: fc.constantFrom(true, true, false),
      phase_restrictions: fc.constantFrom({}, { day: true, night: false }),
    }),
    restart_it: fc.record({ max_retries: fc.constantFrom(0, 1) }),
  }),
  cooldowns: fc.record({
    mend: fc.constantFrom(0, 1, 30),
    restart_it: fc.constantFrom(0, 5),
    stabilize_it: fc.constantFrom(0, 300),
    enter_safe_mode: fc.constant(0),
  }),
  advanced: fc.record({
    auto_escalate_on_failure: fc.boolean(),
    escalation_failure_threshold: fc.constantFrom(1, 2, 3),
    futility_threshold: fc.constant(1),
    max_actions_per_hour: fc.constantFrom(2, 50, 50),
    max_safe_mode_entries_per_day: fc.constantFrom(1, 2),
    verify_recovery_success: fc.constantFrom(true, true, false),
    verification_delay_seconds: fc.constant(1),
    max_verification_attempts: fc.constantFrom(1, 2),
    unknown_phase: fc.constantFrom("allow", "deny"),
    max_history_entries: fc.constantFrom(6, 10_000),
  }),
});

const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("anomaly" as const),
      type: fc.constantFrom(...TYPES),
      severity: fc.constantFrom(0, 0.3, 0.6, 0.9, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("pause", "resume", "toggle") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("phase" as const),
      phase: fc.constantFrom("day", "night", "dusk", ""),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("trigger" as const),
      action: fc.constantFrom(...ACTIONS),
      force: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("health" as const),
      failures: fc.constantFrom(0, 60, 1_000),
      failed: fc.constantFrom(0, 2, 9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      seconds: fc.constantFrom(1, 40, 400, 4_000, 100_000),
    }),
  },
);

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const chances = fc.infiniteStream(fc.noBias(fc.integer({ min: 0, max: 99 })).map((n) => n / 100));

interface World {
  readonly recovery: EnhancedRecoveryOrchestrator;
  readonly clock: FakeClock;
  readonly setPhase: (phase: string) => void;
}

async function load(json: object) {
  const { config } = await parseConfig(JSON.stringify(json), checkedPoliciesSchema);
  return config;
}

/** A program whose actions work, fail or do not help, as chance has it. */
function newWorld(
  config: Awaited<ReturnType<typeof load>>,
  chance: () => number,
  isInCluster: boolean,
): World {
  const clock = new FakeClock();
  let phase = "day";
  const recovery = new EnhancedRecoveryOrchestrator({
    config,
    clock,
    random: () => 0.5,
    stateMachine: {
      getCurrentPhase: () => {
        if (phase === "") throw new Error("who knows");
        return phase;
      },
    },
    caches: [new Map()],
    ...isInCluster && {
      coordinator: { instanceId: "a", isLeader: false, getNodes: () => Promise.resolve([]) },
    },
  });
  for (const action of ACTIONS.slice(0, -1)) {
    const verify = () => chance() < 0.3;
    recovery.registerAction(action, () => {
      if (chance() < 0.3) throw new Error("no luck");
    }, action === "mend" && isInCluster ? { verify, scope: "node" } : { verify });
  }
  return { recovery, clock, setPhase: (next) => phase = next };
}

async function happen(event: Event, { recovery, clock, setPhase }: World): Promise<void> {
  switch (event.kind) {
    case "anomaly":
      await recovery.handleAnomaly({ anomalyType: event.type, severityScore: event.severity });
      return await recovery.processPending();
    case "trigger":
      return void await recovery.triggerAction({ actionType: event.action, force: event.force });
    case "health": {
      const state = {
        retry: { failures_1h: event.failures },
        system: { failed_components: event.failed },
      };
      return await recovery.handleEvent({ type: "health_check", state });
    }
    case "phase":
      return setPhase(event.phase);
    case "time":
      return await clock.advance(event.seconds * 1_000);
    case "toggle":
      return void recovery.toggleDryRun();
    case "pause":
      return void await recovery.pause({ reason: "a test", actor: "it" });
    default:
      return void await recovery.resume();
  }
}

/** Lets time pass until something that happens has happened. */
async function throughTime(work: Promise<void>, clock: FakeClock): Promise<void> {
  let isOver = false;
  const ending = work.finally(() => isOver = true);
  for (let turns = 0; !isOver && turns < 1_000; turns++) await clock.advance(500);
  assert.ok(isOver, "it never ends");
  await ending;
}

async function liveThrough(
  config: Awaited<ReturnType<typeof load>>,
  events: readonly Event[],
  { chance, isInCluster }: { readonly chance: () => number; readonly isInCluster: boolean },
): Promise<readonly RecoveryActionDict[]> {
  const world = newWorld(config, chance, isInCluster);
  await world.recovery.load();
  for (const each of events) await throughTime(happen(each, world), world.clock);
  return await world.recovery.getActionHistory({ limit: 100_000 });
}

Deno.test("replayHistory finds no difference by the document that was in force", async () => {
  const seen = new Set<string>();
  const property = fc.asyncProperty(
    document,
    fc.array(event, { minLength: 5, maxLength: 25 }),
    chances,
    fc.boolean(),
    async (json, events, stream, isInCluster) => {
      const config = await load(json);
      const chance = () => stream.next().value as number;
      const history = await liveThrough(config, events, { chance, isInCluster });
      for (const { result } of history) seen.add(result);
      const stored = history.map((entry) => JSON.parse(JSON.stringify(entry)));
      const report = replayHistory(stored, config);
      assert.deepEqual(report.decisions.filter(({ change }) => change !== "same"), []);
      assert.deepEqual(report.decisions.filter(({ assumed }) => assumed), []);
      assert.equal(report.differs, false);
      assert.equal(report.counts.replayed, history.length);
    },
  );
  await checkAsyncProperty(property, 400);
  const expected = Object.values(RecoveryResult).filter((result) =>
    !["condition_error", "skipped_storm", "skipped_concurrency"].includes(result)
  );
  assert.deepEqual(expected.filter((result) => !seen.has(result)), [], "never came up");
});

Deno.test("replayHistory tells every recorded decision once, whatever the other document", async () => {
  let differing = 0;
  const property = fc.asyncProperty(
    document,
    document,
    fc.array(event, { minLength: 5, maxLength: 15 }),
    chances,
    async (json, other, events, stream) => {
      const chance = () => stream.next().value as number;
      const history = await liveThrough(await load(json), events, { chance, isInCluster: false });
      const { decisions, differs, counts } = replayHistory(history, await load(other));
      const told = decisions.flatMap(({ id }) => id === null ? [] : [id]);
      assert.deepEqual(told.toSorted(), history.map(({ id }) => id).toSorted());
      assert.equal(differs, decisions.some(({ change }) => change !== "same"));
      const { same, changed, added, gone, unknown } = counts;
      assert.equal(same + changed + added + gone + unknown, decisions.length);
      if (differs) differing++;
    },
  );
  await checkAsyncProperty(property, 40);
  assert.ok(differing > 10, `only ${differing} of them differed`);
});
