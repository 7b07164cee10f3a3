import assert from "node:assert/strict";
import { LayerExecutionResult, type LayerExecutionResultOptions } from "../../../enums/mod.ts";
import { faultPaths, testRecord } from "./record_contract.ts";

const least: LayerExecutionResultOptions = {
  layerName: "fast_feedback",
  executionStrategy: "sequential",
  startTime: "2025-09-02T10:00:00Z",
};

testRecord(LayerExecutionResult, {
  least: { ...least },
  leastWire:
    `{"layer_name":"fast_feedback","execution_strategy":"sequential","start_time":"2025-09-02T10:00:00.000Z","end_time":null,"success":false,"categories_executed":[],"categories_failed":[],"categories_skipped":[],"total_tests":0,"passed_tests":0,"failed_tests":0,"skipped_tests":0,"error_message":null,"resource_usage":{},"duration_seconds":null,"success_rate":0}`,
  full: {
    ...least,
    endTime: "2025-09-02T10:00:02.500Z",
    success: true,
    categoriesExecuted: ["unit", "smoke"],
    categoriesFailed: new Set(["unit"]),
    categoriesSkipped: ["startup"],
    totalTests: 4,
    passedTests: 1,
    failedTests: 2,
    skippedTests: 1,
    errorMessage: "unit failed",
    resourceUsage: { memory: [1, 2] },
  },
  fullWire:
    `{"layer_name":"fast_feedback","execution_strategy":"sequential","start_time":"2025-09-02T10:00:00.000Z","end_time":"2025-09-02T10:00:02.500Z","success":true,"categories_executed":["smoke","unit"],"categories_failed":["unit"],"categories_skipped":["startup"],"total_tests":4,"passed_tests":1,"failed_tests":2,"skipped_tests":1,"error_message":"unit failed","resource_usage":{"memory":[1,2]},"duration_seconds":2.5,"success_rate":25}`,
  derived: ["duration_seconds", "success_rate"],
});

Deno.test("LayerExecutionResult gives its success rate as a percentage", () => {
  const rate = (totalTests: number, passedTests: number) =>
    new LayerExecutionResult({ ...least, totalTests, passedTests }).successRatePercent;
  assert.equal(rate(0, 0), 0);
  assert.equal(rate(3, 2), 2 / 3 * 100);
  assert.equal(rate(3, 3), 100);
});

Deno.test("LayerExecutionResult refuses counts and times that cannot be", () => {
  const cases: { name: string; wire: Record<string, unknown>; paths: string[] }[] = [
    {
      name: "more passed than there were",
      wire: { total_tests: 1, passed_tests: 2 },
      paths: ["passed_tests"],
    },
    { name: "passed of none", wire: { passed_tests: 1 }, paths: ["passed_tests"] },
    { name: "negative", wire: { failed_tests: -1 }, paths: ["failed_tests"] },
    { name: "fraction", wire: { skipped_tests: 0.5 }, paths: ["skipped_tests"] },
    { name: "ended before", wire: { end_time: "2025-09-02T09:59:59Z" }, paths: ["end_time"] },
    {
      name: "both, and no strategy",
      wire: {
        execution_strategy: "fast",
        passed_tests: 1,
        end_time: "2025-09-02T09:59:59Z",
      },
      paths: ["execution_strategy", "end_time", "passed_tests"],
    },
    { name: "blank name", wire: { layer_name: "" }, paths: ["layer_name"] },
  ];
  const wire = new LayerExecutionResult(least).toDict();
  for (const { name, wire: changed, paths } of cases) {
    const read = () => LayerExecutionResult.fromDict({ ...wire, ...changed });
    assert.deepEqual(faultPaths(read), paths, name);
  }
});
