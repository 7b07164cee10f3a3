/** In which part of its life a factory is. */
export type EngineFactoryState = "running" | "draining" | "closed";

/**
 * What a factory counted, with wire keys. Engines that were made are `total_engines_created`; each of
 * them is live, cleaned, or a cleanup error. Of attempts that came to nothing each is counted once.
 *
 * Two keys of the Python system are missing, because there is nothing to count:
 * `performance_measurements` and `factory_uniqueness_checks`.
 */
export interface EngineFactoryMetrics {
  /** Engines that were made and registered. */
  readonly total_engines_created: number;
  /** Of these, the ones that ended and left nothing behind. */
  readonly total_engines_cleaned: number;
  /** Of these, the ones that live; those whose cleanup is under way included. */
  readonly active_engines_count: number;
  /** Attempts that failed while an engine was made or checked. */
  readonly creation_errors: number;
  /** Of these, the ones whose cleanup failed. */
  readonly cleanup_errors: number;
  /** Engines that were made, refused before they were registered, and whose cleanup then failed. */
  readonly rollback_errors: number;
  /** Engines that were reclaimed because they were idle. */
  readonly timeout_cleanups: number;
  /** Attempts that were refused: the user has as many engines as allowed. */
  readonly user_limit_rejections: number;
  /** Attempts that were refused: the process has as many engines as allowed. */
  readonly process_limit_rejections: number;
  /** Attempts that were refused: the run has an engine. */
  readonly duplicate_run_rejections: number;
  /** Attempts that were refused: the factory is draining or closed. */
  readonly closed_rejections: number;
  /** Attempts that were refused: no genuine context was given, or another user's was current. */
  readonly invalid_context_rejections: number;
  /** Attempts that were refused: an engine of an unknown type was asked for. */
  readonly unknown_type_rejections: number;
  /** Attempts that were refused: an engine of a deprecated type was asked for. */
  readonly backwards_compatibility_usage: number;
  /** How often the guard looked at an engine that was made. */
  readonly ssot_validations_performed: number;
  /** How often it was checked that an engine that was made is its user's. */
  readonly user_isolation_validations: number;
  /** Scopes whose work ended without an error. */
  readonly golden_path_executions: number;
  /** Engines that were made with a sink for user events. */
  readonly websocket_integrations: number;
  /** Contexts whose cleanup failed in part. */
  readonly context_cleanup_errors: number;
  /** How many engines of one user may live at a time. */
  readonly max_engines_per_user: number;
  /** How long an engine may be idle, in seconds. */
  readonly engine_timeout_seconds: number;
  /** How often it is looked for idle engines while there are engines, in seconds. */
  readonly cleanup_interval: number;
  /** The ids of live engines, the oldest first, 100 at most. */
  readonly active_engine_keys: readonly string[];
  /** Whether it is being looked for idle engines. */
  readonly cleanup_task_running: boolean;
  /** In which part of its life the factory is. */
  readonly state: EngineFactoryState;
  /** When this was said, UTC ISO. */
  readonly timestamp: string;
}

/** What is counted, and not looked up. */
type EngineFactoryCounter = Exclude<
  keyof EngineFactoryMetrics,
  | "active_engines_count"
  | "max_engines_per_user"
  | "engine_timeout_seconds"
  | "cleanup_interval"
  | "active_engine_keys"
  | "cleanup_task_running"
  | "state"
  | "timestamp"
>;

/** The counters that the parts of a factory share. */
export type EngineFactoryCounts = Record<EngineFactoryCounter, number>;

/**
 * Makes counters.
 *
 * @returns All of them at zero.
 */
export function newEngineFactoryCounts(): EngineFactoryCounts {
  return {
    total_engines_created: 0,
    total_engines_cleaned: 0,
    creation_errors: 0,
    cleanup_errors: 0,
    rollback_errors: 0,
    timeout_cleanups: 0,
    user_limit_rejections: 0,
    process_limit_rejections: 0,
    duplicate_run_rejections: 0,
    closed_rejections: 0,
    invalid_context_rejections: 0,
    unknown_type_rejections: 0,
    backwards_compatibility_usage: 0,
    ssot_validations_performed: 0,
    user_isolation_validations: 0,
    golden_path_executions: 0,
    websocket_integrations: 0,
    context_cleanup_errors: 0,
  };
}
