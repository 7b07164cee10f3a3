import assert from "node:assert/strict";
import { drawSchedule } from "../../testing/sim_schedule.ts";
import { SimNode, type SimProcess } from "../../testing/sim_node.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";

function setUp(rate = 1) {
  const time = new SimTime();
  const started: SimProcess[] = [];
  const ended: { start: number; error: unknown }[] = [];
  const stopped: number[] = [];
  let fail: ((error: Error) => void) | undefined;
  const node = new SimNode({
    node: 0,
    schedule: {
      ...drawSchedule(1, { classes: [] }),
      nodes: [{ rate, offsetMs: 5_000 }],
    },
    time,
    store: new SimStore({ time }),
    run: (process) => {
      started.push(process);
      return new Promise((resolve, reject) => {
        fail = reject;
        process.signal.addEventListener("abort", () => {
          stopped.push(process.start);
          resolve();
        });
      });
    },
    faulted: () => {},
    ended: ({ start }, error) => ended.push({ start, error }),
  });
  return { time, node, started, ended, stopped, fail: (error: Error) => fail!(error) };
}

Deno.test("SimNode runs one process at a time, each with a clock, a store and chance of its own", async () => {
  const { time, node, started } = setUp();
  node.start();
  node.start();
  assert.equal(started.length, 1);
  node.crash();
  assert.equal(node.process, null);
  node.start(2);
  const [first, second] = started;
  assert.deepEqual([first!.id, second!.id], ["n0", "n0"]);
  assert.deepEqual([second!.start, second!.variant], [2, 2]);
  assert.notEqual(first!.kv, second!.kv);
  assert.notEqual(first!.random(), second!.random());
  await time.advance(10);
  assert.ok(first!.clock.isFrozen, "a dead process does nothing any more");
});

Deno.test("SimNode stop asks the process to end, and tells when it has", async () => {
  const { time, node, ended, stopped } = setUp();
  node.start();
  node.stop();
  await time.advance(1);
  assert.deepEqual([stopped, ended], [[1], [{ start: 1, error: null }]]);
  assert.equal(node.process, null);
});

Deno.test("SimNode tells of a process that failed, and of none that was killed", async () => {
  const failing = setUp();
  failing.node.start();
  const error = new Error("out of luck");
  failing.fail(error);
  await failing.time.advance(1);
  assert.deepEqual(failing.ended, [{ start: 1, error }]);
  const killed = setUp();
  killed.node.start();
  killed.node.crash();
  killed.fail(error);
  await killed.time.advance(1);
  assert.deepEqual([killed.ended.length, killed.stopped.length], [0, 0]);
});

Deno.test("SimNode keeps the machine's wall clock, its offset, rate and jumps, over restarts", async () => {
  const { time, node, started } = setUp(2);
  node.start();
  const startMs = started[0]!.clock.now();
  assert.equal(startMs, Date.UTC(2026, 0, 1) + 5_000);
  node.jumpWall(-60_000);
  await time.advance(1_000);
  assert.equal(started[0]!.clock.now(), startMs - 60_000 + 2_000);
  node.crash();
  node.start();
  assert.equal(started[1]!.clock.now(), startMs - 60_000 + 2_000);
  assert.equal(started[1]!.clock.monotonic(), 0);
});

Deno.test("SimNode that is lost is never started again", () => {
  const { node, started } = setUp();
  node.start();
  node.lose();
  assert.equal(node.process, null);
  node.start();
  assert.equal(node.process, null);
  assert.equal(started.length, 1);
});
