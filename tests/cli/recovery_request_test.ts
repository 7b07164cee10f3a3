import assert from "node:assert/strict";
import { leaveRequest } from "../../cli/recovery_request.ts";
import { laneKeys } from "../../orchestration/recovery/lane_keys.ts";
import { requestOf } from "../../orchestration/recovery/manual_request.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { entryOf, record } from "./recovery_samples.ts";

const LANE = "cluster";
const request = requestOf({ actionType: "mend" }, { node: "operator", nowMs: 0 });
const key = [...laneKeys(LANE).requests, request.id];

function setUp() {
  const storage = new MemoryRecoveryStorage();
  const clock = new FakeClock();
  const stop = new AbortController();
  const options = { storage, lane: LANE, waitMs: 1_000, signal: stop.signal, clock };
  return { storage, clock, stop, options };
}

Deno.test("leaveRequest gives what became of a request", async () => {
  const { storage, clock, options } = setUp();
  const left = leaveRequest(request, options);
  await clock.advance(300);
  assert.equal((await storage.get(key))?.key.at(-1), request.id);
  await storage.commit({ deletes: [key] });
  await record(storage, entryOf({ seq: 1, request_id: "another" }));
  await record(storage, entryOf({ seq: 2, request_id: request.id }));
  await clock.advance(200);
  const outcome = await left;
  assert.equal(outcome.kind === "ended" && outcome.entry.seq, 2);
});

Deno.test("leaveRequest withdraws what nobody took, in time or when it is stopped", async () => {
  for (const isStopped of [false, true]) {
    const { storage, clock, stop, options } = setUp();
    const left = leaveRequest(request, options);
    await clock.advance(100);
    if (isStopped) stop.abort();
    else await clock.advance(1_000);
    assert.deepEqual(await left, { kind: "withdrawn" });
    assert.equal(await storage.get(key), null);
  }
});

Deno.test("leaveRequest says when a request was taken and has not ended", async () => {
  const { storage, clock, options } = setUp();
  const left = leaveRequest(request, options);
  await clock.advance(100);
  await storage.commit({ deletes: [key] });
  await clock.advance(1_000);
  assert.deepEqual(await left, { kind: "under_way" });
});
