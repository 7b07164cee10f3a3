import {
  currentContext,
  defineWorkflow,
  EngineLimitError,
  type EngineStats,
  RunInterruptedError,
  type StepResult,
  type StepResults,
  UserExecutionContext,
  type UserExecutionEngine,
  UserIsolationError,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import type { FakeClock } from "../../testing/fake_clock.ts";
import { seededRandom } from "../../testing/seeded_random.ts";
import { BELONGINGS, type IsolationState } from "./engines_isolation_agents.ts";
import { newIsolationCounts } from "./engines_isolation_counts.ts";
import { UserEar } from "./engines_isolation_ear.ts";
import { IsolatedProcess } from "./engines_isolation_process.ts";
import { contextOf, type IsolatedUser, stateOf } from "./engines_isolation_user.ts";
import { markOf, Watch } from "./engines_isolation_watch.ts";

/** In how long all workflows begin, in ms. */
const BEGIN_WITHIN_MS = 1_200;
const LOOK_EVERY_MS = 500;
const LIVES_MAX_MS = 200_000;
/** More than anybody needs who waits for one of their own workflows to end. */
const ATTEMPTS_MAX = 200;
/** Few: a store in memory looks through all that it has. */
const DURABLE_SHARE = 0.04;

/** All users on one clock and one of everything that a process has one of. */
export class IsolationWorld {
  readonly watch = new Watch();
  readonly clock: FakeClock;
  readonly counts = newIsolationCounts();
  readonly #seed: number;
  readonly #process: IsolatedProcess;
  readonly #users: IsolatedUser[] = [];
  /** Engines whose agents went on after their end. */
  readonly #haunted: UserExecutionEngine[] = [];
  /** What all users hand over as their state: it holds another's as soon as it was handed over. */
  readonly #draft: Record<string, unknown> = {};

  /** Makes a world in which a seed decides what happens. */
  constructor(seed: number) {
    this.#seed = seed;
    this.#process = new IsolatedProcess(seed, this.watch);
    this.clock = this.#process.clock;
  }

  /** Lets everybody live to the end, and says what is wrong with it. */
  async live(users: number, workflows: number): Promise<void> {
    let isOver = false;
    const lives = Array.from({ length: users }, (_, number) => this.#live(number, workflows));
    const over = Promise.all(lives).finally(() => isOver = true);
    over.catch(() => {});
    for (let passedMs = 0; !isOver; passedMs += LOOK_EVERY_MS) {
      if (passedMs > LIVES_MAX_MS) throw new Error("some never came to an end");
      await this.clock.advance(LOOK_EVERY_MS);
    }
    await over;
    this.watch.is("the context of nobody", currentContext(), null);
    await this.clock.advance(5_000);
    await this.#end();
  }

  async #live(number: number, workflows: number): Promise<void> {
    const mark = markOf(number);
    const user: IsolatedUser = {
      number,
      mark,
      random: seededRandom(this.#seed, mark),
      ear: new UserEar(this.#process.hub, `user${mark}`, mark, this.watch),
      accepted: new Map(),
    };
    this.#users.push(user);
    await Promise.all(Array.from({ length: workflows }, (_, i) => this.#workflow(user, i)));
  }

  /** Begins a workflow when there is room, each time as another run. */
  async #workflow(user: IsolatedUser, index: number): Promise<void> {
    const { random } = user;
    await this.clock.sleep(random() * BEGIN_WITHIN_MS);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const context = contextOf(user, `${index}-${attempt}`);
      try {
        const isOver = await this.#useEngine(user, context);
        return isOver ? undefined : await this.#goOn(user, context.runId);
      } catch (error) {
        if (!(error instanceof EngineLimitError)) throw error;
        this.watch.own("a refusal", error, user.mark);
        this.counts.refused++;
        await this.clock.sleep(100 + random() * 400);
      }
    }
    this.watch.fault(`there was never room for an engine of ${user.mark}`);
  }

  /** @returns Whether the run is over; one that was interrupted is to be gone on with. */
  async #useEngine(user: IsolatedUser, context: UserExecutionContext): Promise<boolean> {
    const chance = user.random();
    if (chance < 0.6) {
      const isOver = await this.#process.factory.userExecutionScope(context, async (engine) => {
        this.watch.is("the context of a scope", currentContext(), context);
        const isOver = await this.#carryOut(user, engine);
        this.watch.is("the context at the end of a scope", currentContext(), context);
        return isOver;
      });
      this.watch.is("the context after a scope", currentContext(), null);
      return isOver;
    }
    const engine = await this.#process.factory.createForUser(context);
    const isOver = await this.#carryOut(user, engine);
    if (chance < 0.9) await this.#process.factory.cleanupEngine(engine);
    return isOver;
  }

  /** Goes on with a run that was interrupted, as soon as there is room. */
  async #goOn(user: IsolatedUser, runId: string): Promise<void> {
    const { factory, runs, hub: events, validator } = this.#process;
    const found = await runs.read(runId);
    const context = UserExecutionContext.fromDict(found!.context);
    context.dependencies.set(BELONGINGS, { mine: user.mark }); // these are not recorded
    const definition = found!.workflow === this.#costs.name ? this.#costs : null;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      await this.clock.sleep(100 + user.random() * 400);
      try {
        await factory.userExecutionScope(context, async (engine) => {
          this.counts.resumed++;
          const parts = { engine, events, validator, runs, clock: this.clock };
          const orchestrator = new WorkflowOrchestrator(parts);
          const results = await orchestrator.resume(
            runId,
            definition === null ? {} : { definition },
          );
          this.#examine(user, engine, results);
        });
        return;
      } catch (error) {
        const isFull = error instanceof EngineLimitError || error instanceof UserIsolationError;
        if (!isFull) throw error;
      }
    }
    this.watch.fault(`there was never room to go on with ${runId}`);
  }

  async #carryOut(user: IsolatedUser, engine: UserExecutionEngine): Promise<boolean> {
    const { random, mark } = user;
    const { context } = engine;
    const isDurable = random() < DURABLE_SHARE;
    const orchestrator = new WorkflowOrchestrator({
      engine,
      events: this.#process.hub,
      validator: this.#process.validator,
      clock: this.clock,
      ...(isDurable && { runs: this.#process.runs }),
    });
    if (random() < 0.1) await this.#intrude(user, engine, orchestrator);
    const stop = new AbortController();
    // A durable run whose engine ends under it is interrupted.
    const cancel = this.#planStop(user, engine, stop, isDurable ? 0.4 : 0.05);
    const { signal } = stop;
    Object.assign(this.#draft, stateOf(user));
    const options = { state: this.#draft, signal };
    const running = random() < 0.5
      ? orchestrator.executeStandardWorkflow(context, options)
      : orchestrator.executeWorkflow(this.#costs, context, options);
    Object.assign(this.#draft, { mine: "<none>", fates: {}, user_request: "<none>" });
    this.counts.accepted++;
    const ended = await running.catch((error) => this.#interrupted(error, mark));
    const results = ended ?? [];
    cancel?.();
    if (cancel === null) this.watch.is("an engine that nobody ended", engine.isActive, true);
    this.#examine(user, engine, results);
    this.watch.is(`event faults of ${context.runId}`, orchestrator.stats.eventFaults, 0);
    if (isDurable) this.watch.own("a recorded run", await this.#record(context.runId), mark);
    return ended !== null;
  }

  /** Two at a time, one that depends on them, one of which a condition decides, and a report. */
  readonly #costs = defineWorkflow({
    name: "costs",
    steps: [
      { name: "summary", always: true },
      { name: "advise", dependsOn: ["bills", "usage"] },
      { name: "bills" },
      { name: "usage", timeoutMs: 80 },
      { name: "extra", dependsOn: ["bills"], when: (results) => this.#isWanted(results) },
    ],
  });

  #isWanted(results: StepResults): boolean {
    const [bills] = results.values();
    const { mine } = bills!.result as unknown as IsolationState;
    this.watch.own("the results that a condition is given", [...results.values()], mine);
    return bills!.startedAt.endsWith("5Z") || results.size > 1;
  }

  /** Now and then a run is called off, or its engine is ended under it. */
  #planStop(
    { random, mark }: IsolatedUser,
    engine: UserExecutionEngine,
    stop: AbortController,
    endsEngine: number,
  ): (() => void) | null {
    const [chance, ms] = [random(), random() * 400];
    if (chance < 0.1) {
      return this.clock.after(ms, () => stop.abort(new Error(`called off by ${mark}`)));
    }
    return chance < 0.1 + endsEngine ? this.clock.after(ms, () => void engine.cleanup()) : null;
  }

  /** Tries another user's context, and a run that is under way. Neither tells anybody anything. */
  async #intrude(
    user: IsolatedUser,
    engine: UserExecutionEngine,
    orchestrator: WorkflowOrchestrator,
  ): Promise<void> {
    const victim = { ...user, mark: markOf((user.number + 1) % 9_999) };
    const context = contextOf(victim, `stolen-${user.number}`);
    const attempts: [(() => Promise<unknown>), expected: string][] = [
      [() => orchestrator.executeWorkflow(this.#costs, context), "EngineGuardError"],
      [() => engine.executeAgent({ agentName: "bills", context }, {}), "ContextIsolationError"],
      [() => engine.executePipeline(this.#costs, context, {}), "ContextIsolationError"],
      [() => this.#process.factory.createForUser(engine.context), "UserIsolationError"],
    ];
    for (const [attempt, expected] of attempts) {
      const error = await attempt().then(() => null, (error: Error) => error);
      this.watch.is("an intrusion", error?.name, expected);
      const text = `${user.mark} ${error?.message} ${JSON.stringify(error)}`;
      this.watch.own("the refusal of an intrusion", text, user.mark);
      this.counts.intrusions++;
    }
  }

  #interrupted(error: unknown, mark: string): null {
    this.watch.own("the error of a run", error, mark);
    this.watch.is("an error of a run", error instanceof RunInterruptedError, true);
    this.counts.interrupted++;
    return null;
  }

  async #record(runId: string): Promise<unknown> {
    const run = await this.#process.runs.read(runId);
    return { ...run, results: [...(run?.results.values() ?? [])] };
  }

  #examine(user: IsolatedUser, engine: UserExecutionEngine, results: readonly StepResult[]): void {
    const { watch } = this;
    const { runId } = engine.context;
    const [stats, history] = [engine.getStats(), engine.getHistory()];
    // A step that was skipped has nothing of anybody.
    for (const result of results) watch.own("a result", [user.mark, result], user.mark);
    for (const result of history) watch.own("a result in a history", result, user.mark);
    watch.own("a summary with statistics", engine.getSummary(), user.mark);
    watch.is(`history of ${runId}`, history.length, stats.total_executions);
    watch.is(`agents at work at the end of ${runId}`, stats.active_runs_count, 0);
    watch.is(`ends of agents of ${runId}`, endsIn(stats), stats.total_executions);
    for (const { status } of history) this.counts[status]++;
    this.counts.skipped += results.filter(({ status }) => status === "skipped").length;
    this.counts.notAdmitted +=
      results.filter(({ metadata }) => String(metadata["error_type"]).startsWith("Permit")).length;
    user.accepted.set(runId, (user.accepted.get(runId) ?? 0) + stats.total_executions);
    if (stats.dead_executions > 0) this.#haunted.push(engine);
  }

  /** Shuts down, and looks at what is left. */
  async #end(): Promise<void> {
    const { watch, counts } = this;
    const { total_engines_created, timeout_cleanups } = await this.#process.shutDown();
    watch.is("engines made", total_engines_created, counts.accepted + counts.resumed);
    counts.reclaimed = timeout_cleanups;
    for (const engine of this.#haunted) {
      const { dead_executions, late_completions } = engine.getStats();
      watch.is("agents that never ended", dead_executions, 0);
      counts.late += late_completions;
    }
    for (const user of this.#users) this.#examineHeard(user);
    this.#process.examineHub(this.#users.reduce((sum, { ear }) => sum + ear.lastSeq, 0));
  }

  #examineHeard({ ear, accepted, mark }: IsolatedUser): void {
    const { watch } = this;
    watch.is(`runs that ${mark} heard of`, ear.runs.size, accepted.size);
    for (const [runId, agents] of accepted) {
      const heard = ear.runs.get(runId);
      watch.is(`ends of ${runId}`, heard?.ends, 1);
      watch.is(`agents of ${runId}`, heard?.started, agents);
      watch.is(`agents without an end of ${runId}`, heard?.open.size, 0);
    }
  }
}

/** How many agents of an engine came to an end. */
function endsIn(stats: EngineStats): number {
  const { completed_executions, failed_executions, cancelled_executions } = stats;
  return completed_executions + failed_executions + cancelled_executions;
}
