/** What each setting must do: one case or more for each row of the table of settings. */
import assert from "node:assert/strict";
import { FallbackManager } from "../../../health/fallback_manager.ts";
import type { HealthState } from "../../../health/health_state.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import {
  anomaly,
  atRest,
  basicWorld,
  type Behaviour,
  passing,
  type Plan,
  policyWorld,
  told,
} from "../../orchestration/recovery/recovery_harness.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** A file with one policy of the given steps for each of the anomalies, and other settings. */
function file(steps: string, more = "", anomalies = ["crash"]): string {
  const chain = steps.trim().split("\n").map((each) => `      - ${each.trim()}`).join("\n");
  const policies = anomalies.map((name) =>
    `  ${name}:\n    severity_threshold: 0.1\n    escalation_chain:\n${chain}`
  );
  return `recovery_policies:\n${policies.join("\n")}\n${more}`;
}

const ONE = "{ action: first }";
const TWO = `
{ action: first }
{ action: second, condition: severity >= 0.99 }
`;

for (const [max, running] of [[1, ["first"]], [2, ["first", "second"]]] as const) {
  Deno.test(`advanced.max_concurrent_actions ${max}: ${running.length} at once, the rest waits`, async () => {
    const yaml = `
recovery_policies:
  a: { severity_threshold: 0.1, escalation_chain: [{ action: first }] }
  b: { severity_threshold: 0.1, escalation_chain: [{ action: second }] }
advanced: { max_concurrent_actions: ${max} }
`;
    const { recovery, clock } = await policyWorld({ yaml });
    const ends: (() => void)[] = [];
    for (const name of ["first", "second"]) {
      recovery.registerAction(name, () => new Promise<void>((resolve) => ends.push(resolve)));
    }
    await recovery.handleAnomaly({ anomalyType: "a", severityScore: 1 });
    await recovery.handleAnomaly({ anomalyType: "b", severityScore: 0.5 });
    const pending = recovery.processPending();
    await clock.advance(0);
    await atRest();
    assert.deepEqual(recovery.getStatus().executing_actions, running);
    ends[0]!();
    await atRest();
    assert.deepEqual(recovery.getStatus().executing_actions, ["second"]);
    ends[1]!();
    await pending;
    assert.deepEqual(await told(recovery), ["first success", "second success"]);
  });
}

Deno.test("advanced.max_waiting_actions: beyond it an action is refused, an anomaly waits", async () => {
  const yaml = `
recovery_policies:
  a: { severity_threshold: 0.1, escalation_chain: [{ action: first }] }
  b: { severity_threshold: 0.1, escalation_chain: [{ action: second }] }
advanced: { max_concurrent_actions: 1, max_waiting_actions: 0 }
`;
  const { recovery, clock } = await policyWorld({ yaml, actions: { second: "ok" } });
  const { promise, resolve } = Promise.withResolvers<void>();
  recovery.registerAction("first", () => promise);
  await recovery.handleAnomaly({ anomalyType: "a", severityScore: 1 });
  await recovery.handleAnomaly({ anomalyType: "b", severityScore: 0.5 });
  const pending = recovery.processPending();
  await clock.advance(0);
  await atRest();
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
  const asked = await recovery.triggerAction({ actionType: "second" });
  assert.equal(asked.result, "skipped_concurrency");
  resolve();
  await pending;
  const results = ["second skipped_concurrency", "first success", "second success"];
  assert.deepEqual(await told(recovery), results);
});

for (const [multiplier, effective] of [["1.5", 3], ["1", 2], ["0.25", 0.5]] as const) {
  Deno.test(`advanced.action_timeout_multiplier ${multiplier}: aborted after ${effective} s`, async () => {
    const more = `advanced: { action_timeout_multiplier: ${multiplier} }`;
    const { recovery, clock } = await policyWorld({
      yaml: file("{ action: first, timeout: 2 }", more),
    });
    let abortedAtMs = -1;
    recovery.registerAction("first", ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          abortedAtMs = clock.monotonic();
          reject(signal.reason);
        });
      }));
    await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
    await passing(clock, recovery.processPending(), { stepMs: 100 });
    assert.equal(abortedAtMs, effective * SECOND);
    const [entry] = await recovery.getActionHistory();
    assert.deepEqual([entry?.result, entry?.error], [
      "failed",
      `Action timeout after ${effective}s`,
    ]);
  });
}

