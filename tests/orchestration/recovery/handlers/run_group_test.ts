import assert from "node:assert/strict";
import { runGroup } from "../../../../orchestration/recovery/handlers/run_group.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { FakeGroup, startOf } from "./action_fixtures.ts";

function runOf(group: FakeGroup, signal = new AbortController().signal) {
  const clock = new FakeClock();
  const { start, started } = startOf(group);
  const run = { argv: ["a"], cwd: "/d", env: { A: "1" }, graceMs: 1_000, maxOutput: 100, signal };
  return { clock, started, result: runGroup({ ...run, clock, start }) };
}

Deno.test("runGroup gives the code and the output of a program that ends by itself", async () => {
  const group = new FakeGroup({ stdout: "out", stderr: "err" });
  group.end(3);
  const { result, started, clock } = runOf(group);
  assert.deepEqual(await result, { code: 3, stdout: "out", stderr: "err" });
  assert.deepEqual(started, [{ argv: ["a"], options: { cwd: "/d", env: { A: "1" } } }]);
  assert.deepEqual(group.signals, []);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runGroup ends what a program left in the background", async () => {
  const group = new FakeGroup();
  group.diesOf = "SIGTERM";
  group.end(0);
  const { result, clock } = runOf(group);
  await clock.advance(20);
  assert.equal((await result).code, 0);
  assert.deepEqual(group.signals, ["SIGTERM"]);
});

Deno.test("runGroup kills after the grace, and rejects only when the group is gone", async () => {
  const group = new FakeGroup();
  group.diesOf = "SIGKILL";
  const stop = new AbortController();
  const { result, clock } = runOf(group, stop.signal);
  let isOver = false;
  const rejected = assert.rejects(result, /called off/).then(() => isOver = true);
  stop.abort(new Error("called off"));
  await clock.advance(990);
  assert.deepEqual([group.signals, isOver], [["SIGTERM", "SIGCONT"], false]);
  await clock.advance(300);
  assert.deepEqual([group.signals, isOver], [["SIGTERM", "SIGCONT", "SIGKILL"], true]);
  await rejected;
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runGroup starts nothing when its signal has aborted", async () => {
  const stop = AbortSignal.abort(new Error("called off"));
  const { result, started } = runOf(new FakeGroup(), stop);
  await assert.rejects(result, /called off/);
  assert.deepEqual(started, []);
});

Deno.test("runGroup rejects when the group may not be signalled, and reads no more", async () => {
  const group = new FakeGroup();
  let cancelled = false;
  const stdout = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
  const { stderr, ended } = group;
  const signal = () => Promise.reject(new Deno.errors.PermissionDenied("not yours"));
  group.end(0);
  const result = runGroup({
    argv: ["a"],
    cwd: null,
    env: {},
    graceMs: 1_000,
    maxOutput: 100,
    signal: new AbortController().signal,
    clock: new FakeClock(),
    start: () => ({ ended, stdout, stderr, signal }),
  });
  await assert.rejects(result, { name: "PermissionDenied" });
  assert.ok(cancelled);
});

Deno.test("runGroup stops reading when somebody who left the group holds a pipe open", async () => {
  const group = new FakeGroup();
  group.end(0);
  const stdout = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("so far")),
  });
  const { stderr, ended } = group;
  const clock = new FakeClock();
  const result = runGroup({
    argv: ["a"],
    cwd: null,
    env: {},
    graceMs: 1_000,
    maxOutput: 100,
    signal: new AbortController().signal,
    clock,
    start: () => ({ ended, stdout, stderr, signal: () => false }),
  });
  await clock.advance(200);
  assert.equal((await result).stdout, "so far");
});
