import assert from "node:assert/strict";
import {
  CLUSTER,
  INSTANCE_ID,
  LEASE,
  LOG_FORMAT,
  logLevel,
  STORE,
  WAIT,
} from "../../cli/shared_settings.ts";

Deno.test("the shared settings have the documented names and defaults", () => {
  const cases = [
    [STORE, "BATON_KV", { kind: "file", path: "./.baton/cluster.db", folder: "./.baton" }],
    [CLUSTER, "BATON_CLUSTER", "default"],
    [INSTANCE_ID, "BATON_ID", undefined],
    [LEASE, "BATON_LEASE", 10_000],
    [WAIT, "BATON_WAIT", false],
    [logLevel("info"), "BATON_LOG_LEVEL", "info"],
    [LOG_FORMAT, "BATON_LOG_FORMAT", "pretty"],
  ] as const;
  for (const [setting, env, fallback] of cases) {
    assert.equal(setting.env, env);
    assert.deepEqual(setting.fallback, fallback, env);
  }
});

Deno.test("logLevel takes warn for warning", () => {
  assert.equal(logLevel("info").parse("warn"), "warning");
  assert.throws(() => logLevel("info").parse("loud"), { name: "RangeError" });
});