Deno.test("advanced.history_retention_days: older entries are not read, and go", async () => {
  const storage = new MemoryRecoveryStorage();
  const { recovery, clock } = await policyWorld({
    yaml: file(ONE, "advanced: { history_retention_days: 2 }"),
    actions: { first: "ok" },
    storage,
  });
  await recovery.triggerAction({ actionType: "first", reason: "old" });
  await clock.advance(1.5 * DAY);
  await recovery.triggerAction({ actionType: "first", reason: "young" });
  const reasons = async () => (await recovery.getActionHistory()).map(({ reason }) => reason);
  assert.deepEqual(await reasons(), ["old", "young"]);
  await clock.advance(DAY);
  assert.deepEqual(await reasons(), ["young"], "on read");
  const running = recovery.run();
  await clock.advance(0);
  await atRest();
  const kept = await storage.list(["lanes", "node:local", "history"], { limit: 10 });
  assert.equal(kept.length, 1, "in the storage");
  recovery.stop();
  await running;
});

Deno.test("advanced.max_history_entries: a ring of so many", async () => {
  const storage = new MemoryRecoveryStorage();
  const more = "advanced: { max_history_entries: 3, max_actions_per_hour: 100 }";
  const { recovery } = await policyWorld({
    yaml: file(ONE, more),
    actions: { first: "ok" },
    storage,
  });
  for (let turn = 0; turn < 5; turn++) {
    await recovery.triggerAction({ actionType: "first", reason: `turn ${turn}` });
  }
  const reasons = (await recovery.getActionHistory()).map(({ reason }) => reason);
  assert.deepEqual(reasons, ["turn 2", "turn 3", "turn 4"]);
  const kept = await storage.list(["lanes", "node:local", "history"], { limit: 10 });
  assert.equal(kept.length, 3);
});

const VERIFICATION = [
  { enabled: true, behaviour: "helps", entry: ["success", true, 1] },
  { enabled: true, behaviour: "futile", entry: ["failed", false, 3] },
  { enabled: true, behaviour: "ok", entry: ["success", null, 0] },
  { enabled: false, behaviour: "futile", entry: ["success", null, 0] },
] as const;

for (const { enabled, behaviour, entry: expected } of VERIFICATION) {
  Deno.test(`advanced.verify_recovery_success ${enabled}: an action that ${behaviour}: ${expected}`, async () => {
    const more = `advanced: { verify_recovery_success: ${enabled} }`;
    const world = await policyWorld({ yaml: file(ONE, more), actions: { first: behaviour } });
    await anomaly(world, "crash", 0.5);
    const [entry] = await world.recovery.getActionHistory();
    assert.deepEqual([entry?.result, entry?.verified, entry?.verification_attempts], expected);
  });
}

const open = (seconds: number): HealthState => ({
  circuit_breaker: { state: "OPEN", open_duration_seconds: seconds },
});
const THRESHOLDS: readonly {
  readonly name: string;
  readonly found: HealthState;
  readonly later: HealthState;
  readonly isCured: boolean;
}[] = [
  { name: "closed", found: open(301), later: {}, isCured: true },
  { name: "open still", found: open(301), later: open(331), isCured: false },
  {
    name: "no further failures",
    found: { retry: { failures_1h: 51 } },
    later: { retry: { failures_1h: 51 } },
    isCured: true,
  },
  {
    name: "further failures",
    found: { retry: { failures_1h: 51 } },
    later: { retry: { failures_1h: 52 } },
    isCured: false,
  },
];

for (const { name, found, later, isCured } of THRESHOLDS) {
  Deno.test(`advanced.verify_recovery_success: a threshold is looked at again: ${name}`, async () => {
    const healthMonitor = { getComprehensiveState: () => Promise.resolve(later) };
    const actions = { circuit_restart: "ok", cache_purge: "ok" } as const;
    const { recovery, clock } = await basicWorld({ actions }, { healthMonitor });
    await passing(clock, recovery.handleEvent({ type: "health_check", state: found }));
    const [entry] = await recovery.getActionHistory();
    assert.deepEqual([entry?.verified, entry?.success], [isCured, isCured]);
  });
}

