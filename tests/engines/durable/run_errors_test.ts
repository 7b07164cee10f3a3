import assert from "node:assert/strict";
import {
  CorruptRunError,
  RunInterruptedError,
  RunRefusedError,
  RunStoreUnavailableError,
  RunSupersededError,
} from "../../../engines/durable/run_errors.ts";

const CAUSE = new Error("cause");

const ERRORS = [
  { error: new RunStoreUnavailableError("read it", CAUSE), code: "RUN_STORE_UNAVAILABLE" },
  { error: new CorruptRunError(["run", 1], CAUSE), code: "CORRUPT_RUN" },
  { error: new RunRefusedError("r-1", "ended", "it has ended"), code: "RUN_REFUSED" },
  { error: new RunSupersededError("r-1"), code: "RUN_SUPERSEDED" },
  { error: new RunInterruptedError("r-1"), code: "RUN_INTERRUPTED" },
];

for (const { error, code } of ERRORS) {
  Deno.test(`${error.name} has the code ${code}, its name, and says what it is about`, () => {
    assert.equal(error.code, code);
    assert.equal(error.constructor.name, error.name);
    assert.match(error.message, /r-1|run\/1|read it/);
    assert.doesNotMatch(error.message, /\.$/);
  });
}

Deno.test("RunRefusedError says which run and why, CorruptRunError where", () => {
  const refused = new RunRefusedError("r-1", "too_many", "its user has 3");
  assert.deepEqual([refused.runId, refused.reason], ["r-1", "too_many"]);
  assert.deepEqual(new CorruptRunError(["run", "x".repeat(900)], null).key[0], "run");
  assert.ok(new CorruptRunError(["x".repeat(900)], null).message.length < 600);
});

Deno.test("RunStoreUnavailableError says what was asked, why it is not known, and what to do", () => {
  const error = new RunStoreUnavailableError("read it", CAUSE);
  assert.deepEqual([error.operation, error.cause], ["read it", CAUSE]);
  assert.match(error.message, /^Cannot read it: .*Error: cause.*Resume the run.*timeoutMs$/);
});
