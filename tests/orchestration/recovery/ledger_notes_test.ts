import assert from "node:assert/strict";
import { emptyLedger, standingOf } from "../../../orchestration/recovery/ledger.ts";
import {
  countName,
  noteAnomaly,
  noteEnd,
  noteLastRefusal,
  noteRecovery,
  noteRefusal,
  noteRun,
  noteStep,
  stepFailures,
} from "../../../orchestration/recovery/ledger_notes.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const HOUR_MS = 3_600_000;
const rules = await rulesOf({ advanced: { futility_threshold: 2, futility_freeze_seconds: 60 } });

Deno.test("noteRun keeps the times of the last hour, and of safe mode those of the last day", () => {
  const ledger = emptyLedger();
  noteRun(ledger, "a", 0);
  noteRun(ledger, "safe_mode", 1);
  noteRun(ledger, "enter_safe_mode", HOUR_MS);
  assert.deepEqual(ledger.runsMs, [1, HOUR_MS]);
  assert.deepEqual(ledger.safeModesMs, [1, HOUR_MS]);
  noteRun(ledger, "a", 25 * HOUR_MS);
  assert.deepEqual(ledger.runsMs, [25 * HOUR_MS]);
  assert.deepEqual(ledger.safeModesMs, [1, HOUR_MS], "only safe mode looks at its own");
});

Deno.test("noteEnd keeps count of failures and of what did not help, until a success", () => {
  const ledger = emptyLedger();
  const success = { isSuccess: true, isFutile: false };
  const failure = { isSuccess: false, isFutile: false };
  const futile = { isSuccess: false, isFutile: true };
  const cases = [
    { name: "a failure", end: failure, frozen: false, failures: 1, futile: 0, untilMs: null },
    { name: "no help", end: futile, frozen: false, failures: 2, futile: 1, untilMs: null },
    { name: "a failure again", end: failure, frozen: false, failures: 3, futile: 1, untilMs: null },
    { name: "no help again", end: futile, frozen: true, failures: 4, futile: 0, untilMs: 60_004 },
    { name: "a success", end: success, frozen: false, failures: 0, futile: 0, untilMs: null },
  ];
  for (const [i, { name, end, frozen, failures, futile, untilMs }] of cases.entries()) {
    const isFrozen = noteEnd(ledger, { action: "a", nowMs: i + 1, ...end }, rules);
    assert.equal(isFrozen, frozen, name);
    const wanted = { endedMs: i + 1, failures, futile, frozenUntilMs: untilMs };
    assert.deepEqual(standingOf(ledger, "a"), wanted, name);
  }
  const { executed, succeeded, failed, skipped } = ledger.counters;
  assert.deepEqual([executed, succeeded, failed, skipped], [5, 1, 4, 0]);
  assert.deepEqual([...ledger.byAction, ...ledger.byResult], [["a", 5], ["failed", 4], [
    "success",
    1,
  ]]);
  assert.deepEqual(ledger.lastAction, { name: "a", atMs: 5 });
});

Deno.test("noteRefusal counts a dry run as skipped and as a dry run", () => {
  const ledger = emptyLedger();
  noteRefusal(ledger, "skipped_dry_run");
  noteRefusal(ledger, "skipped_cooldown");
  const { skipped, dryRuns, executed } = ledger.counters;
  assert.deepEqual([skipped, dryRuns, executed], [2, 1, 0]);
});

Deno.test("noteStep counts failures in a row, for each anomaly and step apart", () => {
  const ledger = emptyLedger();
  noteStep(ledger, "x", 0, true);
  noteStep(ledger, "x", 0, true);
  noteStep(ledger, "x", 1, true);
  noteStep(ledger, "y", 0, true);
  assert.deepEqual([stepFailures(ledger, "x", 0), stepFailures(ledger, "x", 1)], [2, 1]);
  noteStep(ledger, "x", 0, false);
  assert.deepEqual([stepFailures(ledger, "x", 0), stepFailures(ledger, "x", 1)], [0, 1]);
  assert.equal(stepFailures(ledger, "x", -1), 0);
  noteStep(ledger, "1 z", 0, true);
  assert.equal(stepFailures(ledger, "z", 1), 0);
});

Deno.test("noteAnomaly counts one that comes back in time, and begins anew otherwise", () => {
  const ledger = emptyLedger();
  const at = (firstMs: number, nowMs: number) =>
    noteAnomaly(ledger, "x", { firstMs, nowMs, gapMs: 100 });
  assert.deepEqual(at(5, 10), { firstMs: 5, lastMs: 10, recurrences: 0 });
  assert.deepEqual(at(100, 109), { firstMs: 5, lastMs: 109, recurrences: 1 });
  assert.deepEqual(at(200, 209), { firstMs: 200, lastMs: 209, recurrences: 0 });
});

Deno.test("noteRecovery sums up seconds, and never less than none", () => {
  const ledger = emptyLedger();
  noteRecovery(ledger, 1_000, 3_500);
  noteRecovery(ledger, 9_000, 3_500);
  const { recoveries, recoverySeconds } = ledger.counters;
  assert.deepEqual([recoveries, recoverySeconds], [2, 2.5]);
});

Deno.test("countName counts further names as those of others, beyond its bound", () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 1_000; i++) countName(counts, `x${i}`);
  countName(counts, "x0");
  countName(counts, "__proto__");
  assert.equal(counts.size, 51);
  assert.deepEqual([counts.get("x0"), counts.get("(others)")], [2, 951]);
});

Deno.test("what a ledger knows by name is bounded, and forgets what was heard of least recently", () => {
  const ledger = emptyLedger();
  for (let i = 0; i < 1_000; i++) {
    const firstMs = i;
    noteAnomaly(ledger, `x${i}`, { firstMs, nowMs: i, gapMs: 1e9 });
    noteAnomaly(ledger, "often", { firstMs, nowMs: i, gapMs: 1e9 });
    noteStep(ledger, `x${i}`, 0, true);
    noteLastRefusal(ledger, `x${i}`, { seq: i, result: "skipped_paused" });
    noteEnd(ledger, { action: `x${i}`, nowMs: i, isSuccess: true, isFutile: false }, rules);
  }
  const { episodes, stepFailures: failures, refusals, actions } = ledger;
  assert.deepEqual([episodes.size, failures.size, refusals.size, actions.size], [50, 50, 25, 100]);
  assert.equal(episodes.get("often")?.recurrences, 999);
  assert.ok(refusals.has("x999") && !refusals.has("x0"));
});