Deno.test("advanced.verify_recovery_success: safe mode only limits the damage, and nobody looks", async () => {
  const later: HealthState = { system: { failed_components: 2 } };
  const healthMonitor = { getComprehensiveState: () => Promise.resolve(later) };
  const fallbackManager = new FallbackManager();
  const { recovery, clock } = await basicWorld({}, { healthMonitor, fallbackManager });
  await passing(clock, recovery.handleEvent({ type: "health_check", state: later }));
  const [entry] = await recovery.getActionHistory();
  assert.deepEqual(
    [entry?.action_type, entry?.success, entry?.verified],
    ["safe_mode", true, null],
  );
});

Deno.test("advanced.verification_delay_seconds: before each look, and not in the action's turn", async () => {
  const yaml = `
recovery_policies:
  a: { severity_threshold: 0.1, escalation_chain: [{ action: first }] }
  b: { severity_threshold: 0.1, escalation_chain: [{ action: second }] }
advanced: { max_concurrent_actions: 1, verification_delay_seconds: 20 }
`;
  const { recovery, clock, ran } = await policyWorld({ yaml, actions: { second: "ok" } });
  const looks: number[] = [];
  recovery.registerAction("first", () => {}, {
    verify: () => looks.push(clock.monotonic()) === 3,
  });
  await recovery.handleAnomaly({ anomalyType: "a", severityScore: 1 });
  await recovery.handleAnomaly({ anomalyType: "b", severityScore: 0.5 });
  const pending = recovery.processPending();
  await clock.advance(0);
  await atRest();
  assert.deepEqual(ran, ["second"], "the turn is free while the first one is looked at");
  await passing(clock, pending);
  assert.deepEqual(looks, [20 * SECOND, 40 * SECOND, 60 * SECOND]);
});

for (const attempts of [1, 3, 5]) {
  Deno.test(`advanced.max_verification_attempts ${attempts}: then it counts as failed`, async () => {
    const more = `advanced: { max_verification_attempts: ${attempts} }`;
    const world = await policyWorld({ yaml: file(ONE, more), actions: { first: "futile" } });
    await anomaly(world, "crash", 0.5);
    const [entry] = await world.recovery.getActionHistory();
    assert.deepEqual([entry?.verification_attempts, entry?.result], [attempts, "failed"]);
    assert.equal(world.clock.monotonic(), attempts * 30 * SECOND);
    const { total_actions_executed, failed_actions } = world.recovery.getMetrics();
    assert.deepEqual([total_actions_executed, failed_actions], [1, 1], "counted once");
  });
}

const ESCALATIONS: readonly {
  readonly auto: boolean;
  readonly threshold: number;
  readonly behaviours: readonly Behaviour[];
  readonly second: readonly boolean[];
}[] = [
  { auto: true, threshold: 1, behaviours: ["throws", "throws"], second: [true, true] },
  { auto: true, threshold: 2, behaviours: ["throws", "throws"], second: [false, true] },
  { auto: true, threshold: 2, behaviours: ["hangs", "futile"], second: [false, true] },
  {
    auto: true,
    threshold: 2,
    behaviours: ["throws", "ok", "throws", "throws"],
    second: [false, false, false, true],
  },
  { auto: true, threshold: 3, behaviours: ["throws", "throws"], second: [false, false] },
  { auto: false, threshold: 1, behaviours: ["throws", "throws"], second: [false, false] },
];

for (const { auto, threshold, behaviours, second } of ESCALATIONS) {
  Deno.test(`advanced.auto_escalate_on_failure ${auto}, escalation_failure_threshold ${threshold}: ${behaviours.join(", ")}`, async () => {
    const settings =
      `auto_escalate_on_failure: ${auto}, escalation_failure_threshold: ${threshold}`;
    const world = await policyWorld({
      yaml: file(TWO, `advanced: { ${settings} }\ncooldowns: { first: 0, second: 0 }`),
      actions: { second: "ok" },
    });
    let behaviour: Behaviour = "ok";
    world.recovery.registerAction("first", ({ signal }) => {
      if (behaviour === "throws") throw new Error("broken");
      if (behaviour !== "hangs") return;
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      );
    }, { verify: () => behaviour !== "futile" });
    const seen: boolean[] = [];
    for (behaviour of behaviours) {
      const before = world.ran.length;
      await anomaly(world, "crash", 0.5);
      seen.push(world.ran.length > before);
      await world.clock.advance(HOUR);
    }
    assert.deepEqual(seen, second);
    const escalated = (await world.recovery.getActionHistory()).filter((each) => each.escalated);
    assert.equal(escalated.length, second.filter(Boolean).length);
  });
}

