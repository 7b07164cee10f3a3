import { RECOVERY_ACTION_NAMES } from "../../config/schemas/recovery_action_names.ts";
import { ActionScope } from "../../enums/action_scope.ts";

/** Those that act upon the node's own breakers, caches and mode. */
const OF_THE_NODE: readonly string[] = ["circuit_restart", "cache_purge", "safe_mode"];

/** The actions whose names always exist, with where they run unless a file says otherwise. */
export const BUILTIN_ACTIONS: ReadonlyMap<string, ActionScope> = new Map(
  RECOVERY_ACTION_NAMES.map((name) => [
    name,
    OF_THE_NODE.includes(name) ? ActionScope.NODE : ActionScope.CLUSTER,
  ]),
);

/** Actions that enter safe mode, of which there may be only so many in a day. */
export const SAFE_MODE_ACTIONS: readonly string[] = ["safe_mode", "enter_safe_mode"];
