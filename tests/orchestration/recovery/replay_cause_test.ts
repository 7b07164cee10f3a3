import assert from "node:assert/strict";
import { compileRules } from "../../../orchestration/recovery/compile_rules.ts";
import { judgeCause } from "../../../orchestration/recovery/replay_cause.ts";
import { crashPolicy, entryOf } from "./replay_entry.ts";

Deno.test("judgeCause asks the policy whether an anomaly is severe enough", async () => {
  const rules = compileRules(await crashPolicy([["mend"]]), null);
  const severe = judgeCause(entryOf({ severity_score: 0.5 }), rules);
  assert.equal(severe.kind === "asked" && severe.steps[0]?.action, "mend");
  const mild = judgeCause(entryOf({ severity_score: 0.4 }), rules);
  assert.equal(mild.kind === "ignored" && mild.result, "below_threshold");
  const other = judgeCause(entryOf({ anomaly_type: "leak" }), rules);
  assert.equal(other.kind === "ignored" && other.result, "no_policy");
});

Deno.test("judgeCause asks for what somebody asked for", async () => {
  const rules = compileRules(await crashPolicy([["mend"]]), null);
  const verdict = judgeCause(entryOf({ trigger: "manual_trigger", action_type: "page" }), rules);
  assert.equal(verdict.kind === "asked" && verdict.steps[0]?.action, "page");
});

Deno.test("judgeCause compares the recorded figure with the threshold", async () => {
  const cases = [
    { name: "circuit_open", reason: "open_duration=301s", action: "circuit_restart" },
    { name: "retry_failures", reason: "failures_1h=51", action: "cache_purge" },
    { name: "failed_components", reason: "failed_components=2", action: "safe_mode" },
    { name: "anomaly_accuracy", reason: "anomaly_accuracy=0.5", action: "safe_mode" },
  ];
  const defaults = compileRules(await crashPolicy([["mend"]]), null);
  const thresholds = {
    circuit_open_duration: 1_000,
    retry_failures_1h: 1_000,
    failed_components: 9,
    min_anomaly_accuracy: 0.1,
  };
  const lax = compileRules(await crashPolicy([["mend"]], { thresholds }), null);
  for (const { name, reason, action } of cases) {
    const entry = entryOf({
      trigger: "health_check",
      anomaly_type: name,
      action_type: action,
      reason,
    });
    const before = judgeCause(entry, defaults);
    assert.equal(before.kind === "asked" && before.steps[0]?.action, action, name);
    assert.equal(before.kind === "asked" && before.assumed, false, name);
    assert.equal(judgeCause(entry, lax).kind, "ignored", name);
    const silent = judgeCause({ ...entry, reason: "somehow" }, lax);
    assert.equal(silent.kind === "asked" && silent.assumed, true, name);
  }
});