Deno.test("advanced.escalation_failure_threshold: counted by anomaly and step", async () => {
  const world = await policyWorld({
    yaml: file(TWO, "cooldowns: { first: 0 }", ["crash", "hang"]),
    actions: { first: "throws", second: "ok" },
  });
  for (const type of ["crash", "hang"]) {
    await anomaly(world, type, 0.5);
    await world.clock.advance(HOUR);
  }
  assert.deepEqual(world.ran, ["first", "first"], "each failed once");
});

Deno.test("advanced.max_actions_per_hour: the next one is refused until the first is an hour ago", async () => {
  const more = "advanced: { max_actions_per_hour: 3 }\ncooldowns: { first: 0 }";
  const { recovery, clock } = await policyWorld({
    yaml: file(ONE, more),
    actions: { first: "ok" },
  });
  const run = async () => (await recovery.triggerAction({ actionType: "first" })).result;
  recovery.toggleDryRun();
  for (let turn = 0; turn < 5; turn++) assert.equal(await run(), "skipped_dry_run");
  recovery.toggleDryRun();
  const nothing = await recovery.triggerAction({ actionType: "nothing" });
  assert.equal(nothing.result, "skipped_no_handler");
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(await run(), "success");
    await clock.advance(SECOND);
  }
  assert.equal(await run(), "skipped_rate_limit");
  await clock.advance(HOUR - 3 * SECOND - 1);
  assert.equal(await run(), "skipped_rate_limit");
  await clock.advance(1);
  assert.equal(await run(), "success");
  assert.equal(await run(), "skipped_rate_limit", "the window slides");
});

Deno.test("advanced.max_safe_mode_entries_per_day: of both actions together, with an alert", async () => {
  const notices: string[] = [];
  const notifier = { notify: ({ kind }: RecoveryNotice) => void notices.push(kind) };
  const { recovery, clock } = await policyWorld({
    yaml: "advanced: { max_safe_mode_entries_per_day: 2 }",
    actions: { safe_mode: "ok", enter_safe_mode: "ok" },
  }, { notifier });
  const run = async (actionType: string) => (await recovery.triggerAction({ actionType })).result;
  assert.equal(await run("safe_mode"), "success");
  assert.equal(await run("enter_safe_mode"), "success");
  await clock.advance(2 * HOUR);
  assert.equal(await run("safe_mode"), "skipped_safe_mode_limit");
  assert.equal(await run("enter_safe_mode"), "skipped_safe_mode_limit");
  await atRest();
  assert.equal(notices.filter((kind) => kind === "safe_mode_limit_reached").length, 2);
  await clock.advance(22 * HOUR);
  assert.equal(await run("enter_safe_mode"), "success");
});

Deno.test("recovery_actions.*.enabled: only false switches off, on every path", async () => {
  const yaml = file(ONE, "recovery_actions: { first: { enabled: false }, second: {} }");
  const world = await policyWorld({ yaml, actions: { first: "ok", second: "ok", third: "ok" } });
  await anomaly(world, "crash", 1);
  for (const actionType of ["first", "second", "third"]) {
    await world.recovery.triggerAction({ actionType });
  }
  assert.deepEqual(await told(world.recovery), [
    "first skipped_disabled",
    "first skipped_disabled",
    "second success",
    "third success",
  ]);
});

Deno.test("recovery_actions.*.timeout: where the step has none, by hand, and for thresholds", async () => {
  const yaml = file(
    "{ action: cache_purge }",
    "recovery_actions: { cache_purge: { timeout: 4 } }\ncooldowns: { cache_purge: 0 }",
  );
  const world = await policyWorld({ yaml, actions: { cache_purge: "hangs" } });
  const { recovery, clock } = world;
  await anomaly(world, "crash", 1);
  await passing(clock, recovery.triggerAction({ actionType: "cache_purge" }));
  await clock.advance(HOUR);
  const state = { retry: { failures_1h: 51 } };
  await passing(clock, recovery.handleEvent({ type: "health_check", state }));
  const errors = (await recovery.getActionHistory()).map(({ error }) => error);
  assert.deepEqual(errors, Array(3).fill("Action timeout after 6s"));
});

