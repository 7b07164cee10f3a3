import { StepStatus } from "../../enums/step_status.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { StepResult } from "../workflow/step_result.ts";
import type { EngineStats, EngineSummary } from "./engine_stats.ts";
import { RecentValues } from "./recent_values.ts";

/** What an engine knows of itself at the moment. */
export interface EngineMoment {
  /** Whether it takes requests. */
  readonly isActive: boolean;
  /** How many runs are accepted and have not ended. */
  readonly activeRuns: number;
  /** How many of these have their turn. */
  readonly running: number;
  /** How many agents go on although their run has ended. */
  readonly abandoned: number;
}

/** Whose record it is. */
export interface EngineIdentity {
  /** The engine. */
  readonly engineId: string;
  /** The user, run and conversation. */
  readonly context: UserExecutionContext;
  /** When the engine was made, UTC ISO. */
  readonly createdAt: string;
  /** How many agents of the user may run at a time. */
  readonly maxConcurrent: number;
}

/** Keeps what an engine did: the one place that counts. */
export class EngineRecord {
  readonly #identity: EngineIdentity;
  readonly #history: RecentValues<StepResult>;
  readonly #waits: RecentValues<number>;
  readonly #times: RecentValues<number>;
  readonly #ended: Record<StepStatus, number> = {
    completed: 0,
    failed: 0,
    timed_out: 0,
    cancelled: 0,
    skipped: 0,
  };
  #accepted = 0;
  #late = 0;
  #eventFaults = 0;
  #cleanupFaults = 0;

  /**
   * Makes an empty record.
   *
   * @param identity Whose record it is.
   * @param max How many results and times are kept.
   */
  constructor(identity: EngineIdentity, max: number) {
    this.#identity = identity;
    this.#history = new RecentValues(max);
    this.#waits = new RecentValues(max);
    this.#times = new RecentValues(max);
  }

  /** Counts a run that was accepted. */
  accepted(): void {
    this.#accepted++;
  }

  /** Notes how long a run waited for its turn, in ms. */
  waited(ms: number): void {
    this.#waits.add(ms / 1000);
  }

  /**
   * Counts and keeps how a run ended.
   *
   * @param result How it ended.
   * @param hasRun Whether it had its turn, so that there is a time to keep.
   */
  ended(result: StepResult, hasRun: boolean): void {
    this.#ended[result.status]++;
    if (hasRun) this.#times.add(result.executionTimeMs / 1000);
    this.#history.add(result);
  }

  /** Counts an agent that answered after its run had ended. */
  answeredLate(): void {
    this.#late++;
  }

  /** Counts what was registered with an agent's context and failed in its cleanup. */
  cleanupFaults(count: number): void {
    this.#cleanupFaults += count;
  }

  /** Counts an event that was not handed over. */
  eventFault(): void {
    this.#eventFaults++;
  }

  /**
   * Says how the last runs ended.
   *
   * @param limit How many results are wanted.
   * @returns The last results, at most so many, the latest last.
   */
  history(limit: number): StepResult[] {
    return this.#history.latest(limit);
  }

  /**
   * Puts the figures together.
   *
   * @param moment How things stand.
   * @returns The figures, frozen.
   */
  stats(moment: EngineMoment): EngineStats {
    const { engineId, context, createdAt, maxConcurrent } = this.#identity;
    const waits = this.#waits.latest(Infinity);
    const times = this.#times.latest(Infinity);
    return Object.freeze({
      total_executions: this.#accepted,
      concurrent_executions: moment.running,
      queue_wait_times: Object.freeze(waits),
      execution_times: Object.freeze(times),
      completed_executions: this.#ended[StepStatus.COMPLETED],
      failed_executions: this.#ended[StepStatus.FAILED] + this.#ended[StepStatus.TIMED_OUT],
      timeout_executions: this.#ended[StepStatus.TIMED_OUT],
      cancelled_executions: this.#ended[StepStatus.CANCELLED],
      dead_executions: moment.abandoned,
      late_completions: this.#late,
      avg_queue_wait_time: average(waits),
      max_queue_wait_time: Math.max(0, ...waits),
      avg_execution_time: average(times),
      max_execution_time: Math.max(0, ...times),
      event_faults: this.#eventFaults,
      cleanup_faults: this.#cleanupFaults,
      engine_id: engineId,
      user_id: context.userId,
      run_id: context.runId,
      thread_id: context.threadId,
      active_runs_count: moment.activeRuns,
      history_count: this.#history.size,
      created_at: createdAt,
      is_active: moment.isActive,
      max_concurrent: maxConcurrent,
      user_correlation_id: context.correlationId,
    });
  }

  /**
   * Sums up what the engine did.
   *
   * @param moment How things stand.
   * @returns The summary, frozen, with the figures in it.
   */
  summary(moment: EngineMoment): EngineSummary {
    const stats = this.stats(moment);
    const completed = stats.completed_executions;
    const failed = stats.failed_executions;
    return Object.freeze({
      total_agents: completed + failed + stats.cancelled_executions,
      completed_agents: completed,
      failed_agents: failed,
      warnings: Object.freeze(warningsOf(stats)),
      user_id: stats.user_id,
      engine_id: stats.engine_id,
      execution_stats: stats,
    });
  }
}

function warningsOf(stats: EngineStats): string[] {
  const all: [count: number, text: string][] = [
    [stats.timeout_executions, "agents took too long"],
    [stats.dead_executions, "agents go on although their run has ended"],
    [stats.late_completions, "agents answered after their run had ended"],
    [stats.event_faults, "events were not handed over"],
    [stats.cleanup_faults, "cleanups of agents failed"],
  ];
  return all.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
