import assert from "node:assert/strict";
import type { LogLevel } from "../../../enums/log_level.ts";
import type { MetricsCollector } from "../../../orchestration/recovery/metrics_collector.ts";
import { ignoredEntry } from "../../../orchestration/recovery/ignored_entry.ts";
import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import {
  type EntryNews,
  RecoveryTelemetry,
  type RecoveryTelemetryOptions,
} from "../../../orchestration/recovery/recovery_telemetry.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { aCause, NOW_MS } from "./recovery_fixtures.ts";

const NO_NEWS: EntryNews = { isFrozen: false, isRepeatedFailure: false, recoverySeconds: null };

function anEntry(fields: Partial<RecoveryActionDict> = {}): RecoveryActionDict {
  const lane = { name: "cluster", node: "node-1", term: null };
  const options = { result: "no_policy", threshold: null, nowMs: NOW_MS, lane } as const;
  const ignored = ignoredEntry(aCause(), options);
  return { seq: 0, ...ignored, action_type: "restart_radio", reason: "because", ...fields };
}

const SUCCESS = {
  result: "success",
  success: true,
  error: null,
  ended_at: "2026-11-21T13:00:02.000Z",
  duration_seconds: 2,
} as const;
const FAILED = { result: "failed", error: "too hot", ended_at: SUCCESS.ended_at } as const;

function watch(options: Partial<RecoveryTelemetryOptions> = {}) {
  const notices: RecoveryNotice[] = [];
  const lines: [LogLevel, Readonly<Record<string, unknown>>][] = [];
  const telemetry = new RecoveryTelemetry({
    node: () => "node-1",
    tell: (notice) => void notices.push(notice),
    log: (level, entry) => void lines.push([level, entry]),
    metrics: null,
    clock: new FakeClock({ startWallMs: NOW_MS }),
    ...options,
  });
  return { telemetry, notices, lines };
}

Deno.test("RecoveryTelemetry tells people of what matters, each thing under its kind", () => {
  const cases: [name: string, Partial<RecoveryActionDict>, Partial<EntryNews>, told: string[]][] = [
    ["a success", SUCCESS, {}, ["recovery_action_executed: restart_radio ran: because"]],
    ["safe mode", { ...SUCCESS, action_type: "safe_mode" }, {}, [
      "recovery_action_executed: safe_mode ran: because",
      "safe_mode_entered: Safe mode: because",
    ]],
    ["a failure", FAILED, {}, ["recovery_action_failed: restart_radio failed: too hot"]],
    ["a failure of many", { ...FAILED, escalated: true }, {
      isFrozen: true,
      isRepeatedFailure: true,
    }, [
      "recovery_action_failed: restart_radio failed: too hot",
      "escalation_triggered: Escalated to restart_radio: because",
      "multiple_failures_detected: restart_radio keeps failing: too hot",
      "recovery_action_frozen: restart_radio does not help: left alone",
    ]],
    ["a refusal", { result: "skipped_cooldown", error: "it ran" }, {}, []],
    ["a dry run", { result: "skipped_dry_run", error: "would have run" }, {}, []],
    ["the end of safe modes", { result: "skipped_safe_mode_limit", error: "5 of 5" }, {}, [
      "safe_mode_limit_reached: restart_radio was not run: 5 of 5",
    ]],
  ];
  for (const [name, fields, news, told] of cases) {
    const { telemetry, notices } = watch();
    telemetry.entry(anEntry(fields), { ...NO_NEWS, ...news });
    assert.deepEqual(notices.map(({ kind, text }) => `${kind}: ${text}`), told, name);
    for (const { timestamp, node, channel, cause } of notices) {
      assert.deepEqual(
        [timestamp, node, channel, cause],
        ["2026-11-21T13:00:00.000Z", "node-1", null, "comm_fault"],
      );
    }
  }
});

Deno.test("RecoveryTelemetry logs every entry whole, refusals too, each at its level", () => {
  const cases: [fields: Partial<RecoveryActionDict>, level: LogLevel][] = [
    [SUCCESS, "INFO"],
    [FAILED, "WARNING"],
    [{ result: "skipped_dry_run" }, "INFO"],
    [{ result: "skipped_disabled" }, "DEBUG"],
  ];
  for (const [fields, level] of cases) {
    const { telemetry, lines } = watch();
    const entry = anEntry(fields);
    telemetry.entry(entry);
    assert.deepEqual(lines, [[level, { event: "recovery_action", ...entry }]]);
  }
});

Deno.test("RecoveryTelemetry counts results, and measures only what ran and what recovered", () => {
  const seen: unknown[] = [];
  const metrics: MetricsCollector = {
    increment: (...given) => void seen.push(given),
    observe: (...given) => void seen.push(given),
  };
  const { telemetry } = watch({ metrics });
  telemetry.entry(anEntry({ result: "skipped_dry_run" }));
  telemetry.entry(anEntry(SUCCESS), { ...NO_NEWS, recoverySeconds: 9 });
  const total = "baton_recovery_actions_total";
  assert.deepEqual(seen, [
    [total, { action: "restart_radio", result: "skipped_dry_run" }],
    [total, { action: "restart_radio", result: "success" }],
    ["baton_recovery_action_seconds", 2, { action: "restart_radio" }],
    ["baton_recovery_mttr_seconds", 9, { anomaly: "comm_fault" }],
  ]);
});

Deno.test("RecoveryTelemetry is not broken by a collector, whether it throws or rejects", async () => {
  const fail = () => {
    throw new Error("no metrics");
  };
  const failing: MetricsCollector[] = [
    { increment: fail, observe: fail },
    // deno-lint-ignore require-await -- an asynchronous collector that fails
    { increment: async () => fail(), observe: async () => fail() },
  ];
  for (const metrics of failing) {
    const { telemetry, notices, lines } = watch({ metrics });
    telemetry.entry(anEntry(SUCCESS), { ...NO_NEWS, recoverySeconds: 9 });
    assert.equal(notices.length, 1);
    for (let i = 0; i < 5; i++) await null;
    assert.equal(telemetry.faults, 3);
    assert.equal(telemetry.lastFault, "metrics collector: Error: no metrics");
    assert.equal(lines.length, 4);
  }
});

Deno.test("RecoveryTelemetry is not broken by one who cannot say which node it is", () => {
  const { telemetry } = watch({
    node: () => {
      throw new Error("no coordinator");
    },
  });
  telemetry.entry(anEntry(SUCCESS));
  assert.equal(telemetry.lastFault, "telemetry: Error: no coordinator");
});

Deno.test("RecoveryTelemetry counts faults, and shows whatever was thrown", () => {
  const { telemetry, lines, notices } = watch();
  assert.deepEqual([telemetry.faults, telemetry.lastFault], [0, null]);
  telemetry.fault("storage", Object.create(null));
  assert.equal(telemetry.lastFault, "storage: a thrown object that cannot be shown as text");
  telemetry.fault("inbox", new RangeError("full"));
  assert.deepEqual([telemetry.faults, telemetry.lastFault], [2, "inbox: RangeError: full"]);
  assert.deepEqual(lines[1], [
    "WARNING",
    { event: "fault", what: "inbox", error: "RangeError: full" },
  ]);
  assert.deepEqual(notices, []);
});
