import assert from "node:assert/strict";
import { awaitRequest, entryOfRequest } from "../../../orchestration/recovery/await_request.ts";
import { laneKeys } from "../../../orchestration/recovery/lane_keys.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { StorageChange } from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const LANE = "cluster";
const KEYS = laneKeys(LANE);
const REQUEST = [...KEYS.requests, "request-1"];

async function asked(storage = new MemoryRecoveryStorage()) {
  const clock = new FakeClock();
  const end = new AbortController();
  await storage.commit({ sets: [{ key: REQUEST, value: { id: "request-1" } }] });
  const wait = () =>
    awaitRequest("request-1", { storage, lane: LANE, everyMs: 100, signal: end.signal, clock });
  return { storage, clock, end, wait };
}

/** An entry of the history, in the place of the request that it answers. */
function answer(seq: number, request_id: string): StorageChange {
  const value = { seq, timestamp: "2026-01-01T00:00:00.000Z", request_id };
  return { sets: [{ key: [...KEYS.history, `000000000000000${seq}`], value }], deletes: [REQUEST] };
}

/** A storage in which the request is taken, and answered, just before it would be withdrawn. */
class TakenAtLast extends MemoryRecoveryStorage {
  override async commit(change: StorageChange): Promise<string | null> {
    if (change.checks !== undefined) await super.commit(answer(1, "request-1"));
    return await super.commit(change);
  }
}

Deno.test("awaitRequest looks as often as it is told, until there is an answer", async () => {
  const { storage, clock, wait } = await asked();
  let hasEnded = false;
  const outcome = wait().finally(() => hasEnded = true);
  await storage.commit(answer(1, "another"));
  await clock.advance(99);
  await storage.commit(answer(2, "request-1"));
  assert.equal(hasEnded, false);
  await clock.advance(1);
  const ended = await outcome;
  assert.equal(ended.kind === "ended" && ended.entry.seq, 2);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("awaitRequest withdraws what nobody took by the end of the wait", async () => {
  const { storage, clock, end, wait } = await asked();
  const outcome = wait();
  await clock.advance(250);
  end.abort();
  assert.deepEqual(await outcome, { kind: "withdrawn" });
  assert.equal(await storage.get(REQUEST), null);
});

Deno.test("awaitRequest says that a request is under way when it was taken", async () => {
  const { storage, end, wait } = await asked();
  await storage.commit({ deletes: [REQUEST] });
  end.abort();
  assert.deepEqual(await wait(), { kind: "under_way" });
});

Deno.test("awaitRequest gives the answer to what is taken as it would be withdrawn", async () => {
  const { end, wait } = await asked(new TakenAtLast());
  end.abort();
  const ended = await wait();
  assert.equal(ended.kind === "ended" && ended.entry.request_id, "request-1");
});

Deno.test("entryOfRequest finds nothing when there is no answer", async () => {
  const { storage } = await asked();
  assert.equal(await entryOfRequest("request-1", { storage, lane: LANE }), null);
});
