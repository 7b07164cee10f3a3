import { type Clock, systemClock } from "@baton/orchestration/clock";
import {
  parseConfig,
  type RecoveryPoliciesDocument,
  recoveryPoliciesSchema,
} from "@baton/orchestration/config";
import type { HealthState } from "@baton/orchestration/health";
import {
  EnhancedRecoveryOrchestrator,
  KvRecoveryStorage,
  MemoryRecoveryStorage,
  type RecoveryStorage,
} from "@baton/orchestration/orchestration";
import { compileRules } from "../orchestration/recovery/compile_rules.ts";
import { parseCondition } from "../orchestration/recovery/condition.ts";
import { decideStep } from "../orchestration/recovery/decide_step.ts";
import { decideAction } from "../orchestration/recovery/gate.ts";
import type { GateFacts } from "../orchestration/recovery/gate_facts.ts";
import { type Figures, measure, measureSideBySide, ms, perSecond, table } from "./figures.ts";

const COMPONENTS = 100;
const ANOMALIES = 10_000;
const BATCH = 10_000;

const FACTS: GateFacts = {
  at_ms: 1e12,
  enabled: true,
  dry_run: false,
  has_handler: true,
  leading: true,
  phase: null,
  phase_fault: null,
  alive_share: 1,
  healthy_share: 1,
  storm_seen_ms: null,
  pause: null,
  last_ended_ms: 1e12 - 86_400_000,
  failures_in_row: 0,
  frozen_until_ms: null,
  runs_last_hour: 3,
  first_run_ms: 1e12 - 1_000,
  safe_modes_last_day: 0,
  first_safe_mode_ms: null,
  waiting: 0,
};

/** The decisions of recovery, and what putting them on record costs beside bare commits. */
export async function benchRecovery(times: number): Promise<string> {
  return [
    await benchDecisions(times),
    await benchRecords(times),
    await benchQueue(),
  ].join("\n\n");
}

async function benchDecisions(times: number): Promise<string> {
  const document = await policies(COMPONENTS);
  const rules = compileRules(document, null);
  const action = rules.actions.get("page")!;
  const request = { action, trigger: "anomaly", force: false } as const;
  const resting: GateFacts = { ...FACTS, last_ended_ms: 1e12 - 1 };
  const condition = parseCondition("severity >= 0.8 or recurrence_count >= 2");
  const inputs = {
    context: { severity: 0.9, recurrence_count: 0, confidence: 1, step: 1, duration: 0 },
    previous_result: null,
    previous_failures: 0,
    force: false,
    facts: FACTS,
  };
  const recovery = new EnhancedRecoveryOrchestrator({ config: document });
  const state = stateOf(COMPONENTS);
  const [run, refused, step, cycle] = await measureSideBySide(times, [
    repeat(BATCH, () => decideAction(request, FACTS, rules)),
    repeat(BATCH, () => decideAction(request, resting, rules)),
    repeat(BATCH, () => decideStep({ action, condition, trigger: "anomaly" }, inputs, rules)),
    async () => await recovery.handleEvent({ type: "health_check", state }),
  ]) as [Figures, Figures, Figures, Figures];
  const row = (name: string, figures: Figures, each = 1) => [
    name,
    (figures.percentileMs(0.5) * 1e3 / each).toFixed(2),
    (figures.percentileMs(0.99) * 1e3 / each).toFixed(2),
    perSecond(figures, each),
  ];
  return table(`Decisions of recovery (${times} times each, in turn)`, [
    "operation",
    "p50 µs",
    "p99 µs",
    "a second",
  ], [
    row("gate: all twelve checks pass", run, BATCH),
    row("gate: refused by a cooldown", refused, BATCH),
    row("step: condition and gate", step, BATCH),
    row(`cycle: ${COMPONENTS} components watched by ${COMPONENTS} policies, all well`, cycle),
  ]);
}

