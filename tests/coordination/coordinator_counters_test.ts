import assert from "node:assert/strict";
import { CoordinatorCounters } from "../../coordination/coordinator_counters.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const zeros = new CoordinatorCounters(new FakeClock()).read();

Deno.test("CoordinatorCounters starts at zero, with no error and no decision", () => {
  const { lastConsensusTime, lastError, ...counts } = zeros;
  assert.deepEqual([lastConsensusTime, lastError], [null, null]);
  assert.ok(Object.values(counts).every((count) => count === 0));
  assert.ok(Object.keys(counts).length >= 9);
});

Deno.test("CoordinatorCounters counts one at a time and keeps the error that came with it", () => {
  const counters = new CoordinatorCounters(new FakeClock());
  counters.count("heartbeats");
  counters.count("heartbeats");
  counters.count("heartbeatFailures", new TypeError("down"));
  assert.deepEqual(counters.read(), {
    ...zeros,
    heartbeats: 2,
    heartbeatFailures: 1,
    lastError: "TypeError: down",
  });
  counters.noteError("later");
  assert.equal(counters.read().lastError, "later");
});

Deno.test("CoordinatorCounters dates the last decision by the wall clock", async () => {
  const clock = new FakeClock({ startWallMs: Date.UTC(2026, 1, 3) });
  const counters = new CoordinatorCounters(clock);
  counters.count("consensusDecisions");
  assert.equal(counters.read().lastConsensusTime, "2026-02-03T00:00:00.000Z");
  await clock.advance(1_500);
  counters.count("heartbeats");
  counters.count("consensusDecisions");
  assert.equal(counters.read().lastConsensusTime, "2026-02-03T00:00:01.500Z");
  assert.equal(counters.read().consensusDecisions, 2);
});

Deno.test("CoordinatorCounters noteFault counts a record that cannot be read, and nothing else", () => {
  const counters = new CoordinatorCounters(new FakeClock());
  counters.noteFault(new Error("down"));
  assert.deepEqual(counters.read(), { ...zeros, lastError: "Error: down" });
  counters.noteFault(new CorruptRecordError(["k"], "odd"));
  assert.equal(counters.read().corruptRecords, 1);
  assert.match(counters.read().lastError!, /^CorruptRecordError: Cannot use the record at \["k"\]/);
});
