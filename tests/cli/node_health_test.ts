import assert from "node:assert/strict";
import { configureLogging } from "../../cli/logging.ts";
import { healthLog, openNodeHealth } from "../../cli/node_health.ts";
import type { HealthCheckDict } from "../../health/component_record.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("openNodeHealth looks at the process itself when there is no file", async () => {
  using kv = await Deno.openKv(":memory:");
  const { clock } = fakeIo();
  await using health = await openNodeHealth({ file: undefined, kv, fallbackManager: null, clock });
  const { components } = await health.getComprehensiveState();
  assert.deepEqual(Object.keys(components ?? {}), ["event_loop", "memory", "heap", "cpu", "kv"]);
});

Deno.test("openNodeHealth names the permission for a file that it may not read", {
  permissions: "none",
}, async () => {
  using kv = await Deno.openKv(":memory:");
  const { clock } = fakeIo();
  const options = { file: "health.yaml", kv, fallbackManager: null, clock };
  await assert.rejects(openNodeHealth(options), (error: Error & { details: string[] }) => {
    assert.match(error.details[0] ?? "", /--allow-read=health\.yaml/);
    return true;
  });
});

Deno.test("healthLog tells changes, and once why a component cannot be looked at", () => {
  const io = fakeIo();
  configureLogging({ level: "info", format: "pretty" }, io);
  const sink = healthLog();
  const check: HealthCheckDict = {
    name: "web",
    status: "UNKNOWN",
    message: "needs --allow-net",
    timestamp: "",
    latency_ms: 0,
    metadata: {},
  } as HealthCheckDict;
  const change = { kind: "changed", component: "web", message: "m", timestamp: "" } as const;
  void sink({ kind: "checked", check });
  void sink({ kind: "checked", check });
  void sink({ kind: "checked", check: { ...check, status: "HEALTHY" } });
  void sink({ ...change, from: "UNKNOWN", to: "FAILED" });
  void sink({ ...change, from: "FAILED", to: "HEALTHY" });
  const lines = io.err().trim().split("\n").map((line) => line.replace(/^\S+ /, ""));
  assert.deepEqual(lines, [
    "WRN web cannot be looked at: needs --allow-net",
    "WRN web is FAILED, was UNKNOWN: m",
    "INF web is HEALTHY, was FAILED: m",
  ]);
});
