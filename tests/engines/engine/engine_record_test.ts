import assert from "node:assert/strict";
import { EngineRecord } from "../../../engines/engine/engine_record.ts";
import { completed, ended } from "../../support/step_results.ts";
import { contextOf } from "./engines.ts";

const context = contextOf();
const idle = { isActive: true, activeRuns: 0, running: 0, abandoned: 0 };

function newRecord(max = 10) {
  const createdAt = "2026-01-01T10:00:00.000Z";
  return new EngineRecord({ engineId: "engine-1", context, createdAt, maxConcurrent: 3 }, max);
}

Deno.test("EngineRecord counts nothing before something happens", () => {
  const stats = newRecord().stats(idle);
  assert.deepEqual(stats, {
    total_executions: 0,
    concurrent_executions: 0,
    queue_wait_times: [],
    execution_times: [],
    completed_executions: 0,
    failed_executions: 0,
    timeout_executions: 0,
    cancelled_executions: 0,
    dead_executions: 0,
    late_completions: 0,
    avg_queue_wait_time: 0,
    max_queue_wait_time: 0,
    avg_execution_time: 0,
    max_execution_time: 0,
    event_faults: 0,
    cleanup_faults: 0,
    engine_id: "engine-1",
    user_id: "ada",
    run_id: "run-1",
    thread_id: "thread-1",
    active_runs_count: 0,
    history_count: 0,
    created_at: "2026-01-01T10:00:00.000Z",
    is_active: true,
    max_concurrent: 3,
    user_correlation_id: context.correlationId,
  });
  assert.ok(Object.isFrozen(stats));
});

Deno.test("EngineRecord counts each end under its status, and a timeout as a failure too", () => {
  const record = newRecord();
  record.ended(completed("a"), true);
  record.ended(completed("b"), true);
  record.ended(ended("c", "failed"), true);
  record.ended(ended("d", "timed_out"), true);
  record.ended(ended("e", "cancelled"), true);
  const stats = record.stats(idle);
  assert.equal(stats.completed_executions, 2);
  assert.equal(stats.failed_executions, 2);
  assert.equal(stats.timeout_executions, 1);
  assert.equal(stats.cancelled_executions, 1);
  const { total_agents, completed_agents, failed_agents } = record.summary(idle);
  assert.deepEqual([total_agents, completed_agents, failed_agents], [5, 2, 2]);
});

Deno.test("EngineRecord shows times in seconds", () => {
  const record = newRecord();
  for (const ms of [1_000, 2_000]) record.waited(ms);
  for (const executionTimeMs of [500, 1_500]) {
    record.ended(completed("a", { executionTimeMs }), true);
  }
  const stats = record.stats(idle);
  assert.deepEqual(stats.queue_wait_times, [1, 2]);
  assert.deepEqual(stats.execution_times, [0.5, 1.5]);
  assert.deepEqual([stats.avg_queue_wait_time, stats.max_queue_wait_time], [1.5, 2]);
  assert.deepEqual([stats.avg_execution_time, stats.max_execution_time], [1, 1.5]);
});

Deno.test("EngineRecord keeps the last results and times, and counts all of them", () => {
  const record = newRecord(2);
  for (const name of ["a", "b", "c"]) {
    record.accepted();
    record.waited(1_000);
    record.ended(completed(name), true);
  }
  assert.deepEqual(record.history(9).map(({ stepName }) => stepName), ["b", "c"]);
  assert.deepEqual(record.history(1).map(({ stepName }) => stepName), ["c"]);
  const stats = record.stats(idle);
  assert.equal(stats.history_count, 2);
  assert.equal(stats.queue_wait_times.length, 2);
  assert.equal(stats.total_executions, 3);
  assert.equal(stats.completed_executions, 3);
});

Deno.test("EngineRecord shows how things stand", () => {
  const moment = { isActive: false, activeRuns: 4, running: 3, abandoned: 2 };
  const stats = newRecord().stats(moment);
  assert.equal(stats.is_active, false);
  assert.equal(stats.active_runs_count, 4);
  assert.equal(stats.concurrent_executions, 3);
  assert.equal(stats.dead_executions, 2);
});

Deno.test("EngineRecord.summary warns of what somebody should look at", () => {
  const record = newRecord();
  assert.deepEqual(record.summary(idle).warnings, []);
  record.ended(ended("a", "timed_out"), true);
  record.answeredLate();
  record.eventFault();
  record.eventFault();
  const summary = record.summary({ ...idle, abandoned: 3 });
  assert.deepEqual(summary.warnings, [
    "1 agents took too long",
    "3 agents go on although their run has ended",
    "1 agents answered after their run had ended",
    "2 events were not handed over",
  ]);
  assert.equal(summary.execution_stats.late_completions, 1);
  assert.equal(summary.execution_stats.event_faults, 2);
  assert.equal(summary.user_id, "ada");
  assert.equal(summary.engine_id, "engine-1");
});