Deno.test("recovery_actions.*.max_retries: so many more, with a pause that grows, one action", async () => {
  const world = await policyWorld({
    yaml: file(ONE, "recovery_actions: { first: { max_retries: 3 } }"),
  });
  const atMs: number[] = [];
  world.recovery.registerAction("first", ({ attempt }) => {
    atMs.push(world.clock.monotonic());
    if (attempt < 4) throw new Error("broken");
  });
  await anomaly(world, "crash", 1);
  const [entry] = await world.recovery.getActionHistory();
  assert.deepEqual([entry?.attempts, entry?.result], [4, "success"]);
  const pauses = atMs.slice(1).map((ms, index) => ms - atMs[index]!);
  assert.ok(pauses[0]! > 0 && pauses[1]! > pauses[0]! && pauses[2]! > pauses[1]!, `${pauses}`);
  assert.equal(world.recovery.getMetrics().total_actions_executed, 1);
});

for (const [unknown, result] of [["deny", "skipped_phase_restriction"], ["allow", "success"]]) {
  Deno.test(`recovery_actions.*.phase_restrictions: on each path, unknown_phase ${unknown}`, async () => {
    const more = `
recovery_actions: { cache_purge: { phase_restrictions: { LAUNCH: false } } }
cooldowns: { cache_purge: 0 }
advanced: { unknown_phase: ${unknown} }
`;
    let phase = "LAUNCH";
    const world = await policyWorld({
      yaml: file("{ action: cache_purge }", more),
      actions: { cache_purge: "ok" },
    }, { stateMachine: { getCurrentPhase: () => phase } });
    const { recovery, clock } = world;
    for (phase of ["LAUNCH", "ORBIT"]) {
      await anomaly(world, "crash", 1);
      const state = { retry: { failures_1h: 51 } };
      await passing(clock, recovery.handleEvent({ type: "health_check", state }));
      await recovery.triggerAction({ actionType: "cache_purge" });
    }
    const { actions_by_result } = recovery.getMetrics();
    const refused = "skipped_phase_restriction";
    assert.deepEqual(
      actions_by_result,
      result === refused ? { [refused]: 6 } : { [refused]: 3, success: 3 },
    );
  });
}

Deno.test("recovery_actions.*.description and recovery_policies.*.description are in the status", async () => {
  const { recovery } = await policyWorld({
    yaml: `
recovery_policies: { crash: { description: It crashed, escalation_chain: [{ action: first }] } }
recovery_actions: { first: { description: Turns it off and on } }
`,
  });
  assert.equal(recovery.getStatus().policies["crash"], "It crashed");
  assert.equal(recovery.getStatus().actions["first"], "Turns it off and on");
});

for (const [accuracy, runs] of [[0.79, 1], [0.8, 0], [0.81, 0]] as const) {
  Deno.test(`thresholds.min_anomaly_accuracy: ${accuracy} leads to ${runs} safe mode`, async () => {
    const { recovery, clock, ran } = await policyWorld({ actions: { safe_mode: "ok" } });
    const state = { resources: { current_metrics: { anomaly_accuracy: accuracy } } };
    await passing(clock, recovery.handleEvent({ type: "health_check", state }));
    assert.equal(ran.length, runs);
  });
}

Deno.test("cooldowns.*: after a success, and longer with each failure in a row", async () => {
  const world = await policyWorld({
    yaml: file(ONE, "cooldowns: { first: 60 }"),
    actions: { first: "throws" },
  });
  const rests: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    await anomaly(world, "crash", 1);
    rests.push(world.recovery.getCooldownStatus()["first"]!.seconds_remaining);
    await world.clock.advance(rests.at(-1)! * SECOND);
    assert.equal(world.recovery.getCooldownStatus()["first"]!.available, true);
  }
  assert.deepEqual(rests, [60, 120, 240, 480]);
});

