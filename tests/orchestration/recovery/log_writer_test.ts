import assert from "node:assert/strict";
import { LogPermissionError, LogWriter } from "../../../orchestration/recovery/log_writer.ts";
import type { LogRotation } from "../../../orchestration/recovery/log_rotation.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { MemoryLogFiles } from "./memory_log_files.ts";

/** A writer on files in memory; lines are logged at the moments that they say. */
function setUp(options: { path?: string; rotation?: LogRotation; retentionDays?: number } = {}) {
  const files = new MemoryLogFiles();
  const faults: unknown[] = [];
  const clock = new FakeClock({ startWallMs: Date.parse("2026-11-21T12:00:00Z") });
  const all = { path: "logs/a.log", rotation: "daily", retentionDays: 0, ...options } as const;
  const writer = new LogWriter({ ...all, clock, files, onFault: (error) => faults.push(error) });
  const other = new LogWriter({ ...all, clock, files, onFault: (error) => faults.push(error) });
  return { files, faults, clock, writer, other };
}

/** Lines that begin with the moment at which they were logged. */
function add(writer: LogWriter, ...moments: string[]): void {
  for (const moment of moments) {
    writer.queue.push({ atMs: Date.parse(moment), text: lines(moment) });
  }
}

function lines(...moments: string[]): string {
  return moments.map((moment) => `${new Date(moment).toISOString()} INFO\n`).join("");
}

const [DAY_1, DAY_1_LATER, DAY_2] = [
  "2026-11-21T01:00:00Z",
  "2026-11-21T23:00:00Z",
  "2026-11-22T00:00:00Z",
] as const;

Deno.test("LogWriter puts lines of each period into a file of their own", async () => {
  const { files, writer } = setUp();
  add(writer, DAY_1, DAY_1_LATER, DAY_2, "2026-11-24T01:00:00Z");
  await writer.writeAll();
  assert.equal(files.text("logs/a.log.2026-11-21"), lines(DAY_1, DAY_1_LATER));
  assert.equal(files.text("logs/a.log.2026-11-22"), lines(DAY_2));
  assert.equal(files.text("logs/a.log"), lines("2026-11-24T01:00:00Z"));
  assert.equal(files.inodes.size, 3);
  assert.deepEqual([writer.written, writer.rotated, writer.queue.length], [4, 2, 0]);
  assert.equal(files.appends, 4);
  assert.equal(files.openNow, 0);
  assert.deepEqual([...files.folders], ["logs"]);
});

Deno.test("LogWriter knows the period of a file that another process began, and of a foreign one", async () => {
  const cases: [name: string, before: string, modified: string, rotated: boolean][] = [
    ["of an earlier day", lines(DAY_1), DAY_2, true],
    ["of this day", lines(DAY_2), DAY_1, false],
    ["of a later day, as clocks differ", lines("2026-11-23T00:00:00Z"), DAY_1, false],
    ["foreign, last written earlier", "hello\n", DAY_1, true],
    ["foreign, last written today", "hello\n", DAY_2, false],
    ["empty", "", DAY_1, false],
  ];
  for (const [name, before, modified, isRotated] of cases) {
    const { files, writer } = setUp();
    files.put("logs/a.log", before, Date.parse(modified));
    add(writer, DAY_2);
    await writer.writeAll();
    assert.equal(files.text("logs/a.log.2026-11-21"), isRotated ? before : undefined, name);
    assert.equal(files.text("logs/a.log"), (isRotated ? "" : before) + lines(DAY_2), name);
  }
});

Deno.test("LogWriter never rotates when it is told so", async () => {
  const { files, writer } = setUp({ rotation: "" });
  add(writer, DAY_1, DAY_2);
  await writer.writeAll();
  assert.deepEqual([...files.inodes.keys()], ["logs/a.log"]);
});

Deno.test("LogWriter numbers a rotated file when its name is taken, by whatever has it", async () => {
  const { files, writer } = setUp();
  files.put("logs/a.log.2026-11-21", "precious");
  files.notPlain.add("logs/a.log.2026-11-21");
  add(writer, DAY_1, DAY_2);
  await writer.writeAll();
  assert.equal(files.text("logs/a.log.2026-11-21"), "precious");
  assert.equal(files.text("logs/a.log.2026-11-21.1"), lines(DAY_1));
});

Deno.test("LogWriter leaves the new file alone when another process rotated just before", async () => {
  const { files, writer, other } = setUp();
  files.put("logs/a.log", lines(DAY_1));
  files.beforeLock = () => {
    files.beforeLock = () => {};
    files.inodes.set("logs/a.log.2026-11-21", files.inodes.get("logs/a.log")!);
    files.put("logs/a.log", lines(DAY_2));
  };
  add(writer, DAY_2);
  await writer.writeAll();
  add(other, DAY_2);
  await other.writeAll();
  assert.equal(files.text("logs/a.log.2026-11-21"), lines(DAY_1));
  assert.equal(files.text("logs/a.log"), lines(DAY_2, DAY_2, DAY_2));
  assert.equal(files.inodes.size, 2);
  assert.equal(writer.rotated, 0);
});

