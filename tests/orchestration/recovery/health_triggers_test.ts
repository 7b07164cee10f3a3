import assert from "node:assert/strict";
import type { HealthState } from "../../../health/health_state.ts";
import {
  componentSeverity,
  figureIn,
  findHealthTriggers,
  HEALTH_TRIGGERS,
  HealthFigureError,
  passesThreshold,
} from "../../../orchestration/recovery/health_triggers.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const { thresholds } = await rulesOf();

function find(state: unknown): { passed: string[]; faults: string[] } {
  const faults: string[] = [];
  const fault = (_: unknown, name: string) => void faults.push(name);
  const triggers = findHealthTriggers(state as HealthState, thresholds, fault);
  return { passed: triggers.map(({ action, reason }) => `${action}: ${reason}`), faults };
}

Deno.test("findHealthTriggers finds what is beyond its threshold, and nothing at it", () => {
  const open = (seconds: unknown, state: unknown = "OPEN") => ({
    circuit_breaker: { state, open_duration_seconds: seconds },
  });
  const accuracy = (value: unknown) => ({ resources: { current_metrics: value } });
  const cases: [name: string, state: unknown, passed: string[]][] = [
    ["an empty document", {}, []],
    ["open for just long enough", open(300), []],
    ["open for a little longer", open(300.5), ["circuit_restart: open_duration=300.5s"]],
    ["open for longer", open(301), ["circuit_restart: open_duration=301s"]],
    ["open in lower case", open(301, "open"), ["circuit_restart: open_duration=301s"]],
    ["half open", open(900, "HALF_OPEN"), []],
    ["a class name before it", open(900, "CircuitState.OPEN"), []],
    ["open since nobody knows when", open(undefined), []],
    ["fifty failures", { retry: { failures_1h: 50 } }, []],
    ["fifty-one failures", { retry: { failures_1h: 51 } }, ["cache_purge: failures_1h=51"]],
    ["one failed component", { system: { failed_components: 1 } }, []],
    ["two of them", { system: { failed_components: 2 } }, ["safe_mode: failed_components=2"]],
    ["accurate enough", accuracy({ anomaly_accuracy: 0.8 }), []],
    ["not accurate", accuracy({ anomaly_accuracy: 0.79 }), ["safe_mode: anomaly_accuracy=0.79"]],
    ["accuracy of nothing", accuracy({ anomaly_accuracy: 0 }), ["safe_mode: anomaly_accuracy=0"]],
    ["accuracy unknown", accuracy({ anomaly_accuracy: null }), []],
    ["no metrics", accuracy(undefined), []],
    ["all at once, in order", {
      ...open(400),
      retry: { failures_1h: 75 },
      system: { failed_components: 3 },
      ...accuracy({ anomaly_accuracy: 0.1 }),
    }, [
      "circuit_restart: open_duration=400s",
      "cache_purge: failures_1h=75",
      "safe_mode: failed_components=3",
      "safe_mode: anomaly_accuracy=0.1",
    ]],
    ["nothing but null", { circuit_breaker: null, retry: null, system: null, resources: null }, []],
  ];
  for (const [name, state, passed] of cases) {
    assert.deepEqual(find(state), { passed, faults: [] }, name);
  }
});

Deno.test("findHealthTriggers takes no other value for a number, and looks at the others all the same", () => {
  const system = { failed_components: 2 };
  for (const wrong of ["75", NaN, Infinity, -Infinity, true, [75], {}]) {
    const { passed, faults } = find({ retry: { failures_1h: wrong }, system });
    assert.deepEqual(passed, ["safe_mode: failed_components=2"], String(wrong));
    assert.deepEqual(faults, ["retry_failures"], String(wrong));
  }
  assert.deepEqual(find({ system: { failed_components: "2" } }).passed, []);
  assert.deepEqual(find({ retry: { failures_1h: -5 } }), { passed: [], faults: [] });
  assert.equal(find(null).faults.length, HEALTH_TRIGGERS.length);
});

