import assert from "node:assert/strict";
import { BackgroundTaskConfig } from "../../../enums/mod.ts";
import { faultPaths, faultsOf, testRecord } from "./record_contract.ts";

testRecord(BackgroundTaskConfig, {
  least: { category: "cypress" },
  leastWire:
    `{"category":"cypress","environment":"development","use_real_services":true,"use_real_llm":true,"timeout_minutes":30,"max_retries":2,"cpu_limit_percent":null,"memory_limit_gb":null,"priority":1,"services_required":["backend","clickhouse","frontend","postgres","redis"],"additional_args":[],"env_vars":{},"resource_requirements":{}}`,
  full: {
    category: "e2e",
    environment: "staging",
    useRealServices: false,
    useRealLlm: false,
    timeoutMinutes: 1.5,
    maxRetries: 0,
    cpuLimitPercent: 80,
    memoryLimitGb: 0.5,
    priority: -3,
    servicesRequired: new Set(["redis", "auth"]),
    additionalArgs: ["--z", "--a", "--z"],
    envVars: { B: "2", A: "1" },
    resourceRequirements: { n: { x: [1, null, "t", true, { deep: -0 }] } },
  },
  fullWire:
    `{"category":"e2e","environment":"staging","use_real_services":false,"use_real_llm":false,"timeout_minutes":1.5,"max_retries":0,"cpu_limit_percent":80,"memory_limit_gb":0.5,"priority":-3,"services_required":["auth","redis"],"additional_args":["--z","--a","--z"],"env_vars":{"B":"2","A":"1"},"resource_requirements":{"n":{"x":[1,null,"t",true,{"deep":0}]}}}`,
  derived: [],
});

Deno.test("BackgroundTaskConfig refuses values out of range, alike as options and on the wire", () => {
  const cases: { name: string; option: string; key: string; value: unknown }[] = [
    { name: "no such category", option: "category", key: "category", value: "unit" },
    { name: "blank", option: "environment", key: "environment", value: " " },
    { name: "a text for a flag", option: "useRealLlm", key: "use_real_llm", value: "true" },
    { name: "zero", option: "timeoutMinutes", key: "timeout_minutes", value: 0 },
    { name: "negative", option: "timeoutMinutes", key: "timeout_minutes", value: -1 },
    { name: "NaN", option: "timeoutMinutes", key: "timeout_minutes", value: NaN },
    { name: "endless", option: "timeoutMinutes", key: "timeout_minutes", value: Infinity },
    { name: "over a week", option: "timeoutMinutes", key: "timeout_minutes", value: 10_081 },
    { name: "null", option: "timeoutMinutes", key: "timeout_minutes", value: null },
    { name: "fraction", option: "maxRetries", key: "max_retries", value: 1.5 },
    { name: "negative", option: "maxRetries", key: "max_retries", value: -1 },
    { name: "zero", option: "cpuLimitPercent", key: "cpu_limit_percent", value: 0 },
    { name: "over all", option: "cpuLimitPercent", key: "cpu_limit_percent", value: 101 },
    { name: "zero", option: "memoryLimitGb", key: "memory_limit_gb", value: 0 },
    { name: "endless", option: "memoryLimitGb", key: "memory_limit_gb", value: Infinity },
    { name: "fraction", option: "priority", key: "priority", value: 0.5 },
    { name: "inexact", option: "priority", key: "priority", value: 2 ** 53 },
    { name: "a text", option: "servicesRequired", key: "services_required", value: "redis" },
    { name: "an object", option: "envVars", key: "env_vars", value: [] },
  ];
  for (const { name, option, key, value } of cases) {
    const wire = { category: "e2e", [key]: value };
    const options = { category: "e2e" as const, [option]: value };
    assert.deepEqual(faultPaths(() => BackgroundTaskConfig.fromDict(wire)), [key], name);
    assert.deepEqual(faultPaths(() => new BackgroundTaskConfig(options)), [option], name);
  }
});

Deno.test("BackgroundTaskConfig names the place of every fault inside a field", () => {
  const faults = faultsOf(() =>
    BackgroundTaskConfig.fromDict({
      category: "e2e",
      services_required: ["redis", 7],
      additional_args: [null],
      env_vars: { A: "1", "B C": 2 },
      resource_requirements: { a: [{ b: NaN }], c: () => 1 },
    })
  );
  assert.deepEqual(faults, [
    { path: "services_required[1]", message: "must be a text, got 7" },
    { path: "additional_args[0]", message: "must be a text, got null" },
    { path: 'env_vars["B C"]', message: "must be a text, got 2" },
    {
      path: "resource_requirements.a[0].b",
      message: "must be a value that JSON can carry, got NaN",
    },
    {
      path: "resource_requirements.c",
      message: "must be a value that JSON can carry, got function",
    },
  ]);
});

Deno.test("BackgroundTaskConfig takes the limits themselves", () => {
  const config = new BackgroundTaskConfig({
    category: "e2e",
    timeoutMinutes: 10_080,
    cpuLimitPercent: 100,
    maxRetries: 0,
  });
  assert.deepEqual([config.timeoutMinutes, config.cpuLimitPercent], [10_080, 100]);
});