Deno.test("LogWriter does not wait for the lock, and rotates later", async () => {
  const { files, writer, faults } = setUp();
  files.put("logs/a.log", lines(DAY_1));
  files.locked.add("logs/a.log.lock");
  add(writer, DAY_2);
  await writer.writeAll();
  assert.equal(files.text("logs/a.log"), lines(DAY_1, DAY_2));
  files.locked.clear();
  add(writer, DAY_2);
  await writer.writeAll();
  assert.equal(files.text("logs/a.log.2026-11-21"), lines(DAY_1, DAY_2));
  assert.equal(files.text("logs/a.log"), lines(DAY_2));
  assert.deepEqual([faults, files.locked.size], [[], 0]);
});

Deno.test("LogWriter writes on when it cannot rotate, and lets go of the lock", async () => {
  const { files, writer, faults } = setUp();
  files.put("logs/a.log", lines(DAY_1));
  files.faults.rename = new Error("no");
  add(writer, DAY_2);
  await writer.writeAll();
  assert.equal(files.text("logs/a.log"), lines(DAY_1, DAY_2));
  assert.deepEqual([faults, files.locked.size], [[files.faults.rename], 0]);
});

Deno.test("LogWriter keeps a line that the disk took in part, and writes it again on a line of its own", async () => {
  const { files, writer } = setUp();
  files.spaceLeft = 26;
  add(writer, DAY_1, DAY_1_LATER);
  await assert.rejects(writer.writeAll(), { message: "only 26 of 30 bytes were written" });
  assert.deepEqual([writer.queue.length, writer.written, files.openNow], [2, 0, 0]);
  files.spaceLeft = Infinity;
  await writer.writeAll();
  assert.equal(
    files.text("logs/a.log"),
    `${lines(DAY_1).slice(0, 26)}\n${lines(DAY_1, DAY_1_LATER)}`,
  );
});

Deno.test("LogWriter removes rotated files that are too old at start and at a rotation, never others", async () => {
  const { files, writer, clock } = setUp({ retentionDays: 2 });
  const others = ["a.log.2026-11-01.gz", "a.log.lock", "b.log.2026-11-01", "a.log.2026-11-01.bak"];
  for (const name of ["a.log.2026-11-18", "a.log.2026-11-19", "a.log.W2026-11-09", ...others]) {
    files.put(`logs/${name}`, "x");
  }
  files.put("logs/a.log.2026-11-02", "folder");
  files.notPlain.add("logs/a.log.2026-11-02");
  add(writer, DAY_1);
  await writer.writeAll();
  const kept = [...others, "a.log", "a.log.2026-11-02"].map((name) => `logs/${name}`);
  const names = () => [...files.inodes.keys()].toSorted();
  assert.deepEqual(names(), [...kept, "logs/a.log.2026-11-19"].toSorted());
  assert.equal(writer.removed, 2);
  clock.jumpWall(86_400_000);
  add(writer, DAY_1_LATER);
  await writer.writeAll();
  assert.equal(writer.removed, 2, "only at a rotation");
  add(writer, DAY_2);
  await writer.writeAll();
  assert.deepEqual(names(), [...kept, "logs/a.log.2026-11-21"].toSorted());
});

Deno.test("LogWriter writes on when old files cannot be listed or removed", async () => {
  for (const method of ["list", "remove"] as const) {
    const { files, writer, faults } = setUp({ retentionDays: 1 });
    files.put("logs/a.log.2026-01-01", "old");
    files.put("logs/a.log.2026-01-02", "old");
    files.faults[method] = new Error("no");
    add(writer, DAY_1);
    await writer.writeAll();
    assert.equal(files.text("logs/a.log"), lines(DAY_1));
    assert.equal(faults.length, method === "list" ? 1 : 2);
    assert.equal(writer.removed, 0);
  }
});

Deno.test("LogWriter touches nothing when a permission is missing", async () => {
  const { files, writer } = setUp();
  files.missing = "write permission not granted: --allow-write=logs";
  add(writer, DAY_1);
  await assert.rejects(
    writer.writeAll(),
    (error) => error instanceof LogPermissionError && error.message === files.missing,
  );
  assert.deepEqual([files.folders.size, files.inodes.size, writer.queue.length], [0, 0, 1]);
});

Deno.test("LogWriter knows the folder of its file, and refuses what names none", () => {
  const folders = [["a.log", "."], ["logs/a.log", "logs"], ["/a.log", "/"], ["/x/y/a", "/x/y"]];
  for (const [path = "", folder] of folders) assert.equal(setUp({ path }).writer.folder, folder);
  for (const path of ["", "logs/", "..", "logs/."]) {
    assert.throws(() => setUp({ path }), RangeError, path);
  }
});
