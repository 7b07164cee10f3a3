import assert from "node:assert/strict";
import {
  EngineLimitError,
  UserIsolationError,
} from "../../../engines/factory/execution_engine_factory_errors.ts";
import {
  sharedUserEngineLimits,
  UserEngineLimits,
  type UserEngineLimitsOptions,
} from "../../../engines/factory/user_engine_limits.ts";

Deno.test("UserEngineLimits refuses a user's third engine, and nobody else's first", () => {
  const limits = new UserEngineLimits();
  const first = limits.take("ada", "r-1");
  limits.take("ada", "r-2");
  assert.throws(
    () => limits.take("ada", "r-3"),
    (error) =>
      error instanceof EngineLimitError && error.bound === "user" && error.limit === 2 &&
      error.message === "User ada has reached maximum engine limit (2/2)",
  );
  limits.take("bob", "r-3");
  assert.deepEqual([limits.liveOf("ada"), limits.liveOf("bob"), limits.size], [2, 1, 3]);
  first.release();
  limits.take("ada", "r-3");
  assert.deepEqual([limits.liveOf("ada"), limits.size], [2, 3]);
});

Deno.test("UserEngineLimits refuses a second engine of a run, also when there is no place left", () => {
  const limits = new UserEngineLimits({ perUserMax: 1 });
  const slot = limits.take("ada", "r-1");
  assert.throws(
    () => limits.take("ada", "r-1"),
    (error) =>
      error instanceof UserIsolationError && error.userId === "ada" && error.runId === "r-1" &&
      /^Duplicate run ID detected/.test(error.message),
  );
  limits.take("bob", "r-1");
  slot.release();
  limits.take("ada", "r-1");
});

Deno.test("UserEngineLimits refuses everybody when the process is full", () => {
  const limits = new UserEngineLimits({ enginesMax: 2 });
  const slot = limits.take("ada", "r-1");
  limits.take("bob", "r-1");
  assert.throws(
    () => limits.take("eve", "r-1"),
    (error) =>
      error instanceof EngineLimitError && error.bound === "process" &&
      error.message === "The process has reached maximum engine limit (2/2)",
  );
  slot.release();
  limits.take("eve", "r-1");
  assert.deepEqual([limits.liveOf("ada"), limits.size], [0, 2]);
});

Deno.test("EngineSlot gives its place back once, and never the place of its successor", () => {
  const limits = new UserEngineLimits({ perUserMax: 1 });
  const slot = limits.take("ada", "r-1");
  slot.release();
  limits.take("ada", "r-1");
  slot.release();
  assert.deepEqual([limits.liveOf("ada"), limits.size], [1, 1]);
});

Deno.test("UserEngineLimits refuses numbers that are not whole or below 1", () => {
  for (const number of [0, -1, 1.5, NaN, Infinity, "2"]) {
    const perUserMax = number as number;
    assert.throws(() => new UserEngineLimits({ perUserMax }), /perUserMax must be a whole number/);
    assert.throws(() => new UserEngineLimits({ enginesMax: perUserMax }), RangeError);
  }
});

Deno.test("UserEngineLimits refuses options that it does not know", () => {
  const misspelled = { perUsrMax: 3 } as UserEngineLimitsOptions;
  assert.throws(() => new UserEngineLimits(misspelled), {
    code: "INVALID_RECORD",
    message: "Cannot make a UserEngineLimits: perUsrMax is no option: did you mean perUserMax?",
  });
});

Deno.test("sharedUserEngineLimits allows 2 engines of a user and 10,000 in all", () => {
  assert.deepEqual([sharedUserEngineLimits.perUserMax, sharedUserEngineLimits.enginesMax], [
    2,
    10_000,
  ]);
});