async function benchRecords(times: number): Promise<string> {
  using kv = await Deno.openKv(":memory:");
  const rows: string[][] = [];
  const storages: readonly (readonly [string, RecoveryStorage])[] = [
    ["in memory", new MemoryRecoveryStorage()],
    ["on Deno KV in memory", new KvRecoveryStorage({ kv, prefix: ["bench"] })],
  ];
  const bare = await measure(times, async () => void await kv.atomic().set(["bare"], 1).commit());
  rows.push(["bare: one commit on Deno KV in memory", ...figuresOf(bare)]);
  for (const [where, storage] of storages) {
    const recovery = new EnhancedRecoveryOrchestrator({ config: await policies(1), storage });
    recovery.registerAction("page", () => {});
    const told = await measure(times, async () => {
      await recovery.handleAnomaly({ anomalyType: "policy-0", severityScore: 0.9 });
    });
    const acted = await measure(times, async () => {
      await recovery.handleAnomaly({ anomalyType: "policy-0", severityScore: 0.9 });
      await recovery.processPending();
    });
    rows.push([`anomaly put on record, ${where}`, ...figuresOf(told)]);
    rows.push([`anomaly to the end of its chain, ${where}`, ...figuresOf(acted)]);
  }
  return table(`Recovery on record (${await timersWhenIdle()} timer when idle)`, [
    "operation",
    "p50 ms",
    "p99 ms",
    "per s (mean)",
  ], rows);
}

async function benchQueue(): Promise<string> {
  const document = await policies(1);
  const advanced = { ...document.advanced, pending_max: ANOMALIES };
  const config = { ...document, advanced };
  const recovery = new EnhancedRecoveryOrchestrator({ config });
  const startMs = performance.now();
  for (let i = 0; i < ANOMALIES; i++) {
    const severityScore = (i * 7919 % ANOMALIES) / ANOMALIES / 2;
    await recovery.handleAnomaly({ anomalyType: `type-${i}`, severityScore });
  }
  const toldMs = performance.now();
  await recovery.processPending();
  const takenMs = performance.now();
  return table(`Queue of ${ANOMALIES} anomalies of as many types, in memory`, [
    "operation",
    "all of them, ms",
    "each, µs",
  ], [
    ["put on record", ...each(toldMs - startMs)],
    [
      "taken, the most severe first, and found not to concern any policy",
      ...each(takenMs - toldMs),
    ],
  ]);
}

/** Timers of an orchestrator that has nothing to do. */
async function timersWhenIdle(): Promise<number> {
  let timers = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: async (timeMs, options) => {
      timers++;
      try {
        await systemClock.sleep(timeMs, options);
      } finally {
        timers--;
      }
    },
  };
  const recovery = new EnhancedRecoveryOrchestrator({ config: await policies(1), clock });
  const running = recovery.run();
  await systemClock.sleep(50);
  const idle = timers;
  recovery.stop();
  await running;
  return idle;
}

async function policies(count: number): Promise<RecoveryPoliciesDocument> {
  const each = Array.from(
    { length: count },
    (_, i) =>
      `  policy-${i}: { severity_threshold: 0.5, component: component-${i},` +
      ` escalation_chain: [{ action: page, condition: severity >= 0.5 }] }`,
  );
  const text = `advanced: { max_actions_per_hour: 1000 }
cooldowns: { page: 0 }
recovery_policies:
${each.join("\n")}
`;
  return (await parseConfig(text, recoveryPoliciesSchema)).config;
}

function stateOf(count: number): HealthState {
  const components = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`component-${i}`, { status: "HEALTHY" }]),
  );
  return { system: { status: "HEALTHY", failed_components: 0 }, components };
}

/** Counts what was decided, so that the compiler cannot leave the call out. */
let decided = 0;

function repeat(batch: number, decide: () => object): () => Promise<void> {
  return () => {
    for (let i = 0; i < batch; i++) if ("kind" in decide()) decided++;
    return Promise.resolve(void decided);
  };
}

function figuresOf(figures: Figures): string[] {
  return [ms(figures.percentileMs(0.5)), ms(figures.percentileMs(0.99)), perSecond(figures)];
}

function each(totalMs: number): string[] {
  return [totalMs.toFixed(0), (totalMs * 1e3 / ANOMALIES).toFixed(1)];
}
