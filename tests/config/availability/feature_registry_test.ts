import assert from "node:assert/strict";
import {
  DuplicateFeatureError,
  UnknownFeatureError,
} from "../../../config/availability/availability_errors.ts";
import type { Feature } from "../../../config/availability/feature.ts";
import { FeatureRegistry } from "../../../config/availability/feature_registry.ts";

function registryWith(...names: readonly string[]): FeatureRegistry {
  const registry = new FeatureRegistry(1_000);
  for (const name of names) registry.register({ name, about: "sample" });
  return registry;
}

Deno.test("FeatureRegistry completes, copies and freezes what it is given", () => {
  const registry = registryWith("docker");
  const needs = ["docker", "docker"];
  registry.register({ name: "gpu_tests", about: "GPU", needs, probeTimeoutMs: 5 });
  needs.push("x");
  const feature = registry.get("gpu_tests");
  assert.deepEqual(
    [feature.needs, feature.probeTimeoutMs, feature.variable, feature.about],
    [["docker"], 5, "ORCHESTRATION_GPU_TESTS_AVAILABLE", "GPU"],
  );
  assert.ok(Object.isFrozen(feature) && Object.isFrozen(feature.needs));
  assert.equal(registry.get("docker").probeTimeoutMs, 1_000);
  assert.deepEqual(registry.names, ["docker", "gpu_tests"]);
});

Deno.test("FeatureRegistry refuses names that are not snake_case", () => {
  const bad = ["", "A", "aB", "a-b", "_a", "a_", "a__b", "1a", "a b", "ä", "a=b", "x".repeat(65)];
  for (const name of bad) {
    assert.throws(() => registryWith(name), { name: "RangeError", message: /snake_case/ }, name);
  }
  for (const name of ["a", "a1", "a_b", "a_1", "x".repeat(64)]) registryWith(name);
});

Deno.test("FeatureRegistry refuses duplicates, unknown needs and probes that are none", () => {
  const registry = registryWith("docker");
  const cases: readonly [string, Feature, { name: string; message: RegExp }][] = [
    ["duplicate", { name: "docker", about: "" }, {
      name: DuplicateFeatureError.name,
      message: /"docker"/,
    }],
    ["unknown need", { name: "a", about: "", needs: ["b"] }, {
      name: UnknownFeatureError.name,
      message: /"b"/,
    }],
    ["needs itself", { name: "a", about: "", needs: ["a"] }, {
      name: UnknownFeatureError.name,
      message: /"a"/,
    }],
    ["no probe", { name: "a", about: "", probe: 1 as never }, {
      name: "TypeError",
      message: /not a function/,
    }],
    ["deadline", { name: "a", about: "", probeTimeoutMs: 0 }, {
      name: "RangeError",
      message: /a\.probeTimeoutMs must be a number above 0 and up to 600000, got 0/,
    }],
  ];
  for (const [name, feature, expected] of cases) {
    assert.throws(() => registry.register(feature), expected, name);
  }
  assert.deepEqual(registry.names, ["docker"]);
});

Deno.test("FeatureRegistry refuses deadlines out of range", () => {
  for (const ms of [0, -1, NaN, Infinity, 600_001]) {
    assert.throws(() => new FeatureRegistry(ms), { name: "RangeError", message: /probeTimeoutMs/ });
  }
  new FeatureRegistry(600_000);
});

Deno.test("FeatureRegistry holds 256 features", () => {
  const registry = registryWith(...Array.from({ length: 256 }, (_, i) => `f${i}`));
  assert.throws(() => registry.register({ name: "g", about: "" }), { message: /there are 256/ });
});

Deno.test("FeatureRegistry suggests the name that looks most like an unknown one", () => {
  const registry = registryWith("orchestrator", "docker", "background_e2e");
  const cases: readonly [string, string | null][] = [
    ["dokcer", "docker"],
    ["Docker", "docker"],
    ["orchestrater", "orchestrator"],
    ["background", "background_e2e"],
    ["quantum", null],
    ["", null],
    ["x".repeat(1_000), null],
  ];
  for (const [name, suggestion] of cases) {
    assert.throws(() => registry.get(name), (error) => {
      assert.ok(error instanceof UnknownFeatureError);
      assert.deepEqual([error.feature, error.suggestion], [name, suggestion]);
      assert.deepEqual(error.knownFeatures, registry.names);
      return true;
    });
  }
  assert.throws(() => registryWith().get("x"), { suggestion: null });
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.throws(() => registry.get(name), UnknownFeatureError);
  }
});
