import { ActionScope } from "../../enums/action_scope.ts";

/**
 * The actions whose names always exist, with where they run unless a file says otherwise: the first
 * three act upon the node's own breakers, caches and mode.
 */
export const BUILTIN_ACTIONS: ReadonlyMap<string, ActionScope> = new Map<string, ActionScope>([
  ["circuit_restart", ActionScope.NODE],
  ["cache_purge", ActionScope.NODE],
  ["safe_mode", ActionScope.NODE],
  ["reduce_power_load", ActionScope.CLUSTER],
  ["activate_cooling", ActionScope.CLUSTER],
  ["stabilize_attitude", ActionScope.CLUSTER],
  ["reduce_processor_load", ActionScope.CLUSTER],
  ["enter_safe_mode", ActionScope.CLUSTER],
  ["alert_ground", ActionScope.CLUSTER],
  ["restart_radio", ActionScope.CLUSTER],
  ["switch_to_backup_radio", ActionScope.CLUSTER],
  ["log_detailed_state", ActionScope.CLUSTER],
]);

/** Actions that enter safe mode, of which there may be only so many in a day. */
export const SAFE_MODE_ACTIONS: readonly string[] = ["safe_mode", "enter_safe_mode"];
