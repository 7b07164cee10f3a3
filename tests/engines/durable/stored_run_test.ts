import assert from "node:assert/strict";
import { CorruptRunError } from "../../../engines/durable/run_errors.ts";
import {
  isWrittenBy,
  readBegun,
  readOwner,
  readResult,
  readRun,
  runKeys,
  writeBegun,
  writeOwner,
  writeResult,
  writeRun,
} from "../../../engines/durable/stored_run.ts";
import { AT, completed } from "../../support/step_results.ts";

const RUN = {
  runId: "r-1",
  userId: "ada",
  threadId: "t-1",
  workflow: "costs",
  fingerprint: "f-1",
  state: { question: "why" },
  context: { user_id: "ada" },
  status: "running" as const,
  createdAt: AT,
  endedAt: null,
  error: "why",
};

const OWNER = { token: "n", term: 3, claims: 2, recorded: 1, takenAt: AT, incarnation: null };

const entryOf = (value: unknown) => ({ key: ["k"], value, version: "1" });

Deno.test("readRun and readOwner give what writeRun and writeOwner were given", () => {
  assert.deepEqual(readRun(entryOf(writeRun(RUN, "n"))), RUN);
  for (const incarnation of ["i-1", null]) {
    const owner = { ...OWNER, incarnation };
    assert.deepEqual(readOwner(entryOf(writeOwner(owner))), owner);
  }
});

Deno.test("isWrittenBy knows the write by its nonce alone", () => {
  const owner = writeOwner(OWNER);
  const begun = writeBegun(2, "n");
  for (const value of [writeRun(RUN, "n"), owner, begun, writeResult(completed("a"), "n")]) {
    assert.equal(isWrittenBy(entryOf(value), "n"), true);
    assert.equal(isWrittenBy(entryOf(value), "other"), false);
  }
  assert.equal(isWrittenBy(null, "n"), false);
  assert.equal(isWrittenBy(entryOf("n"), "n"), false);
});

Deno.test("readResult and readBegun give what writeResult and writeBegun were given", () => {
  const result = completed("triage", { result: { a: 1 } });
  assert.deepEqual(readResult(entryOf(writeResult(result, "n"))), result);
  assert.equal(readBegun(entryOf(writeBegun(2, "n"))), 2);
});

const READERS = { readRun, readOwner, readResult, readBegun };

for (const [name, read] of Object.entries(READERS)) {
  Deno.test(`${name} refuses what is nothing of the kind, and says where it stands`, () => {
    for (const value of [null, 1, {}, { ...writeRun(RUN, "n"), status: "odd" }]) {
      assert.throws(() => read(entryOf(value)), (error) => {
        assert.ok(error instanceof CorruptRunError);
        assert.deepEqual(error.key, ["k"]);
        return true;
      });
    }
  });
}

Deno.test("readOwner and readRun read what was written before they had all their fields", () => {
  const { incarnation: _, claims: _claims, recorded: _recorded, ...owner } = writeOwner(OWNER);
  assert.deepEqual(readOwner(entryOf(owner)), { ...OWNER, claims: 0, recorded: 0 });
  const { fingerprint: _fingerprint, error: _error, ...run } = writeRun(RUN, "n");
  assert.deepEqual(readRun(entryOf(run)), { ...RUN, fingerprint: null, error: null });
});

Deno.test("runKeys puts a run's parts below prefixes of their own", () => {
  assert.deepEqual(runKeys.result("r-1", "triage"), [...runKeys.result("r-1"), "triage"]);
  assert.deepEqual(runKeys.open("ada", "r-1"), [...runKeys.open("ada"), "r-1"]);
  const keys = [
    runKeys.run("r"),
    runKeys.owner("r"),
    runKeys.result("r"),
    runKeys.begun("r"),
    runKeys.open("r"),
  ];
  assert.equal(new Set(keys.map(([kind]) => kind)).size, keys.length);
});
