import assert from "node:assert/strict";
import {
  CorruptRecordError,
  DuplicateInstanceError,
  type LeadershipLoss,
  LeadershipLostError,
  NotRunningError,
  StoreUnavailableError,
} from "../../coordination/errors.ts";

Deno.test("LeadershipLostError says what ended which term, and carries it", () => {
  const cases: { loss: LeadershipLoss; text: string }[] = [
    {
      loss: { kind: "expired", silentMs: 8_000.4 },
      text: "the lease expired, last renewed 8000 ms ago",
    },
    {
      loss: { kind: "superseded", holderId: "b", term: 8 },
      text: 'the store names "b" in term 8',
    },
    {
      loss: { kind: "superseded", holderId: null, term: null },
      text: "the store no longer names this holder",
    },
    { loss: { kind: "resigned" }, text: "resigned" },
    {
      loss: { kind: "store-unavailable", error: new TypeError("database is locked") },
      text: "the store is unavailable (TypeError: database is locked)",
    },
  ];
  for (const { loss, text } of cases) {
    const error = new LeadershipLostError("nightly", 7, loss);
    assert.ok(error instanceof Error);
    assert.equal(error.name, "LeadershipLostError");
    assert.equal(error.code, "LEADERSHIP_LOST");
    assert.equal(error.message, `Lost leadership of "nightly" in term 7: ${text}`);
    assert.deepEqual([error.election, error.term, error.cause], ["nightly", 7, loss]);
  }
});

Deno.test("StoreUnavailableError names the operation and keeps the last error", () => {
  const cause = new TypeError("database is locked");
  const error = new StoreUnavailableError("read the lease", cause);
  assert.equal(error.name, "StoreUnavailableError");
  assert.equal(error.code, "STORE_UNAVAILABLE");
  assert.equal(
    error.message,
    "Cannot read the lease: the store is unavailable (TypeError: database is locked)",
  );
  assert.deepEqual([error.operation, error.cause], ["read the lease", cause]);
});

Deno.test("CorruptRecordError names key, fault and what to do", () => {
  const error = new CorruptRecordError(["baton", 1, "x"], "version 2 is newer");
  assert.equal(error.name, "CorruptRecordError");
  assert.equal(error.code, "CORRUPT_RECORD");
  assert.equal(
    error.message,
    'Cannot use the record at ["baton","1","x"]: version 2 is newer. Upgrade this process, use ' +
      "another cluster or election name, or delete the key if it is not Baton's",
  );
  assert.deepEqual([error.key, error.fault], [["baton", 1, "x"], "version 2 is newer"]);
});

Deno.test("DuplicateInstanceError names id and cluster", () => {
  const error = new DuplicateInstanceError("host:8080", "blue");
  assert.equal(error.name, "DuplicateInstanceError");
  assert.equal(error.code, "DUPLICATE_INSTANCE");
  assert.equal(
    error.message,
    'Cannot join cluster "blue" as "host:8080": a live process has that id. Stop it, or give this ' +
      "one an id of its own",
  );
  assert.deepEqual([error.instanceId, error.cluster], ["host:8080", "blue"]);
});

Deno.test("NotRunningError says what could not be done", () => {
  const error = new NotRunningError("send a heartbeat");
  assert.equal(error.name, "NotRunningError");
  assert.equal(error.code, "NOT_RUNNING");
  assert.equal(
    error.message,
    "Cannot send a heartbeat: the coordinator is not running, call startup() first",
  );
});
