/**
 * The actions that there always are, whatever a file lists: three of basic recovery, and nine that
 * the policies of a spacecraft ask for. Each can be replaced.
 */
export const RECOVERY_ACTION_NAMES: readonly string[] = Object.freeze([
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
