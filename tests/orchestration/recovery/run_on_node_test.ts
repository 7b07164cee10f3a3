import assert from "node:assert/strict";
import type { ActionContext } from "../../../orchestration/recovery/action_handler.ts";
import { laneKeys, nodeLane } from "../../../orchestration/recovery/lane_keys.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { runOnNode } from "../../../orchestration/recovery/run_on_node.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const KEYS = laneKeys(nodeLane("b"));
const REQUEST = [...KEYS.requests, "request-1"];

function asking(signal: AbortSignal = new AbortController().signal) {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const context = { action: "cache_purge", params: { deep: true }, reason: "why", signal };
  const run = () =>
    runOnNode(context as unknown as ActionContext, {
      storage,
      node: "b",
      leader: "a",
      requestId: "request-1",
      force: false,
      clock,
    });
  const answer = (more: Record<string, unknown>) =>
    storage.commit({
      sets: [{
        key: [...KEYS.history, "0000000000000000"],
        value: { seq: 0, timestamp: "2026-01-01T00:00:00.000Z", request_id: "request-1", ...more },
      }],
      deletes: [REQUEST],
    });
  return { clock, storage, run, answer };
}

Deno.test("runOnNode asks the node, and gives what it reported", async () => {
  const { clock, storage, run, answer } = asking();
  const running = run();
  await clock.advance(400);
  const { value } = (await storage.get(REQUEST))!;
  assert.deepEqual(value, {
    id: "request-1",
    action: "cache_purge",
    reason: "why",
    actor: "leader a",
    params: { deep: true },
    force: false,
    atMs: Date.UTC(2026, 0, 1),
    node: "a",
  });
  await answer({ success: true, result: "success", report: "emptied 2 caches", error: null });
  await clock.advance(500);
  assert.equal(await running, "on node b: emptied 2 caches");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runOnNode fails when the node refuses, or fails", async () => {
  const { clock, run, answer } = asking();
  const running = run();
  running.catch(() => {});
  await clock.advance(0);
  await answer({ success: false, result: "skipped_disabled", report: null, error: "switched off" });
  await clock.advance(500);
  await assert.rejects(running, { message: "on node b: skipped_disabled: switched off" });
});

Deno.test("runOnNode does not ask again for what was asked, and answered, before", async () => {
  const { storage, run, answer } = asking();
  await answer({ success: true, result: "success", report: null, error: null });
  assert.equal(await run(), "on node b");
  assert.equal(await storage.get(REQUEST), null);
});

Deno.test("runOnNode withdraws what nobody took when its time is over", async () => {
  const end = new AbortController();
  const { clock, storage, run } = asking(end.signal);
  const running = run();
  running.catch(() => {});
  await clock.advance(0);
  end.abort(new Error("time is over"));
  await clock.advance(0);
  await assert.rejects(running, { message: "node b did not take it" });
  assert.equal(await storage.get(REQUEST), null);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("runOnNode leaves what was taken, and says that its time is over", async () => {
  const end = new AbortController();
  const { clock, storage, run } = asking(end.signal);
  const running = run();
  running.catch(() => {});
  await clock.advance(0);
  await storage.commit({ deletes: [REQUEST] });
  end.abort(new Error("time is over"));
  await clock.advance(0);
  await assert.rejects(running, { message: "time is over" });
});
