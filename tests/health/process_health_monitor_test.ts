import assert from "node:assert/strict";
import type { HealthState } from "../../health/health_state.ts";
import {
  ProcessHealthMonitor,
  type ProcessHealthMonitorOptions,
} from "../../health/process_health_monitor.ts";
import type { ResourceReader } from "../../health/system_resources.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const idle: ResourceReader = {
  machineMemoryShare: () => ({ kind: "measured", value: 0.5 }),
  heapShare: () => ({ kind: "measured", value: 0.01 }),
  loadPerCore: () => ({ kind: "unknown", reason: "needs --allow-sys=loadavg" }),
  processMemoryBytes: () => ({ kind: "measured", value: 4_096 }),
};

function setUp(options: ProcessHealthMonitorOptions = {}) {
  const clock = new FakeClock();
  return { clock, monitor: new ProcessHealthMonitor({ clock, resources: idle, ...options }) };
}

const down = () => Promise.reject(new Error("down"));

Deno.test("ProcessHealthMonitor gives the whole document", async () => {
  const { clock, monitor } = setUp({ probes: { kv: () => Promise.resolve() } });
  await clock.advance(1_500);
  const { components, health_checks, ...state } = await monitor.getComprehensiveState();
  assert.deepEqual(state, {
    timestamp: "2026-01-01T00:00:01.500Z",
    system: {
      status: "HEALTHY",
      healthy_components: 3,
      degraded_components: 0,
      failed_components: 0,
      total_components: 5,
    },
    circuit_breaker: {
      available: false,
      state: "UNKNOWN",
      open_duration_seconds: 0,
      failures_total: 0,
      successes_total: 0,
      trips_total: 0,
      consecutive_failures: 0,
    },
    retry: { state: "STABLE", failures_1h: 0, failure_rate: 0, total_attempts: 1 },
    resources: {
      status: { cpu: "unknown", memory: "healthy", disk: "unknown", overall: "healthy" },
      current_metrics: {
        memory_used_share: 0.5,
        heap_used_share: 0.01,
        process_memory_bytes: 4_096,
        kv_latency_ms: 0,
      },
      available: true,
    },
    fallback: { mode: "PRIMARY", cascade_log: [] },
    uptime_seconds: 1.5,
  });
  assert.deepEqual(Object.keys(components ?? {}), ["event_loop", "memory", "heap", "cpu", "kv"]);
  assert.deepEqual(health_checks?.["cpu"], {
    name: "cpu",
    status: "UNKNOWN",
    message: "needs --allow-sys=loadavg",
    latency_ms: 0,
    timestamp: "2026-01-01T00:00:01.500Z",
    metadata: {},
  });
});

Deno.test("ProcessHealthMonitor reports a failing probe as a failed component", async () => {
  const { monitor } = setUp({ probes: { kv: down } });
  await monitor.getComprehensiveState();
  const state = await monitor.getComprehensiveState();
  assert.equal(state.system?.status, "FAILED");
  assert.deepEqual(state.components?.["kv"], {
    name: "kv",
    status: "FAILED",
    last_updated: state.timestamp,
    error_count: 2,
    warning_count: 0,
    last_error: "down",
    last_error_time: state.timestamp,
    fallback_active: false,
    metadata: { kv_latency_ms: 0 },
  });
});

Deno.test("ProcessHealthMonitor counts failed probes of the last hour", async () => {
  const { clock, monitor } = setUp({ probes: { kv: down } });
  let state: HealthState = {};
  const states: string[] = [];
  for (let look = 1; look <= 20; look++) {
    state = await monitor.getComprehensiveState();
    states.push(`${state.retry?.failures_1h} ${state.retry?.state}`);
  }
  assert.equal(states[3], "4 STABLE");
  assert.equal(states[4], "5 ELEVATED");
  assert.equal(states[19], "20 CRITICAL");
  assert.equal(state.retry?.failure_rate, 20 / 3_600);
  await clock.advance(3_600_000);
  state = await monitor.getComprehensiveState();
  assert.deepEqual([state.retry?.failures_1h, state.retry?.total_attempts], [1, 21]);
});

