import assert from "node:assert/strict";
import {
  RecoveryLog,
  type RecoveryLogOptions,
} from "../../../orchestration/recovery/recovery_log.ts";
import { LogLevel } from "../../../enums/log_level.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { MemoryLogFiles } from "./memory_log_files.ts";

function setUp(options: Partial<RecoveryLogOptions> = {}) {
  const files = new MemoryLogFiles();
  const clock = new FakeClock({ startWallMs: Date.parse("2026-11-21T12:00:00Z") });
  const log = new RecoveryLog({ path: "logs/a.log", clock, files, ...options });
  const entries = () => (files.text("logs/a.log") ?? "").split("\n").slice(0, -1);
  return { files, clock, log, entries };
}

const HEAD = '{"logged_at":"2026-11-21T12:00:00.000Z","level"';

Deno.test("RecoveryLog writes entries as they were when they were logged, in their order", async () => {
  const { log, entries, clock } = setUp();
  const entry = { step: 1 };
  log.write("INFO", entry);
  entry.step = 2;
  log.write("ERROR", entry);
  assert.deepEqual(entries(), []);
  await log.flush();
  assert.deepEqual(entries(), [`${HEAD}:"INFO","step":1}`, `${HEAD}:"ERROR","step":2}`]);
  assert.equal(log.metrics.log_lines_written_total, 2);
  assert.equal(clock.sleeperCount, 0, "no timer when idle");
});

Deno.test("RecoveryLog leaves out what is less important than its level", async () => {
  const levels = Object.values(LogLevel);
  for (const [index, level] of levels.entries()) {
    const { log, entries } = setUp({ level, format: "text" });
    for (const each of levels) log.write(each, {});
    await log.flush();
    assert.deepEqual(entries().map((line) => line.split(" ")[1]), levels.slice(index), level);
  }
  const { log, entries } = setUp();
  log.write("DEBUG", {});
  log.write("INFO", {});
  await log.flush();
  assert.equal(entries().length, 1, "INFO by default");
});

Deno.test("RecoveryLog counts a fault, keeps the line, and tries again at the next one", async () => {
  const { log, files, entries } = setUp();
  files.faults.open = new Error("No space left on device");
  log.write("INFO", { n: 1 });
  await log.flush();
  assert.deepEqual(log.metrics, {
    log_lines_written_total: 0,
    log_lines_dropped_total: 0,
    log_lines_pending: 1,
    log_rotations_total: 0,
    log_files_removed_total: 0,
    log_faults_total: 2,
    last_log_fault: { kind: "failed", text: "Error: No space left on device" },
  });
  delete files.faults.open;
  log.write("INFO", { n: 2 });
  for (let turn = 0; turn < 50 && log.metrics.log_lines_pending > 0; turn++) await null;
  assert.deepEqual(entries(), [`${HEAD}:"INFO","n":1}`, `${HEAD}:"INFO","n":2}`]);
});

Deno.test("RecoveryLog tells which permission is missing", async () => {
  const { log, files } = setUp();
  files.missing = "write permission not granted: --allow-write=logs";
  log.write("INFO", {});
  await log.flush();
  assert.deepEqual(log.metrics.last_log_fault, { kind: "not_permitted", text: files.missing });
  files.missing = null;
  files.faults.open = new Deno.errors.NotCapable("taken away");
  await log.flush();
  assert.equal(log.metrics.last_log_fault?.kind, "not_permitted");
  assert.deepEqual(log.permissions, [
    { name: "read", path: "logs" },
    { name: "write", path: "logs" },
  ]);
});

Deno.test("RecoveryLog drops lines beyond its bound, and counts them", async () => {
  const { log, entries } = setUp({ linesMax: 2 });
  for (let n = 0; n < 5; n++) log.write("INFO", { n });
  await log.flush();
  assert.equal(entries().length, 2);
  assert.equal(log.metrics.log_lines_dropped_total, 3);
});

Deno.test("RecoveryLog counts the files that it rotates and removes", async () => {
  const { log, files, clock } = setUp({ rotation: "Hourly", retentionDays: 1 });
  files.put("logs/a.log.2026-11-19", "old");
  log.write("INFO", {});
  clock.jumpWall(3_600_000);
  log.write("INFO", {});
  await log.flush();
  assert.equal(files.text("logs/a.log.2026-11-21T12"), `${HEAD}:"INFO"}\n`);
  const { log_rotations_total, log_files_removed_total } = log.metrics;
  assert.deepEqual([log_rotations_total, log_files_removed_total], [1, 1]);
});

Deno.test("RecoveryLog writes what waits when it is disposed, and drops what comes later", async () => {
  const { log, entries, clock } = setUp();
  log.write("INFO", {});
  await log[Symbol.asyncDispose]();
  log.write("INFO", {});
  await log.flush();
  assert.equal(entries().length, 1);
  assert.equal(log.metrics.log_lines_dropped_total, 1);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("RecoveryLog does not wait for a hung disk for ever when it is disposed", async () => {
  const { log, files, clock } = setUp({ closeMs: 1_000 });
  files.open = () => new Promise(() => {});
  log.write("INFO", {});
  let isDone = false;
  const done = log[Symbol.asyncDispose]().then(() => isDone = true);
  await clock.advance(999);
  assert.equal(isDone, false);
  await clock.advance(1);
  await done;
  assert.equal(log.metrics.log_lines_dropped_total, 1);
  assert.match(log.metrics.last_log_fault?.text ?? "", /no answer within 1000 ms/);
});

Deno.test("RecoveryLog refuses options that are out of range", () => {
  const cases: [options: Partial<RecoveryLogOptions>, message: RegExp][] = [
    [{ rotation: "monthly" }, /rotation must be one of/],
    [{ format: "xml" }, /format must be/],
    [{ level: "LOUD" as LogLevel }, /level must be a log level, got "LOUD"/],
    [{ retentionDays: -1 }, /retentionDays must be a number from 0/],
    [{ linesMax: 0 }, /linesMax must be a number from 1/],
    [{ closeMs: NaN }, /closeMs must be a number from 0/],
    [{ path: "logs/" }, /path must name a file, got "logs\/"/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => setUp(options), { name: "RangeError", message });
  }
});