Deno.test("cooldowns.*: begins when the action ends, also while it is looked at", async () => {
  const yaml = file(ONE, "cooldowns: { first: 60 }", ["crash", "hang"]);
  const { recovery, clock, ran } = await policyWorld({ yaml, actions: { first: "helps" } });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  const pending = recovery.processPending();
  await clock.advance(10 * SECOND);
  await recovery.handleAnomaly({ anomalyType: "hang", severityScore: 1 });
  await passing(clock, recovery.processPending());
  await pending;
  assert.deepEqual(ran, ["first"]);
  assert.deepEqual((await told(recovery)).toSorted(), ["first skipped_cooldown", "first success"]);
});

Deno.test("cooldowns.*: 0 is none after a success; what is not listed rests 300 s", async () => {
  const world = await policyWorld({
    yaml: file("{ action: first }\n{ action: second }", "cooldowns: { first: 0 }"),
    actions: { first: "ok", second: "ok" },
  });
  await anomaly(world, "crash", 1);
  const { first, second } = world.recovery.getCooldownStatus();
  assert.deepEqual([first?.seconds_remaining, second?.seconds_remaining], [0, 300]);
});

Deno.test("dry_run_mode: told, counted apart, without cooldown and without recovery", async () => {
  const world = await policyWorld({
    yaml: file(ONE, "dry_run_mode: true"),
    actions: { first: "helps" },
  });
  await anomaly(world, "crash", 1);
  await anomaly(world, "crash", 1);
  assert.deepEqual(world.ran, []);
  const [entry] = await world.recovery.getActionHistory();
  assert.deepEqual([entry?.result, entry?.dry_run, entry?.success], [
    "skipped_dry_run",
    true,
    false,
  ]);
  const metrics = world.recovery.getMetrics();
  assert.equal(metrics.dry_run_actions, 2);
  assert.equal(metrics.total_actions_executed, 0);
  assert.equal(metrics.successful_actions, 0);
  assert.equal(metrics.average_mttr_seconds, 0);
  assert.equal(world.recovery.getCooldownStatus()["first"]?.available, true);
});

/** A Slack that takes everything, and what it was sent. */
function aSlack() {
  const sent: string[] = [];
  const fetch = (_: string, { body }: RequestInit) => {
    sent.push(String(body));
    return Promise.resolve(new Response("ok"));
  };
  return { sent, fetch };
}

Deno.test("logging.slack_webhook and slack_events: only what is listed is sent", async () => {
  const { sent, fetch } = aSlack();
  const logging = `
logging:
  slack_webhook: https://hooks.example.com/x
  slack_events: [recovery_action_failed]
`;
  const yaml = file("{ action: first }\n{ action: second }", logging);
  const world = await policyWorld({ yaml, actions: { first: "ok", second: "throws" } }, {
    handlerParts: { fetch },
  });
  await anomaly(world, "crash", 1);
  await passing(world.clock, atRest());
  assert.equal(sent.length, 1);
  assert.match(sent[0]!, /second failed/);
});

const NOTICES: readonly (readonly [string, Plan, readonly string[]])[] = [
  ["an action that ran", { actions: { first: "ok" } }, ["recovery_action_executed"]],
  ["an action that failed", { actions: { first: "throws" } }, ["recovery_action_failed"]],
  [
    "a safe mode",
    { yaml: file("{ action: safe_mode }"), actions: { safe_mode: "ok" } },
    ["recovery_action_executed", "safe_mode_entered"],
  ],
  [
    "a step that was escalated to",
    {
      yaml: file(TWO, "advanced: { escalation_failure_threshold: 1 }"),
      actions: { first: "throws", second: "ok" },
    },
    [
      "recovery_action_failed",
      "multiple_failures_detected",
      "recovery_action_executed",
      "escalation_triggered",
    ],
  ],
  [
    "an action that does not help",
    {
      yaml: file(ONE, "advanced: { futility_threshold: 1 }"),
      actions: { first: "futile" },
    },
    ["recovery_action_failed", "recovery_action_frozen"],
  ],
  ["a dry run", { yaml: file(ONE, "dry_run_mode: true"), actions: { first: "ok" } }, []],
];

for (const [name, plan, expected] of NOTICES) {
  Deno.test(`notifier is told of ${name}`, async () => {
    const notices: string[] = [];
    const notifier = { notify: ({ kind }: RecoveryNotice) => void notices.push(kind) };
    const world = await policyWorld({ yaml: file(ONE), ...plan }, { notifier });
    await anomaly(world, "crash", 0.5);
    await atRest();
    assert.deepEqual(notices, expected);
  });
}

