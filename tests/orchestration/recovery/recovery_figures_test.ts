import assert from "node:assert/strict";
import { compileRules } from "../../../orchestration/recovery/compile_rules.ts";
import { checkedRecoverySchema } from "../../../orchestration/recovery/checked_schemas.ts";
import type { LaneWorker } from "../../../orchestration/recovery/lane_worker.ts";
import { emptyLedger, type Ledger } from "../../../orchestration/recovery/ledger.ts";
import { cooldownsOf, figuresOf } from "../../../orchestration/recovery/recovery_figures.ts";

const NOW_MS = Date.UTC(2026, 0, 1);

/** A worker whose lane remembers what a test says. */
function aWorker(change: (ledger: Ledger) => void): LaneWorker {
  const ledger = emptyLedger();
  change(ledger);
  return { lane: { ledger, now: () => NOW_MS } } as unknown as LaneWorker;
}

const document = await checkedRecoverySchema.defaults();
const rules = compileRules(document!, null);

Deno.test("figuresOf gives zeros where nothing works, and every name that is known", () => {
  const figures = figuresOf([], { names: ["a", "b"], running: true });
  const numbers = Object.values(figures).filter((value) => typeof value === "number");
  assert.ok(numbers.length > 0 && numbers.every((value) => value === 0));
  assert.deepEqual(figures.actions_by_type, { a: 0, b: 0 });
  assert.deepEqual([figures.last_action_time, figures.last_action_type, figures.running], [
    null,
    null,
    true,
  ]);
});

Deno.test("figuresOf adds up lanes, and takes the later of their last actions", () => {
  const one = aWorker((ledger) => {
    Object.assign(ledger.counters, { executed: 3, succeeded: 2, failed: 1, recoveries: 1 });
    ledger.counters.recoverySeconds = 10;
    ledger.byAction.set("a", 3);
    ledger.byResult.set("success", 2).set("failed", 1);
    ledger.byAnomaly.set("crash", 1);
    ledger.lastAction = { name: "a", atMs: NOW_MS };
  });
  const other = aWorker((ledger) => {
    Object.assign(ledger.counters, { executed: 1, succeeded: 1, skipped: 4, recoveries: 2 });
    ledger.counters.recoverySeconds = 50;
    ledger.byAction.set("a", 1).set("__proto__", 1);
    ledger.byResult.set("success", 1);
    ledger.byAnomaly.set("crash", 2).set("hang", 1);
    ledger.lastAction = { name: "b", atMs: NOW_MS - 1 };
  });
  for (const workers of [[one, other], [other, one]]) {
    const figures = figuresOf(workers, { names: ["b"], running: false });
    assert.equal(figures.total_actions_executed, 4);
    assert.equal(figures.success_rate, 0.75);
    assert.equal(figures.skipped_actions, 4);
    assert.equal(figures.average_mttr_seconds, 20);
    assert.equal(figures.verified_recoveries, 3);
    const byType = new Map(Object.entries(figures.actions_by_type));
    assert.deepEqual([byType.get("a"), byType.get("b"), byType.get("__proto__")], [4, 0, 1]);
    assert.deepEqual(figures.actions_by_anomaly, { crash: 3, hang: 1 });
    assert.deepEqual(figures.actions_by_result, { success: 3, failed: 1 });
    assert.equal(figures.last_action_type, "a");
    assert.equal(figures.last_action_time, "2026-01-01T00:00:00.000Z");
  }
});

Deno.test("figuresOf changes nothing of what it adds up", () => {
  const worker = aWorker((ledger) => ledger.byAction.set("a", 1));
  figuresOf([worker, worker], { names: [], running: false });
  assert.equal(worker.lane.ledger.byAction.get("a"), 1);
});

const RESTS = [
  { name: "never ran", endedMs: null, failures: 0, seconds: 0 },
  { name: "ran just now", endedMs: NOW_MS, failures: 0, seconds: 600 },
  { name: "ran a while ago", endedMs: NOW_MS - 599_000, failures: 0, seconds: 1 },
  { name: "ran long ago", endedMs: NOW_MS - 600_000, failures: 0, seconds: 0 },
  { name: "failed once", endedMs: NOW_MS, failures: 1, seconds: 600 },
  { name: "failed three times", endedMs: NOW_MS, failures: 3, seconds: 2_400 },
  { name: "failed very often", endedMs: NOW_MS, failures: 99, seconds: 3_600 },
];

for (const { name, endedMs, failures, seconds } of RESTS) {
  Deno.test(`cooldownsOf: what ${name} rests for ${seconds} s`, () => {
    const standing = { endedMs, failures, futile: 0, frozenUntilMs: null };
    const workers = [aWorker(() => {}), aWorker((l) => l.actions.set("cache_purge", standing))];
    const { cache_purge: cooldown } = cooldownsOf(workers, ["cache_purge"], rules);
    assert.deepEqual(cooldown, {
      available: seconds === 0,
      seconds_remaining: seconds,
      last_executed: endedMs === null ? null : new Date(endedMs).toISOString(),
    });
  });
}

Deno.test("cooldownsOf takes 300 s where there are no rules, and the longer rest of two lanes", () => {
  const at = (endedMs: number) =>
    aWorker(({ actions }) =>
      void actions.set("mine", { endedMs, failures: 0, futile: 0, frozenUntilMs: null })
    );
  const { mine } = cooldownsOf([at(NOW_MS - 100_000), at(NOW_MS - 50_000)], ["mine"], null);
  assert.equal(mine?.seconds_remaining, 250);
  assert.equal(mine.last_executed, new Date(NOW_MS - 50_000).toISOString());
});
