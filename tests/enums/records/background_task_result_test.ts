import assert from "node:assert/strict";
import {
  BackgroundTaskConfig,
  BackgroundTaskResult,
  type BackgroundTaskResultOptions,
  BackgroundTaskStatus,
  enumValues,
} from "../../../enums/mod.ts";
import { faultsOf, testRecord } from "./record_contract.ts";

const config = new BackgroundTaskConfig({ category: "cypress" });
const configWire = JSON.stringify(config);
const least: BackgroundTaskResultOptions = {
  taskId: "t1",
  category: "e2e",
  status: "queued",
  config,
};

testRecord(BackgroundTaskResult, {
  least: { ...least },
  leastWire:
    `{"task_id":"t1","category":"e2e","status":"queued","config":${configWire},"exit_code":null,"stdout":"","stderr":"","duration_seconds":0,"start_time":null,"end_time":null,"test_counts":{},"error_message":null,"resource_usage":{},"retry_count":0,"success":false}`,
  full: {
    ...least,
    status: "completed",
    exitCode: 0,
    stdout: "out",
    stderr: "err",
    startTime: "2025-09-02T10:00:00",
    endTime: new Date("2025-09-02T10:05:00.123Z"),
    testCounts: { total: 5, passed: 5 },
    errorMessage: "none",
    resourceUsage: { cpu: { peak: 0.5 } },
    retryCount: 1,
    durationSeconds: 7,
  },
  fullWire:
    `{"task_id":"t1","category":"e2e","status":"completed","config":${configWire},"exit_code":0,"stdout":"out","stderr":"err","duration_seconds":300.123,"start_time":"2025-09-02T10:00:00.000Z","end_time":"2025-09-02T10:05:00.123Z","test_counts":{"total":5,"passed":5},"error_message":"none","resource_usage":{"cpu":{"peak":0.5}},"retry_count":1,"success":true}`,
  derived: ["success"],
});

Deno.test("BackgroundTaskResult is a success only when completed with exit code 0 or none", () => {
  for (const status of enumValues(BackgroundTaskStatus)) {
    for (const exitCode of [null, 0, 1, -1]) {
      const result = new BackgroundTaskResult({ ...least, status, exitCode });
      const expected = status === "completed" && (exitCode === null || exitCode === 0);
      assert.equal(result.success, expected, `${status} with ${exitCode}`);
      assert.equal(result.toDict().success, expected);
    }
  }
});

Deno.test("BackgroundTaskResult works its duration out when both times are known, else takes the given", () => {
  const at = (startTime: string | null, endTime: string | null, durationSeconds?: number) =>
    new BackgroundTaskResult({
      ...least,
      startTime,
      endTime,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    }).durationSeconds;
  assert.equal(at("2025-01-01T00:00Z", "2025-01-01T00:01Z", 5), 60);
  assert.equal(at("2025-01-01T00:00Z", "2025-01-01T00:00Z", 5), 0);
  assert.equal(at("2025-01-01T00:00Z", null, 5), 5);
  assert.equal(at(null, "2025-01-01T00:00Z", 5), 5);
  assert.equal(at("2025-01-01T00:00Z", null), 0);
});

Deno.test("BackgroundTaskResult refuses an end before the start, zones considered", () => {
  const wire = { ...new BackgroundTaskResult(least).toDict() };
  const early = {
    ...wire,
    start_time: "2025-01-01T10:00:00+01:00",
    end_time: "2025-01-01T08:59:59.999",
  };
  assert.deepEqual(faultsOf(() => BackgroundTaskResult.fromDict(early)), [
    { path: "end_time", message: "must not be before the start" },
  ]);
  assert.deepEqual(
    faultsOf(() =>
      new BackgroundTaskResult({ ...least, startTime: new Date(1), endTime: new Date(0) })
    ),
    [{ path: "endTime", message: "must not be before the start" }],
  );
  const result = BackgroundTaskResult.fromDict({ ...early, end_time: "2025-01-01T09:00:00" });
  assert.equal(result.durationSeconds, 0);
});

Deno.test("BackgroundTaskResult names faults of its config under their own paths", () => {
  const wire = { ...new BackgroundTaskResult(least).toDict(), retry_count: -1 };
  const faults = faultsOf(() =>
    BackgroundTaskResult.fromDict({
      ...wire,
      config: { ...wire.config, timeout_minutes: 0, env_vars: { A: 1 } },
    })
  );
  assert.deepEqual(faults.map(({ path }) => path), [
    "config.timeout_minutes",
    "config.env_vars.A",
    "retry_count",
  ]);
  assert.deepEqual(
    faultsOf(() => BackgroundTaskResult.fromDict({ ...wire, config: 1, retry_count: 0 })),
    [{ path: "config", message: "must be an object, got 1" }],
  );
});

Deno.test("BackgroundTaskResult takes no wire form of a config as an option", () => {
  const options = { ...least, config: config.toDict() as unknown as BackgroundTaskConfig };
  assert.deepEqual(faultsOf(() => new BackgroundTaskResult(options)), [
    { path: "config", message: "must be a BackgroundTaskConfig, got an object" },
  ]);
});

Deno.test("BackgroundTaskResult reads what the older systems wrote", () => {
  const result = BackgroundTaskResult.fromDict({
    task_id: "t1",
    category: "e2e",
    status: "completed",
    config: JSON.parse(configWire),
    exit_code: 0,
    stdout: "",
    stderr: "",
    duration_seconds: 0.0,
    start_time: "2025-09-02T10:00:00",
    end_time: "2025-09-02T10:05:00.123456",
    test_counts: { total: 5, passed: 5 },
    error_message: null,
    resource_usage: {},
    retry_count: 0,
    success: false,
  });
  assert.equal(result.endTime, "2025-09-02T10:05:00.123Z");
  assert.equal(result.durationSeconds, 300.123);
  assert.equal(result.success, true);
});

Deno.test("BackgroundTaskResult looks at the duration on the wire only where it cannot be worked out", () => {
  const wire = new BackgroundTaskResult(least).toDict();
  const times = { start_time: "2025-01-01T10:00:00Z", end_time: "2025-01-01T10:00:05Z" };
  const message = (value: unknown) => `must be a finite number of at least 0, got ${value}`;
  for (const value of ["soon", -1, null, {}, NaN]) {
    const noisy = { ...wire, duration_seconds: value };
    assert.equal(BackgroundTaskResult.fromDict({ ...noisy, ...times }).durationSeconds, 5);
    for (const unknown of ["start_time", "end_time"]) {
      const half = { ...noisy, ...times, [unknown]: null };
      const [fault] = faultsOf(() => BackgroundTaskResult.fromDict(half));
      assert.equal(fault?.path, "duration_seconds");
    }
  }
  assert.deepEqual(
    faultsOf(() =>
      BackgroundTaskResult.fromDict({ ...wire, ...times, end_time: 5, duration_seconds: -1 })
    ).map(({ path }) => path),
    ["duration_seconds", "end_time"],
    "a refused time is not known",
  );
  assert.deepEqual(
    faultsOf(() =>
      new BackgroundTaskResult({
        ...least,
        startTime: times.start_time,
        endTime: times.end_time,
        durationSeconds: -1,
      })
    ),
    [{ path: "durationSeconds", message: message(-1) }],
    "an option is the caller's own mistake",
  );
});
