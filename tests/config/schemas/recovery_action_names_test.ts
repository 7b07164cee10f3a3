import assert from "node:assert/strict";
import { RECOVERY_ACTION_NAMES } from "../../../config/schemas/recovery_action_names.ts";
import { BUILTIN_ACTIONS } from "../../../orchestration/recovery/builtin_action_names.ts";

Deno.test("RECOVERY_ACTION_NAMES are the actions that recovery has", () => {
  assert.deepEqual(RECOVERY_ACTION_NAMES, [...BUILTIN_ACTIONS.keys()]);
  assert.equal(RECOVERY_ACTION_NAMES.length, 12);
});