Deno.test("findHealthTriggers says of a wrong figure what it is", () => {
  const errors: unknown[] = [];
  const states = [{ retry: { failures_1h: "75" } }, { retry: { failures_1h: NaN } }];
  for (const state of states) {
    findHealthTriggers(state as unknown as HealthState, thresholds, (error) => errors.push(error));
  }
  assert.ok(errors.every((error) => error instanceof HealthFigureError));
  assert.deepEqual(errors.map((error) => (error as Error).message), [
    "retry.failures_1h must be a finite number, got a value of type string",
    "retry.failures_1h must be a finite number, got NaN",
  ]);
});

Deno.test("HEALTH_TRIGGERS names each threshold with its action", () => {
  assert.deepEqual(HEALTH_TRIGGERS, [
    { name: "circuit_open", action: "circuit_restart" },
    { name: "retry_failures", action: "cache_purge" },
    { name: "failed_components", action: "safe_mode" },
    { name: "anomaly_accuracy", action: "safe_mode" },
  ]);
});

Deno.test("componentSeverity says how unwell a component is, or that nobody knows", () => {
  const cases: [name: string, components: unknown, degraded: boolean, severity: number | null][] = [
    ["failed", { api: { status: "failed" } }, false, 1],
    ["failed, in upper case", { api: { status: "FAILED" } }, false, 1],
    ["degraded, which counts", { api: { status: "degraded" } }, true, 0.5],
    ["degraded, which does not", { api: { status: "degraded" } }, false, 0],
    ["well", { api: { status: "healthy" } }, true, 0],
    ["unknown", { api: { status: "unknown" } }, true, null],
    ["another word", { api: { status: "odd" } }, true, null],
    ["no status", { api: {} }, true, null],
    ["no object", { api: "failed" }, true, null],
    ["null", { api: null }, true, null],
    ["another component", { db: { status: "failed" } }, true, null],
    ["no components", undefined, true, null],
    ["components that are null", null, true, null],
    ["components that are a text", "api", true, null],
  ];
  for (const [name, components, degraded, severity] of cases) {
    const state = { components } as HealthState;
    assert.equal(
      componentSeverity(state, { component: "api", degraded, forMs: 0 }),
      severity,
      name,
    );
  }
});

Deno.test("componentSeverity takes nothing that every object has for a component", () => {
  for (const component of ["__proto__", "constructor", "toString"]) {
    const watch = { component, degraded: true, forMs: 0 };
    assert.equal(componentSeverity({ components: {} }, watch), null, component);
    const inherited = Object.create({ status: "failed" });
    const own = Object.fromEntries([[component, inherited]]);
    assert.equal(componentSeverity({ components: own }, watch), null, component);
    const failed = Object.fromEntries([[component, { status: "failed" }]]);
    assert.equal(componentSeverity({ components: failed }, watch), 1, component);
  }
});

Deno.test("figureIn reads the figure of a reason", () => {
  const cases: [reason: string, figure: number][] = [
    ["open_duration=300.5s", 300.5],
    ["failures_1h=51", 51],
    ["failures_1h=1e+21", 1e21],
    ["anomaly_accuracy=-0.5", -0.5],
    ["failures_1h=", NaN],
    ["somehow", NaN],
  ];
  for (const [reason, figure] of cases) assert.equal(figureIn(reason), figure, reason);
});

Deno.test("passesThreshold says so of all that findHealthTriggers finds, and not beyond", () => {
  const state: HealthState = {
    circuit_breaker: { state: "OPEN", open_duration_seconds: 400 },
    retry: { failures_1h: 75 },
    system: { failed_components: 3 },
    resources: { current_metrics: { anomaly_accuracy: 0.1 } },
  };
  const lax = {
    circuit_open_duration: 400,
    retry_failures_1h: 75,
    failed_components: 4,
    min_anomaly_accuracy: 0.1,
  };
  const found = findHealthTriggers(state, thresholds, () => {});
  assert.equal(found.length, HEALTH_TRIGGERS.length);
  for (const { name, reason } of found) {
    assert.equal(passesThreshold(name, reason, thresholds), true, name);
    assert.equal(passesThreshold(name, reason, lax), false, name);
    for (const other of ["somehow", "x=1e999"]) {
      assert.equal(passesThreshold(name, other, lax), null, `${name} ${other}`);
    }
  }
  assert.equal(passesThreshold("another", "x=1", thresholds), null);
});
