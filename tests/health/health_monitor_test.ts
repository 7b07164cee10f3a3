import assert from "node:assert/strict";
import { reportSelf } from "../../coordination/self_report.ts";
import type { HealthCheck, HealthFinding } from "../../health/checks/health_check.ts";
import { CircuitBreaker } from "../../health/circuit_breaker.ts";
import { FallbackManager } from "../../health/fallback_manager.ts";
import type { HealthEvent } from "../../health/health_event.ts";
import { HealthMonitor } from "../../health/health_monitor.ts";
import type { HealthMonitorOptions } from "../../health/health_monitor_options.ts";
import { Retry } from "../../health/retry.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

/** A check whose answer a test sets, and which counts. */
interface Script {
  looks: number;
  answer: () => HealthFinding | Promise<HealthFinding>;
  readonly check: HealthCheck;
}

function scripted(status = "healthy", extra: Partial<HealthCheck> = {}): Script {
  const look = () => {
    script.looks++;
    return script.answer();
  };
  const script: Script = { looks: 0, answer: () => ({ status }), check: { look, ...extra } };
  return script;
}

function setUp(options: HealthMonitorOptions = {}) {
  const clock = new FakeClock();
  return { clock, monitor: new HealthMonitor({ clock, ...options }) };
}

Deno.test("HealthMonitor gives the whole document", async () => {
  const { clock, monitor } = setUp();
  await clock.advance(1_500);
  const { check } = scripted("Degraded");
  monitor.register({ name: "queue", check });
  monitor.register({ name: "pushed" });
  const dict = {
    last_updated: "2026-01-01T00:00:01.500Z",
    error_count: 0,
    last_error: null,
    last_error_time: null,
    fallback_active: false,
    metadata: {},
  };
  assert.deepEqual(await monitor.getComprehensiveState(), {
    timestamp: "2026-01-01T00:00:01.500Z",
    system: {
      status: "DEGRADED",
      healthy_components: 0,
      degraded_components: 1,
      failed_components: 0,
      total_components: 2,
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
    retry: { state: "STABLE", failures_1h: 0, failure_rate: 0, total_attempts: 0 },
    resources: {
      status: { cpu: "unknown", memory: "unknown", disk: "unknown", overall: "unknown" },
      current_metrics: { queue_latency_ms: 0 },
      available: false,
    },
    fallback: { mode: "PRIMARY", cascade_log: [] },
    components: {
      queue: { ...dict, name: "queue", status: "DEGRADED", warning_count: 1 },
      pushed: { ...dict, name: "pushed", status: "UNKNOWN", warning_count: 0 },
    },
    health_checks: {
      queue: {
        name: "queue",
        status: "DEGRADED",
        message: "",
        latency_ms: 0,
        timestamp: "2026-01-01T00:00:01.500Z",
        metadata: {},
      },
    },
    uptime_seconds: 1.5,
  });
});

Deno.test("HealthMonitor is unknown with no components, and with none that is known (F66)", async () => {
  const { monitor } = setUp();
  assert.equal((await monitor.getComprehensiveState()).system?.status, "UNKNOWN");
  monitor.register({ name: "a", check: scripted("unknown").check });
  assert.equal((await monitor.getComprehensiveState()).system?.status, "UNKNOWN");
});

Deno.test("HealthMonitor looks at each component at its own interval, with one timer", async () => {
  const { clock, monitor } = setUp();
  const [fast, slow] = [scripted(), scripted()];
  monitor.register({ name: "fast", check: fast.check, intervalMs: 1_000 });
  monitor.register({ name: "slow", check: slow.check, intervalMs: 4_000 });
  const run = monitor.run();
  await clock.advance(8_500);
  assert.deepEqual([fast.looks, slow.looks], [9, 3]);
  assert.equal(clock.sleeperCount, 1);
  await monitor.stop();
  await run;
  assert.equal(clock.sleeperCount, 0);
  await clock.advance(10_000);
  assert.deepEqual([fast.looks, slow.looks], [9, 3]);
});

Deno.test("HealthMonitor delays no component by a slow one, and never looks twice at once", async () => {
  const { clock, monitor } = setUp();
  const [stuck, fast] = [scripted(), scripted()];
  let atOnce = 0;
  let atOnceMax = 0;
  stuck.answer = async () => {
    atOnceMax = Math.max(atOnceMax, ++atOnce);
    await clock.sleep(2_500);
    atOnce--;
    return { status: "healthy" };
  };
  const timing = { intervalMs: 1_000, failureThreshold: 1 };
  monitor.register({ ...timing, name: "stuck", check: stuck.check, timeoutMs: 500 });
  monitor.register({ ...timing, name: "fast", check: fast.check });
  const run = monitor.run();
  await clock.advance(5_900);
  assert.deepEqual([fast.looks, stuck.looks, atOnceMax], [6, 2, 1]);
  const { components, health_checks } = await monitor.getComprehensiveState();
  const stuckNow = components?.["stuck"] as { status: string; error_count: number };
  assert.deepEqual([stuckNow.status, stuckNow.error_count], ["FAILED", 6]);
  assert.match(JSON.stringify(health_checks?.["stuck"]), /an earlier look has not ended yet/);
  await monitor.stop();
  await run;
  await clock.advance(5_000);
});

Deno.test("HealthMonitor looks when it is asked while it does not run, not more often than due", async () => {
  const { clock, monitor } = setUp();
  const script = scripted();
  monitor.register({ name: "a", check: script.check, intervalMs: 1_000 });
  await Promise.all([monitor.getComprehensiveState(), monitor.getComprehensiveState()]);
  await monitor.getComprehensiveState();
  assert.equal(script.looks, 1);
  await clock.advance(1_000);
  await monitor.getComprehensiveState();
  assert.equal(script.looks, 2);
  assert.equal((await monitor.checkNow("a"))?.status, "HEALTHY");
  assert.equal(script.looks, 3);
  await assert.rejects(() => monitor.checkNow("b"), { name: "RangeError", message: /"b"/ });
});

Deno.test("HealthMonitor waits for first looks only while it runs", async () => {
  const { clock, monitor } = setUp();
  const script = scripted();
  const slowly = async () => {
    await clock.sleep(300);
    return { status: script.looks === 1 ? "healthy" : "degraded" };
  };
  script.answer = slowly;
  monitor.register({ name: "a", check: script.check, intervalMs: 1_000 });
  const run = monitor.run();
  let answered = false;
  const first = monitor.getComprehensiveState().finally(() => answered = true);
  await clock.advance(299);
  assert.equal(answered, false);
  await clock.advance(1);
  assert.equal((await first).system?.status, "HEALTHY");
  await clock.advance(750);
  assert.equal(script.looks, 2);
  assert.equal((await monitor.getComprehensiveState()).system?.status, "HEALTHY");
  await monitor.stop();
  await run;
});

Deno.test("HealthMonitor takes up components while it runs, and keeps counts of replaced ones (F69b)", async () => {
  const { clock, monitor } = setUp();
  const run = monitor.run();
  await clock.advance(60_000);
  const before = scripted("failed");
  monitor.register({ name: "a", check: before.check, failureThreshold: 1, intervalMs: 100 });
  await clock.advance(150);
  assert.equal(before.looks, 2);
  const after = scripted("healthy");
  monitor.register({ name: "a", check: after.check, intervalMs: 100 });
  await clock.advance(50);
  assert.deepEqual([before.looks, after.looks], [2, 1]);
  const { components, system } = await monitor.getComprehensiveState();
  assert.equal(system?.total_components, 1);
  assert.equal((components?.["a"] as { error_count: number }).error_count, 2);
  assert.equal(await monitor.unregister("a"), true);
  assert.equal(await monitor.unregister("a"), false);
  await clock.advance(1_000);
  assert.equal(after.looks, 1);
  assert.deepEqual(monitor.componentNames, []);
  await monitor.stop();
  await run;
});

Deno.test("HealthMonitor ignores what a replaced check still answers", async () => {
  const { clock, monitor } = setUp();
  const before = scripted();
  before.answer = async () => {
    await clock.sleep(50);
    return { status: "failed" };
  };
  monitor.register({ name: "a", check: before.check, failureThreshold: 1 });
  const look = monitor.checkNow("a");
  monitor.register({ name: "a", check: scripted("healthy").check });
  await clock.advance(50);
  assert.equal(await look, null);
  assert.equal((await monitor.checkNow("a"))?.status, "HEALTHY");
});

Deno.test("HealthMonitor takes reports at once, in any letter case", async () => {
  const { monitor } = setUp();
  monitor.register({ name: "a" });
  const statusNow = async () => (await monitor.getComprehensiveState()).system?.status;
  monitor.report("a", { status: "failed", message: "said the pager" });
  assert.equal(await statusNow(), "FAILED");
  monitor.report("a", { status: "Healthy" });
  assert.equal(await statusNow(), "HEALTHY");
  assert.throws(() => monitor.report("a", { status: "fine" }), { code: "UNKNOWN_ENUM_VALUE" });
  assert.throws(() => monitor.report("b", { status: "failed" }), { name: "RangeError" });
  assert.equal(await statusNow(), "HEALTHY");
});

Deno.test("HealthMonitor counts retries of the last hour", async () => {
  const { clock, monitor } = setUp();
  for (let i = 0; i < 20; i++) {
    monitor.recordRetryAttempt();
    monitor.recordRetryFailure();
  }
  const { retry } = await monitor.getComprehensiveState();
  assert.deepEqual(retry, {
    state: "CRITICAL",
    failures_1h: 20,
    failure_rate: 20 / 3_600,
    total_attempts: 20,
  });
  await clock.advance(3_600_000);
  const later = (await monitor.getComprehensiveState()).retry;
  assert.deepEqual([later?.failures_1h, later?.total_attempts], [0, 20]);
});

Deno.test("HealthMonitor reads the mode of the fallback manager and the state of the breaker", async () => {
  const clock = new FakeClock();
  const fallbackManager = new FallbackManager({ clock });
  const circuitBreaker = new CircuitBreaker("store", { clock, failureThreshold: 1 });
  const { monitor } = setUp({ clock, fallbackManager, circuitBreaker });
  await circuitBreaker.execute(() => Promise.reject(new Error("down"))).catch(() => {});
  await clock.advance(5_000);
  fallbackManager.cascade({ system: { failed_components: 2 } });
  const state = await monitor.getComprehensiveState();
  assert.deepEqual(
    [state.circuit_breaker?.state, state.circuit_breaker?.open_duration_seconds],
    ["OPEN", 5],
  );
  assert.equal(state.fallback?.mode, "SAFE");
  assert.equal(state.fallback?.cascade_log?.length, 1);
});

Deno.test("HealthMonitor reads any letter case, and shows what it cannot read", async () => {
  const cases = [
    { breaker: "half_open", mode: "heuristic", is: ["HALF_OPEN", "HEURISTIC", 0] },
    { breaker: "ajar", mode: "SAFE", is: ["ERROR", "SAFE", 1] },
    { breaker: "Closed", mode: "panic", is: ["CLOSED", "PRIMARY", 1] },
  ];
  for (const { breaker, mode, is } of cases) {
    const { monitor } = setUp({
      circuitBreaker: { getMetrics: () => ({ state: breaker }) },
      fallbackManager: { mode },
    });
    const { circuit_breaker, fallback } = await monitor.getComprehensiveState();
    const { faults_total } = monitor.getMetrics();
    assert.deepEqual([circuit_breaker?.state, fallback?.mode, faults_total], is);
  }
});

Deno.test("HealthMonitor chooses a mode itself where nobody keeps one", async () => {
  const { monitor } = setUp();
  for (const name of ["a", "b"]) {
    monitor.register({ name });
    monitor.report(name, { status: "FAILED" });
  }
  const { fallback } = await monitor.getComprehensiveState();
  assert.equal(fallback?.mode, "SAFE");
  assert.match(JSON.stringify(fallback?.cascade_log), /component_failures\(2\)/);
});

Deno.test("HealthMonitor sums up resources by their worst component", async () => {
  const { monitor } = setUp();
  const disk = (status: string) => scripted(status, { resource: "disk" }).check;
  monitor.register({ name: "data", check: disk("healthy") });
  monitor.register({ name: "logs", check: disk("degraded") });
  const memory = scripted("healthy", { resource: "memory" });
  memory.answer = () => ({ status: "healthy", metadata: { used: 0.5 } });
  monitor.register({ name: "ram", check: memory.check });
  const { resources } = await monitor.getComprehensiveState();
  assert.deepEqual(resources, {
    status: { cpu: "unknown", memory: "healthy", disk: "warning", overall: "warning" },
    current_metrics: { data_latency_ms: 0, logs_latency_ms: 0, ram_used: 0.5, ram_latency_ms: 0 },
    available: true,
  });
});

Deno.test("HealthMonitor tells sinks of looks and changes, and none can break or delay it", async () => {
  const events: HealthEvent[] = [];
  const { monitor } = setUp({
    sinks: [
      () => {
        throw new Error("sink down");
      },
      () => new Promise(() => {}),
      (event) => void events.push(event),
    ],
  });
  const script = scripted("failed");
  monitor.register({ name: "a", check: script.check, failureThreshold: 2 });
  for (let look = 1; look <= 20; look++) await monitor.checkNow("a");
  assert.deepEqual(events.slice(0, 4).map(({ kind }) => kind), [
    "checked",
    "checked",
    "changed",
    "checked",
  ]);
  assert.deepEqual(events[2], {
    kind: "changed",
    component: "a",
    from: "UNKNOWN",
    to: "FAILED",
    message: "",
    timestamp: "2026-01-01T00:00:00.000Z",
  });
  const metrics = monitor.getMetrics();
  assert.deepEqual([metrics.observations_total, metrics.changes_total], [20, 1]);
  assert.equal(metrics.faults_total, 21);
  assert.ok(metrics.drops_total > 0);
  assert.match(metrics.last_fault ?? "", /sink down/);
});

Deno.test("HealthMonitor stops telling a sink that was taken away", async () => {
  const { monitor } = setUp();
  let told = 0;
  const remove = monitor.addSink(() => void told++);
  monitor.register({ name: "a" });
  monitor.report("a", { status: "healthy" });
  remove();
  monitor.report("a", { status: "failed" });
  assert.equal(told, 2);
  await monitor.stop();
});

Deno.test("HealthMonitor starts and stops what goes on between looks", async () => {
  const calls: string[] = [];
  const check = (name: string): HealthCheck =>
    scripted("healthy", {
      start: () => void calls.push(`start ${name}`),
      stop: () => {
        calls.push(`stop ${name}`);
        return name === "b" ? Promise.reject(new Error("stuck")) : Promise.resolve();
      },
    }).check;
  const { monitor } = setUp({ components: [{ name: "x", check: check("a") }] });
  const run = monitor.run();
  monitor.register({ name: "x", check: check("b") });
  monitor.register({ name: "y", check: check("c") });
  await monitor.stop();
  await run;
  assert.deepEqual(calls, ["start a", "start b", "start c", "stop a", "stop b", "stop c"]);
  assert.match(monitor.getMetrics().last_fault ?? "", /stuck/);
});

Deno.test("HealthMonitor ends by its signal with a look under way, and can run again", async () => {
  const { clock, monitor } = setUp();
  let aborted = 0;
  const check: HealthCheck = {
    look: ({ signal }) => {
      signal.addEventListener("abort", () => aborted++);
      return clock.sleep(400, { signal }).then(() => ({ status: "healthy" }));
    },
  };
  monitor.register({ name: "a", check });
  const ending = new AbortController();
  const run = monitor.run({ signal: ending.signal });
  await assert.rejects(() => monitor.run(), { name: "InvalidStateError" });
  await clock.advance(100);
  ending.abort();
  await run;
  assert.deepEqual([aborted, clock.sleeperCount], [1, 0]);
  assert.equal(monitor.getMetrics().running, false);
  await monitor.run({ signal: ending.signal });
  const again = monitor.run();
  await clock.advance(400);
  assert.equal((await monitor.getComprehensiveState()).system?.status, "HEALTHY");
  await monitor[Symbol.asyncDispose]();
  await again;
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("HealthMonitor survives names that prototypes have", async () => {
  const { monitor } = setUp();
  for (const name of ["__proto__", "constructor", "toString"]) {
    monitor.register({ name, check: scripted().check });
  }
  const { components, system } = await monitor.getComprehensiveState();
  assert.deepEqual(Object.keys(components ?? {}), ["__proto__", "constructor", "toString"]);
  assert.equal(system?.healthy_components, 3);
});

Deno.test("HealthMonitor refuses options out of range, and too many components", () => {
  const cases: { options: HealthMonitorOptions; message: RegExp }[] = [
    { options: { componentsMax: 0 }, message: /componentsMax must be .* 1 to 10000, got 0/ },
    { options: { components: [{ name: "" }] }, message: /1 to 100 characters, got 0/ },
    { options: { components: [{ name: "a", intervalMs: 9 }] }, message: /intervalMs of "a"/ },
    { options: { components: [{ name: "a", timeoutMs: NaN }] }, message: /timeoutMs of "a"/ },
    { options: { components: [{ name: "a", slowMs: 0 }] }, message: /slowMs of "a"/ },
    {
      options: { components: [{ name: "a", failureThreshold: 1.5 }] },
      message: /failureThreshold of "a" must be a whole number from 1 to 1000, got 1.5/,
    },
    {
      options: { components: [{ name: "a", successThreshold: 0 }] },
      message: /successThreshold of "a"/,
    },
    {
      options: { componentsMax: 1, components: [{ name: "a" }, { name: "b" }] },
      message: /Cannot register "b": there are 1 components/,
    },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => new HealthMonitor(options), { name: "RangeError", message });
  }
  new HealthMonitor({ componentsMax: 1, components: [{ name: "a" }, { name: "a" }] });
});

Deno.test("HealthMonitor lets a node vote with what it knows (F21)", async () => {
  const { clock, monitor } = setUp({
    circuitBreaker: { getMetrics: () => ({ state: "open" }) },
    components: [{ name: "a", check: scripted().check }],
  });
  const { vote, healthScore, fault } = await reportSelf({
    healthMonitor: monitor,
    ownMode: () => undefined,
    timeoutMs: 100,
    clock,
  });
  assert.deepEqual(vote, { circuit_breaker_state: "OPEN", fallback_mode: "HEURISTIC" });
  assert.equal(fault, null);
  assert.ok(healthScore !== null && healthScore > 0);
});

Deno.test("HealthMonitor counts the failed attempts that a retry tells of", async () => {
  const clock = new FakeClock();
  const monitor = new HealthMonitor({ clock });
  const retry = new Retry({ clock, maxAttempts: 2, isRetriable: () => true });
  retry.onFailedAttempt(() => monitor.recordRetryFailure());
  const call = retry.execute(() => Promise.reject(new Error("down"))).catch(() => {});
  await clock.advance(1_000);
  await call;
  assert.equal((await monitor.getComprehensiveState()).retry?.failures_1h, 2);
});

Deno.test("HealthMonitor tells the mode that the node votes with, not that of the cluster", async () => {
  const clock = new FakeClock();
  const fallbackManager = new FallbackManager({ clock });
  const monitor = new HealthMonitor({ clock, fallbackManager });
  assert.equal(await fallbackManager.setMode("safe"), true);
  assert.equal((await monitor.getComprehensiveState()).fallback?.mode, "PRIMARY");
  assert.equal(fallbackManager.mode, "SAFE");
});
