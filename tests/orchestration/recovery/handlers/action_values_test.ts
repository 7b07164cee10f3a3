import assert from "node:assert/strict";
import {
  isValueName,
  VALUE_NAMES,
  valueOf,
} from "../../../../orchestration/recovery/handlers/action_values.ts";
import { contextOf } from "./action_fixtures.ts";

Deno.test("valueOf finds what a name leads to, and no inherited property", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["action", "restart_api"],
    ["reason", "it is down"],
    ["attempt", 2],
    ["fence", "7"],
    ["execution_id", "run-1"],
    ["cause.type", "api_fault"],
    ["cause.trigger", "anomaly"],
    ["severity", 0.9],
    ["confidence", 0.8],
    ["recurrence_count", 3],
    ["duration", 12.5],
    ["params.unit", "api"],
    ["params.none", undefined],
    ["params.unit.length", undefined],
    ["params.constructor", undefined],
    ["metadata.region.name", "eu"],
    ["metadata.__proto__", undefined],
  ];
  for (const [name, value] of cases) {
    assert.ok(isValueName(name), name);
    assert.deepEqual(valueOf(name, contextOf()), value, name);
  }
});

Deno.test("isValueName refuses what leads nowhere", () => {
  const long = `params${".a".repeat(9)}`;
  for (const name of ["", "raeson", "params", "params.", "params.a b", "toString", "cause", long]) {
    assert.ok(!isValueName(name), name);
  }
  assert.match(VALUE_NAMES, /^action, reason, .*, params\.NAME, metadata\.NAME$/);
});