Deno.test("ProcessHealthMonitor chooses SAFE with two failed components, and PRIMARY again after", async () => {
  let broken = true;
  const probe = () => broken ? down() : Promise.resolve();
  const { monitor } = setUp({ probes: { kv: probe, queue: probe } });
  assert.equal((await monitor.getComprehensiveState()).fallback?.mode, "SAFE");
  broken = false;
  const { fallback, timestamp } = await monitor.getComprehensiveState();
  assert.deepEqual(fallback, {
    mode: "PRIMARY",
    cascade_log: [
      { timestamp, from: "PRIMARY", to: "SAFE", reason: "component_failures(2)" },
      { timestamp, from: "SAFE", to: "PRIMARY", reason: "recovered" },
    ],
  });
});

Deno.test("ProcessHealthMonitor runs probes side by side, each under its own deadline", async () => {
  const { clock, monitor } = setUp({
    probeTimeoutMs: 100,
    probes: {
      slow: () => clock.sleep(90),
      stuck: () => new Promise<void>(() => {}),
    },
    thresholds: { probeWarningMs: 50 },
  });
  const look = monitor.getComprehensiveState();
  await clock.advance(100);
  const { system, health_checks } = await look;
  const checks = health_checks as Record<string, { status: string; latency_ms: number }>;
  assert.deepEqual([checks["slow"]?.status, checks["slow"]?.latency_ms], ["DEGRADED", 90]);
  assert.deepEqual([checks["stuck"]?.status, checks["stuck"]?.latency_ms], ["FAILED", 100]);
  assert.equal(system?.status, "FAILED");
});

Deno.test("ProcessHealthMonitor answers everybody who asks at once with one look", async () => {
  let runs = 0;
  const { clock, monitor } = setUp({
    probes: {
      kv: () => {
        runs++;
        return clock.sleep(10);
      },
    },
  });
  const looks = [monitor.getComprehensiveState(), monitor.getComprehensiveState()];
  await clock.advance(10);
  const [first, second] = await Promise.all(looks);
  assert.equal(first, second);
  assert.equal(runs, 1);
});

Deno.test("ProcessHealthMonitor measures lag between start and stop", async () => {
  const { clock, monitor } = setUp({ lagSampleMs: 100 });
  monitor.start();
  clock.freeze(400);
  await clock.advance(0);
  const { components, resources } = await monitor.getComprehensiveState();
  assert.equal((components?.["event_loop"] as { status: string }).status, "DEGRADED");
  assert.equal(resources?.current_metrics?.["event_loop_lag_max_ms"], 300);
  await monitor[Symbol.asyncDispose]();
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ProcessHealthMonitor refuses options out of range", () => {
  const cases: { options: ProcessHealthMonitorOptions; message: RegExp }[] = [
    { options: { probeTimeoutMs: 0 }, message: /probeTimeoutMs must be above 0, got 0/ },
    { options: { probeTimeoutMs: NaN }, message: /probeTimeoutMs must be above 0, got NaN/ },
    { options: { lagSampleMs: 9 }, message: /lagSampleMs must be 10 to 60000, got 9/ },
    { options: { lagSampleMs: 60_001 }, message: /got 60001/ },
    { options: { thresholds: { lagWarningMs: 2_000 } }, message: /lagWarningMs 2000/ },
    { options: { probes: { heap: down } }, message: /must not be named "heap"/ },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => new ProcessHealthMonitor(options), { name: "RangeError", message });
  }
});

Deno.test("ProcessHealthMonitor reads this very process by default", async () => {
  await using monitor = new ProcessHealthMonitor();
  monitor.start();
  const state = await monitor.getComprehensiveState();
  assert.ok((state.resources?.current_metrics?.["process_memory_bytes"] ?? 0) > 1_000_000);
  assert.equal(state.system?.total_components, 4);
});
