import type { Clock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import { runInContext } from "../context/current_context.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import type { StepResult } from "../workflow/step_result.ts";
import { AgentEvents } from "./agent_events.ts";
import { AgentRun } from "./agent_run.ts";
import type { AgentWork } from "./agent_work.ts";
import type { CheckedRequest } from "./check_request.ts";
import type { EngineMoment, EngineRecord } from "./engine_record.ts";
import { inlineWork } from "./inline_work.ts";
import { isolatedWork } from "./isolated_work.ts";
import { openAgentProcess } from "./open_agent_process.ts";
import { openAgentWorker } from "./open_agent_worker.ts";
import { runResult } from "./run_result.ts";
import { tellEnd, tellStart, tellWork } from "./tell_run.ts";
import type { Tool } from "./tool.ts";
import type { ReleasePermit, UserPermits } from "./user_permits.ts";

/** What {@link EngineRuns} are made of. */
export interface EngineRunsParts {
  /** The engine. */
  readonly engineId: string;
  /** Its tools. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Who takes events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** Says how many may run. */
  readonly permits: UserPermits;
  /** The passage of time. */
  readonly clock: Clock;
  /** Counts. */
  readonly record: EngineRecord;
  /** How long is waited for what an agent registered with its context, in ms. */
  readonly cleanupWaitMs: number;
}

/** After how long a wait the user is told of it, in ms. */
const QUEUE_NOTICE_MS = 1_000;

/** The calls of agents that an engine has accepted, each from its acceptance to its end. */
export class EngineRuns {
  readonly #parts: EngineRunsParts;
  readonly #active = new Set<AgentRun>();
  readonly #abandoned = new Set<Promise<unknown>>();
  /** Cleanups and processes of agents whose run has ended. */
  readonly #leftovers = new Set<Promise<void>>();
  #running = 0;

  /**
   * Makes a set without runs.
   *
   * @param parts What runs need.
   */
  constructor(parts: EngineRunsParts) {
    this.#parts = parts;
  }

  /** How many are accepted and have not ended. */
  get activeCount(): number {
    return this.#active.size;
  }

  /** Whether what agents registered is being done, or their processes are ending. */
  get hasLeftovers(): boolean {
    return this.#leftovers.size > 0;
  }

  /** Says how things stand. */
  moment(): Omit<EngineMoment, "isActive"> {
    return {
      activeRuns: this.#active.size,
      running: this.#running,
      abandoned: this.#abandoned.size,
    };
  }

  /**
   * Carries out a request that is in order.
   *
   * @param request The request.
   * @param input What the agent works on, frozen.
   * @param signal Calls it off; null when nothing does.
   * @returns How it ended; rejects with a {@link PermitTimeoutError} when it waited too long.
   * @throws {PermitQueueFullError} when too many wait; nothing has happened then.
   * @throws {AbandonedAgentsError} when too many go on although their run has ended; likewise.
   */
  execute(
    request: CheckedRequest,
    input: JsonValue,
    signal: AbortSignal | null,
  ): Promise<StepResult> {
    const { promise, resolve, reject } = Promise.withResolvers<StepResult>();
    const { clock, record, permits, engineId } = this.#parts;
    const events = this.#eventsOf(request);
    const startedAt = new Date(clock.now()).toISOString();
    let beganAtMs: number | null = null;
    let isAbandoned = false;
    const run = new AgentRun({
      clock,
      timeoutMs: request.timeoutMs,
      inContext: (run) => runInContext(request.context, run),
      work: (signal) => {
        beganAtMs = clock.monotonic();
        this.#running++;
        tellWork(events, request, input);
        signal.throwIfAborted(); // whoever was told may have called the run off
        return this.#work(request, input, signal, events);
      },
      onEnd: (ending) => {
        const executionTimeMs = beganAtMs === null ? 0 : clock.monotonic() - beganAtMs;
        if (beganAtMs !== null) this.#running--;
        this.#active.delete(run);
        const result = runResult(request, engineId, ending, { startedAt, executionTimeMs });
        record.ended(result, beganAtMs !== null);
        tellEnd(events, result, engineId);
        this.#cleanUp(request.context, isAbandoned, () => {
          if (ending.kind === "refused") reject(ending.error);
          else resolve(result);
        });
      },
      onAbandoned: (answer) => {
        isAbandoned = true;
        this.#abandon(request.context.userId, answer);
      },
    });
    const turn = permits.acquire(request.context.userId, run);
    // Nothing has happened until here; from here on the run is accepted.
    this.#active.add(run);
    record.accepted();
    tellStart(events, request, engineId);
    if (signal !== null) run.watch(signal);
    this.#takeTurn(run, turn, events);
    return promise;
  }

  /**
   * Calls off everything, and waits for agents to come to rest and for their processes to be gone.
   *
   * @param reason Why.
   * @param others What else it waits for, as long at most.
   */
  async end(reason: unknown, others: readonly Promise<unknown>[]): Promise<void> {
    for (const run of [...this.#active]) run.cancel(reason);
    const unrest = [...this.#abandoned, ...this.#leftovers, ...others];
    if (unrest.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(this.#parts.cleanupWaitMs, resolve);
    await Promise.race([Promise.allSettled(unrest), promise]);
    cancel();
  }

  /**
   * Does what the agent registered with its context, and only then says how it ended, but does not wait
   * for that for ever.
   */
  #cleanUp(context: UserExecutionContext, isAbandoned: boolean, done: () => void): void {
    if (!context.hasCleanups) {
      done();
      // What an agent that goes on would still register, nobody would do any more.
      return void (isAbandoned && context.cleanup());
    }
    const { clock, cleanupWaitMs, record } = this.#parts;
    const cancel = clock.after(cleanupWaitMs, done);
    const cleanup = runInContext(context, () => context.cleanup());
    this.#watch(cleanup.then(({ failureCount }) => {
      cancel();
      record.cleanupFaults(failureCount);
      done();
    }));
  }

  #eventsOf({ context, agentName }: CheckedRequest): AgentEvents {
    const { sink, clock, record } = this.#parts;
    return new AgentEvents({ sink, context, agentName, clock, onFault: () => record.eventFault() });
  }

  #takeTurn(
    run: AgentRun,
    turn: ReleasePermit | Promise<ReleasePermit>,
    events: AgentEvents,
  ): void {
    const { clock, record } = this.#parts;
    if (!(turn instanceof Promise)) {
      record.waited(0);
      return run.begin(turn);
    }
    const queuedAtMs = clock.monotonic();
    const cancelNotice = clock.after(QUEUE_NOTICE_MS, () => events.queued());
    turn.then((release) => {
      cancelNotice();
      record.waited(clock.monotonic() - queuedAtMs);
      run.begin(release);
    }, (error) => {
      cancelNotice();
      run.refuse(error);
    });
  }

  #work(
    request: CheckedRequest,
    input: JsonValue,
    signal: AbortSignal,
    events: AgentEvents,
  ): AgentWork {
    const { source, context, agentName, isolation } = request;
    const { tools, clock } = this.#parts;
    const parts = { context, input, signal, tools, events, clock };
    if (typeof source === "function") return inlineWork(source, parts);
    const open = isolation === "process" ? openAgentProcess : openAgentWorker;
    const work = isolatedWork(agentName, source, parts, open);
    if (work.gone !== undefined) this.#watch(work.gone);
    return work;
  }

  #watch(leftover: Promise<void>): void {
    this.#leftovers.add(leftover);
    void leftover.finally(() => this.#leftovers.delete(leftover));
  }

  #abandon(userId: string, answer: Promise<unknown>): void {
    this.#abandoned.add(answer);
    this.#parts.permits.abandon(userId, answer);
    const forget = () => {
      this.#abandoned.delete(answer);
      this.#parts.record.answeredLate();
    };
    answer.then(forget, forget);
  }
}
