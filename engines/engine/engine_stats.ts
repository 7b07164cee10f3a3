import type { StepResult } from "../workflow/step_result.ts";

/** The figures of an engine, with wire keys. Times are in seconds. */
export interface EngineStats {
  /** How many agents were asked for and accepted. */
  readonly total_executions: number;
  /** How many run now; those that wait are not among them. */
  readonly concurrent_executions: number;
  /** How long the last ones waited for their turn. */
  readonly queue_wait_times: readonly number[];
  /** How long the last ones took. */
  readonly execution_times: readonly number[];
  /** How many ended well. */
  readonly completed_executions: number;
  /** How many failed, those included that took too long. */
  readonly failed_executions: number;
  /** How many took too long. */
  readonly timeout_executions: number;
  /** How many were called off. */
  readonly cancelled_executions: number;
  /** How many have ended although their agent, which heeds no signal, goes on. */
  readonly dead_executions: number;
  /** How many agents answered after their run had ended; nobody heard them. */
  readonly late_completions: number;
  /** The average of `queue_wait_times`; 0 without any. */
  readonly avg_queue_wait_time: number;
  /** The longest of `queue_wait_times`; 0 without any. */
  readonly max_queue_wait_time: number;
  /** The average of `execution_times`; 0 without any. */
  readonly avg_execution_time: number;
  /** The longest of `execution_times`; 0 without any. */
  readonly max_execution_time: number;
  /** How many events could not be handed over. */
  readonly event_faults: number;
  /** How many callbacks failed that agents had registered with their context. */
  readonly cleanup_faults: number;
  /** The engine. */
  readonly engine_id: string;
  /** Whose it is. */
  readonly user_id: string;
  /** The run. */
  readonly run_id: string;
  /** The conversation. */
  readonly thread_id: string;
  /** How many are accepted and have not ended. */
  readonly active_runs_count: number;
  /** How many results are kept. */
  readonly history_count: number;
  /** When the engine was made, UTC ISO. */
  readonly created_at: string;
  /** Whether it takes requests. */
  readonly is_active: boolean;
  /** How many agents of the user may run at a time, in all engines. */
  readonly max_concurrent: number;
  /** A short text for logs. */
  readonly user_correlation_id: string;
}

/** What an engine did, with wire keys. */
export interface EngineSummary {
  /** How many agents ended. */
  readonly total_agents: number;
  /** How many of them ended well. */
  readonly completed_agents: number;
  /** How many of them failed or took too long. */
  readonly failed_agents: number;
  /** What somebody should look at, in sentences. */
  readonly warnings: readonly string[];
  /** Whose engine it is. */
  readonly user_id: string;
  /** The engine. */
  readonly engine_id: string;
  /** Its figures. */
  readonly execution_stats: EngineStats;
}

/** What is left of an engine when it is cleaned up. */
export interface EngineSnapshot {
  /** Its figures at the end. */
  readonly stats: EngineStats;
  /** The last results, the latest last. */
  readonly history: readonly StepResult[];
}