Deno.test("notifier that throws or never answers neither breaks nor delays recovery", async () => {
  const broken = { notify: () => Promise.reject(new Error("no net")) };
  const slow = { notify: () => new Promise<void>(() => {}) };
  const world = await policyWorld({ yaml: file(ONE), actions: { first: "ok" } }, {
    notifier: [broken, slow],
  });
  await anomaly(world, "crash", 1);
  assert.equal(world.clock.monotonic(), 0);
  assert.deepEqual(await told(world.recovery), ["first success"]);
});

Deno.test("metricsCollector is given counts, durations and times to recovery", async () => {
  const given: unknown[] = [];
  const metricsCollector = {
    increment: (...args: unknown[]) => void given.push(args),
    observe: (...args: unknown[]) => void given.push(args),
  };
  const world = await policyWorld({ yaml: file(TWO), actions: { first: "helps", second: "ok" } }, {
    metricsCollector,
  });
  await anomaly(world, "crash", 0.5);
  assert.deepEqual(given, [
    ["baton_recovery_actions_total", { action: "first", result: "success" }],
    ["baton_recovery_action_seconds", 0, { action: "first" }],
    ["baton_recovery_mttr_seconds", 30, { anomaly: "crash" }],
    ["baton_recovery_actions_total", { action: "second", result: "condition_not_met" }],
  ]);
});

Deno.test("metricsCollector that throws is counted, and breaks nothing", async () => {
  const broken = () => {
    throw new Error("no metrics");
  };
  const metricsCollector = { increment: broken, observe: broken };
  const world = await policyWorld({ yaml: file(ONE), actions: { first: "ok" } }, {
    metricsCollector,
  });
  await anomaly(world, "crash", 1);
  assert.deepEqual(await told(world.recovery), ["first success"]);
  assert.match(world.recovery.getStatus().last_error ?? "", /no metrics/);
});

const { state: writeState } = await Deno.permissions.query({ name: "write" });
const { state: readState } = await Deno.permissions.query({ name: "read" });
const mayWrite = writeState === "granted" && readState === "granted";

Deno.test({
  name: `logging.log_file, level, log_rotation and log_retention_days: lines from that level on${
    mayWrite ? "" : " (needs --allow-read and --allow-write)"
  }`,
  ignore: !mayWrite,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const logging = `
logging:
  level: WARNING
  log_file: ${folder}/deep/recovery.log
  log_rotation: daily
  log_retention_days: 1
`;
      const clock = new FakeClock({ settle: () => new Promise((done) => setTimeout(done, 5)) });
      const yaml = file(
        "{ action: first }\n{ action: second }",
        `${logging}\ncooldowns: { second: 0 }`,
      );
      const world = await policyWorld({ yaml, clock, actions: { first: "ok", second: "throws" } });
      const day = async () => {
        await anomaly(world, "crash", 1);
        const running = world.recovery.run();
        await clock.advance(0);
        world.recovery.stop();
        await passing(clock, running);
      };
      await day();
      const read = (name: string) => Deno.readTextFile(`${folder}/deep/${name}`);
      const lines = (await read("recovery.log")).trim().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(
        lines.map(({ action_type, result, level }) => [action_type, result, level]),
        [
          ["second", "failed", "WARNING"],
        ],
      );
      await clock.advance(DAY);
      await day();
      const names = Array.from(Deno.readDirSync(`${folder}/deep`), ({ name }) => name).toSorted();
      assert.equal(
        names.filter((name) => name.startsWith("recovery") && !name.includes("lock")).length,
        2,
        names.join(),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "logging.log_file, or file, without permission is counted, and nobody is asked",
  permissions: { write: false },
  async fn() {
    for (const logging of ["log_file: logs/recovery.log", "file: logs/recovery.log"]) {
      const world = await policyWorld({
        yaml: file(ONE, `logging: { ${logging} }`),
        actions: { first: "ok" },
      });
      await anomaly(world, "crash", 1);
      await atRest();
      assert.match(JSON.stringify(world.recovery.getStatus().outlets), /write/, logging);
      assert.deepEqual(await told(world.recovery), ["first success"]);
    }
  },
});
