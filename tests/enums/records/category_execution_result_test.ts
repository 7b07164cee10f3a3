import assert from "node:assert/strict";
import {
  CategoryExecutionResult,
  type CategoryExecutionResultOptions,
} from "../../../enums/mod.ts";
import { faultPaths, testRecord } from "./record_contract.ts";

const least: CategoryExecutionResultOptions = {
  categoryName: "unit",
  layerName: "fast_feedback",
  startTime: new Date("2025-09-02T10:00:00Z"),
};

testRecord(CategoryExecutionResult, {
  least: { ...least },
  leastWire:
    `{"category_name":"unit","layer_name":"fast_feedback","start_time":"2025-09-02T10:00:00.000Z","end_time":null,"success":false,"exit_code":null,"tests_run":0,"tests_passed":0,"tests_failed":0,"tests_skipped":0,"coverage_percentage":null,"error_message":null,"stdout":"","stderr":"","duration_seconds":null}`,
  full: {
    ...least,
    endTime: "2025-09-02T10:01:00Z",
    success: true,
    exitCode: 3,
    testsRun: 6,
    testsPassed: 3,
    testsFailed: 2,
    testsSkipped: 1,
    coveragePercentage: 87.5,
    errorMessage: "two failed",
    stdout: "out",
    stderr: "err",
  },
  fullWire:
    `{"category_name":"unit","layer_name":"fast_feedback","start_time":"2025-09-02T10:00:00.000Z","end_time":"2025-09-02T10:01:00.000Z","success":true,"exit_code":3,"tests_run":6,"tests_passed":3,"tests_failed":2,"tests_skipped":1,"coverage_percentage":87.5,"error_message":"two failed","stdout":"out","stderr":"err","duration_seconds":60}`,
  derived: ["duration_seconds"],
});

Deno.test("CategoryExecutionResult refuses values out of range", () => {
  const wire = new CategoryExecutionResult(least).toDict();
  const wrong = {
    category_name: " ",
    layer_name: "",
    end_time: "2025-09-02T09:00:00Z",
    exit_code: 0.5,
    tests_run: -1,
    tests_passed: NaN,
    tests_failed: "1",
    tests_skipped: null,
    coverage_percentage: 100.1,
  };
  const paths = faultPaths(() => CategoryExecutionResult.fromDict({ ...wire, ...wrong }));
  assert.deepEqual(paths.toSorted(), Object.keys(wrong).toSorted());
});
