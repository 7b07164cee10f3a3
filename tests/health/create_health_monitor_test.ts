import assert from "node:assert/strict";
import { fixedEnv } from "../../config/env_reader.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { healthSchema } from "../../config/schemas/health.ts";
import type { HealthDocument } from "../../config/schemas/health_document.ts";
import { componentsOf, createHealthMonitor } from "../../health/create_health_monitor.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { READ, testWith } from "../config/availability/probes/probe_runs.ts";

async function read(text: string): Promise<HealthDocument> {
  return (await parseConfig(text, healthSchema, { env: fixedEnv({}) })).config;
}

Deno.test("createHealthMonitor watches what a file says, as unknown without permissions", {
  permissions: "none",
}, async () => {
  const document = await read(`
components:
  api: { type: http, url: "http://127.0.0.1:8000/health" }
  database: { type: tcp, port: 5432 }
  containers: { type: command, command: [docker, info] }
  file: { type: kv, path: /data/x.db }
  disk: { type: disk, path: /data }
  memory: { type: memory }
  load: { type: cpu }
  event_loop: { type: eventLoop }`);
  const monitor = createHealthMonitor(document, { clock: new FakeClock() });
  const { system, health_checks } = await monitor.getComprehensiveState();
  assert.deepEqual([system?.status, system?.total_components], ["UNKNOWN", 8]);
  const flags: Readonly<Record<string, string>> = {
    api: "--allow-net=127.0.0.1:8000",
    database: "--allow-net=127.0.0.1:5432",
    containers: "--allow-run=docker",
    file: "--allow-read=/data/x.db",
    disk: "--allow-read=/data",
    memory: "--allow-sys=systemMemoryInfo",
    load: "--allow-sys=loadavg",
    event_loop: "no sample yet",
  };
  for (const [name, flag] of Object.entries(flags)) {
    const { status, message } = health_checks?.[name] as { status: string; message: string };
    assert.equal(status, "UNKNOWN", name);
    assert.ok(message.includes(flag), `${name}: ${message}`);
  }
});

Deno.test("createHealthMonitor uses the program's database and checks", async () => {
  using kv = await Deno.openKv(":memory:");
  const document = await read(`
failure_threshold: 1
components:
  store: { type: kv }
  queue: { type: custom }
  cache: { type: custom, check: fullness }
  off: { type: custom, enabled: no }`);
  const monitor = createHealthMonitor(document, {
    kv,
    customChecks: {
      queue: () => ({ status: "failed", message: "full" }),
      fullness: { look: () => ({ status: "degraded" }) },
    },
    components: [{ name: "own" }],
  });
  const { components } = await monitor.getComprehensiveState();
  const statuses = Object.values(components ?? {}) as { name: string; status: string }[];
  assert.deepEqual(statuses.map(({ name, status }) => `${name} ${status}`), [
    "store HEALTHY",
    "queue FAILED",
    "cache DEGRADED",
    "own UNKNOWN",
  ]);
});

Deno.test("createHealthMonitor refuses what the program does not give", async () => {
  const cases = [
    { component: "{ type: kv }", message: /"a" watches the program's own database, but none/ },
    { component: "{ type: custom }", message: /"a" needs the custom check "a"; there are: queue/ },
    { component: "{ type: custom, check: toString }", message: /custom check "toString"/ },
  ];
  for (const { component, message } of cases) {
    const document = await read(`components: { a: ${component} }`);
    assert.throws(
      () => createHealthMonitor(document, { customChecks: { queue: () => {} } }),
      { name: "RangeError", message },
    );
  }
});

Deno.test("componentsOf takes a component's own figures before those of the document", async () => {
  const document = await read(`
interval: 20
timeout: 4
failure_threshold: 5
success_threshold: 6
components:
  a: { type: memory }
  b: { type: memory, interval: 1, timeout: 0.5, slow: 0.25, failure_threshold: 2, success_threshold: 3 }`);
  const figures = componentsOf(document).map(({ check: _check, ...rest }) => rest);
  assert.deepEqual(figures, [
    {
      name: "a",
      intervalMs: 20_000,
      timeoutMs: 4_000,
      slowMs: Infinity,
      failureThreshold: 5,
      successThreshold: 6,
    },
    {
      name: "b",
      intervalMs: 1_000,
      timeoutMs: 500,
      slowMs: 250,
      failureThreshold: 2,
      successThreshold: 3,
    },
  ]);
});

testWith([READ], "createHealthMonitor watches the example", async () => {
  using kv = await Deno.openKv(":memory:");
  const file = new URL("../../examples/config/health.yaml", import.meta.url);
  const monitor = createHealthMonitor(await read(await Deno.readTextFile(file)), { kv });
  assert.deepEqual(monitor.componentNames, [
    "api",
    "database",
    "containers",
    "store",
    "disk",
    "memory",
    "load",
    "event_loop",
  ]);
});
