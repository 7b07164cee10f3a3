import assert from "node:assert/strict";
import { RECOVERY_ACTION_NAMES } from "../../../config/schemas/recovery_action_names.ts";

Deno.test("RECOVERY_ACTION_NAMES are those of basic recovery, then those of a spacecraft", () => {
  assert.deepEqual(RECOVERY_ACTION_NAMES, [
    "circuit_restart",
    "cache_purge",
    "safe_mode",
    "reduce_power_load",
    "activate_cooling",
    "stabilize_attitude",
    "reduce_processor_load",
    "enter_safe_mode",
    "alert_ground",
    "restart_radio",
    "switch_to_backup_radio",
    "log_detailed_state",
  ]);
});
