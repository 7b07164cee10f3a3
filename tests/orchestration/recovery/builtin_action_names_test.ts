import assert from "node:assert/strict";
import { RECOVERY_ACTION_NAMES } from "../../../config/schemas/recovery_action_names.ts";
import {
  BUILTIN_ACTIONS,
  SAFE_MODE_ACTIONS,
} from "../../../orchestration/recovery/builtin_action_names.ts";

Deno.test("BUILTIN_ACTIONS are those that a file may use without listing them", () => {
  assert.deepEqual([...BUILTIN_ACTIONS.keys()], RECOVERY_ACTION_NAMES);
});

Deno.test("BUILTIN_ACTIONS runs on each node only what is the node's own", () => {
  const own = [...BUILTIN_ACTIONS].filter(([, scope]) => scope === "node").map(([name]) => name);
  assert.deepEqual(own, ["circuit_restart", "cache_purge", "safe_mode"]);
});

Deno.test("SAFE_MODE_ACTIONS are built in", () => {
  assert.deepEqual(SAFE_MODE_ACTIONS, ["safe_mode", "enter_safe_mode"]);
  assert.ok(SAFE_MODE_ACTIONS.every((name) => BUILTIN_ACTIONS.has(name)));
});
