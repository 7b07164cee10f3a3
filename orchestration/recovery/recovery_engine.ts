import { systemClock } from "../../clock.ts";
import type { ReloadResult } from "../../config/files/recovery_config.ts";
import type { ConfigSchema } from "../../config/files/config_schema.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { ActionScope } from "../../enums/action_scope.ts";
import { ActionRegistry } from "./action_registry.ts";
import { ActionsRefusedError } from "./actions_refused_error.ts";
import { builtinActions } from "./builtin_actions.ts";
import type { AnyRecoveryDocument } from "./compile_rules.ts";
import { createActionHandlers } from "./handlers/create_action_handlers.ts";
import { LaneWorker } from "./lane_worker.ts";
import { CLUSTER_LANE, nodeLane } from "./lane_keys.ts";
import { MemoryRecoveryStorage } from "./memory_recovery_storage.ts";
import type { Notifier } from "./notifier.ts";
import type { RecoveryCluster, RecoveryEnvironment } from "./recovery_environment.ts";
import { promptHealth, promptPhases } from "./outside_deadlines.ts";
import { RecoveryLane, type RecoveryTerm } from "./recovery_lane.ts";
import { RecoveryOutlets } from "./recovery_outlets.ts";
import { RecoveryRulebook } from "./recovery_rulebook.ts";
import type { RecoveryOrchestratorOptions } from "./recovery_orchestrator_options.ts";
import type { RecoveryRules } from "./recovery_rules.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";
import { RecoveryTelemetry } from "./recovery_telemetry.ts";
import type { PhaseAwareHandler, PhaseStateMachine } from "./recovery_environment.ts";

/** Options of {@link RecoveryEngine}. */
export interface RecoveryEngineOptions<D extends AnyRecoveryDocument>
  extends RecoveryOrchestratorOptions<D> {
  /** What the file must look like. */
  readonly schema: ConfigSchema<D>;
  /** The built-in actions that there are, whether anything does them or not. */
  readonly builtins: readonly string[];
  /** Knows the phase. */
  readonly stateMachine?: PhaseStateMachine;
  /** Judges anomalies by phase. */
  readonly phaseAwareHandler?: PhaseAwareHandler;
}

const INBOX_MS = 1_000;
const INBOX_MIN_MS = 10;
const UNREADABLE_PAUSE_MS = 30_000;

/** What both orchestrators are made of: the rules, the parts, and the lanes of this node. */
export class RecoveryEngine<D extends AnyRecoveryDocument> {
  /** What does which action. */
  readonly registry: ActionRegistry;
  /** Where it is kept. */
  readonly storage: RecoveryStorage;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Tells people, metrics and logs. */
  readonly telemetry: RecoveryTelemetry;
  readonly #options: RecoveryEngineOptions<D>;
  readonly #outlets: RecoveryOutlets;
  readonly #rulebook: RecoveryRulebook<D>;
  #life = new AbortController();
  #node: Promise<LaneWorker> | null = null;
  /** What was stopped and has yet to end: until then nothing begins anew beside it. */
  #ending: Promise<void> = Promise.resolve();
  #nodeWorker: LaneWorker | null = null;
  #clusterWorker: LaneWorker | null = null;

  /** @param options The parts, and the file. */
  constructor(options: RecoveryEngineOptions<D>) {
    this.#options = { ...options };
    const { clock = systemClock, random = Math.random, inboxMs = INBOX_MS } = options;
    if (!(inboxMs >= INBOX_MIN_MS && inboxMs < Infinity)) {
      throw new RangeError(`inboxMs must be from ${INBOX_MIN_MS} up, got ${inboxMs}`);
    }
    const { schema, config, configPath, configOptions } = options;
    const prepare = (document: D, rules: RecoveryRules) => this.#prepare(document, rules);
    this.#rulebook = new RecoveryRulebook({ schema, config, configPath, configOptions, prepare });
    const { notifier = [], handlerParts: { fetch } = {} } = options;
    const notifiers: readonly Notifier[] = "notify" in notifier ? [notifier] : notifier;
    this.#outlets = new RecoveryOutlets({ notifiers, clock, random, ...fetch && { fetch } });
    this.storage = options.storage ?? new MemoryRecoveryStorage();
    this.telemetry = new RecoveryTelemetry({
      node: () => this.instanceId,
      tell: (notice) => this.#outlets.tell(notice),
      log: (level, entry) => this.#outlets.log(level, entry),
      metrics: options.metricsCollector ?? null,
      clock,
    });
    const { healthMonitor, phaseAwareHandler } = options;
    const parts = {
      healthMonitor: healthMonitor ? promptHealth(healthMonitor, clock) : null,
      stateMachine: options.stateMachine ?? null,
    };
    const builtIn = builtinActions({
      ...parts,
      fallbackManager: options.fallbackManager ?? null,
      breakers: options.breakers ?? new Map(),
      caches: options.caches ?? [],
      notifiers: () => this.#outlets.notifiers,
      node: () => this.instanceId,
      clock,
    });
    this.registry = new ActionRegistry(builtIn, options.builtins);
    this.environment = {
      ...parts,
      rules: () => this.rules,
      isDryRun: () => this.isDryRun,
      registry: this.registry,
      storage: this.storage,
      fallbackManager: options.fallbackManager ?? null,
      phaseAwareHandler: phaseAwareHandler ? promptPhases(phaseAwareHandler, clock) : null,
      cluster: () => this.#cluster(),
      telemetry: this.telemetry,
      clock,
      random,
    };
  }

  /** This node's name. */
  get instanceId(): string {
    return this.#options.instanceId ?? this.#cluster()?.instanceId ?? "local";
  }

  /** What recovery goes by, now; loaded before anything else. */
  get rules(): RecoveryRules {
    return this.#rulebook.rules;
  }

  /** Whether the rules are there. */
  get isLoaded(): boolean {
    return this.#rulebook.current !== null;
  }

  /** Whether actions are only told of. */
  get isDryRun(): boolean {
    return this.#rulebook.isDryRun;
  }

  /** Switches the dry run, whatever the file says now or later. */
  set isDryRun(value: boolean) {
    this.#rulebook.isDryRun = value;
  }

  /** The workers that are at work here: for the node's own lane, and while it leads the cluster's. */
  get workers(): readonly LaneWorker[] {
    return [this.#nodeWorker, this.#clusterWorker].filter((each) => each !== null);
  }

  /** Actions that the file in force names, and that nothing does here. */
  get namedWithoutHandler(): readonly string[] {
    const policies = [...this.#rulebook.current?.policies.values() ?? []];
    const named = policies.flatMap(({ steps }) => steps.map(({ action }) => action));
    return [...new Set(named)].filter((name) => this.registry.get(name) === undefined).sort();
  }

  /** How telling people and writing logs fares. */
  get outletMetrics(): object {
    return this.#outlets.metrics;
  }

  /**
   * Reads the rules, once.
   *
   * @throws {ConfigError} when the file cannot be used.
   * @throws {ActionsRefusedError} when it declares an action that cannot be done here.
   */
  async load(): Promise<void> {
    await this.#rulebook.load();
  }

  /**
   * Reads the file again. What was in force stays so when it cannot be used.
   *
   * @returns Whether the file is in force, else what is wrong with it.
   * @throws {ActionsRefusedError} when it declares an action that cannot be done here.
   */
  async reload(): Promise<ReloadResult> {
    const result = await this.#rulebook.reload();
    for (const worker of this.workers) worker.wake();
    return result;
  }

  /** @returns The worker of the node's own lane, at work on what is under way. */
  async node(): Promise<LaneWorker> {
    await this.load();
    return await (this.#node ??= this.#openNode().catch((error) => {
      this.#node = null;
      throw error;
    }));
  }

  /** Ends the work of the node; what is under way goes on when it is called for again. */
  stop(): void {
    this.#life.abort(new DOMException("recovery was stopped", "AbortError"));
    this.#life = new AbortController();
    const ending = this.#node;
    this.#ending = Promise.all([this.#ending, ending?.then((worker) => worker.settled())])
      .then(() => {}, () => {});
    this.#node = null;
  }

  /** @returns When nothing runs any more of what was stopped. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  /**
   * Does what a cluster's leader does, until the term ends.
   *
   * @param term The term.
   */
  async lead(term: RecoveryTerm): Promise<void> {
    await this.load();
    const signal = AbortSignal.any([term.signal, this.#life.signal]);
    while (!signal.aborted) {
      const worker = this.#worker(CLUSTER_LANE, term, signal);
      try {
        await worker.open();
        this.#clusterWorker = worker;
        return await worker.work();
      } catch (error) {
        // A ledger that cannot be read may be mended; until then that nobody heals must be seen.
        const isStorage = error instanceof StoreUnavailableError;
        this.telemetry.fault(isStorage ? "storage" : "lane of the cluster", error);
        const pauseMs = isStorage ? INBOX_MS : UNREADABLE_PAUSE_MS;
        await this.environment.clock.sleep(pauseMs, { signal }).catch(() => {});
      } finally {
        if (this.#clusterWorker === worker) this.#clusterWorker = null;
      }
    }
  }

  /** @returns The lane in which actions of a scope run, whoever works in it. */
  laneOf(scope: ActionScope): string {
    const isNodes = this.#cluster() === null || scope === ActionScope.NODE;
    return isNodes ? nodeLane(this.instanceId) : CLUSTER_LANE;
  }

  /** @returns The worker that is at work in a lane here; null when none is. */
  workerOf(lane: string): LaneWorker | null {
    return this.workers.find((worker) => worker.lane.name === lane) ?? null;
  }

  /** From which moment on the history is kept, in ms since 1970. */
  get historySinceMs(): number {
    return this.environment.clock.now() - (this.#rulebook.current?.history.retentionMs ?? Infinity);
  }

  /** @returns When notices and lines that are under way are out, or too late. */
  async flush(): Promise<void> {
    await this.#outlets.flush();
  }

  #cluster(): RecoveryCluster | null {
    const { coordinator } = this.#options;
    return typeof coordinator === "function" ? coordinator() : coordinator ?? null;
  }

  async #prepare(document: D, rules: RecoveryRules): Promise<void> {
    const { fallbackManager, breakers, healthMonitor, handlerParts = {} } = this.#options;
    const { handlers, refused } = await createActionHandlers(document.handlers, {
      ...handlerParts,
      ...fallbackManager && { fallbackManager },
      ...breakers && { breakers },
      ...healthMonitor && { health: healthMonitor },
      notifier: this.#outlets.notifier,
      node: this.instanceId,
      random: this.environment.random,
    });
    if (refused.length > 0) throw new ActionsRefusedError(refused);
    this.#outlets.open(rules.logging);
    this.registry.declare(
      new Map([...handlers].map(([name, each]) => [name, { ...each, scope: null }])),
    );
  }

  async #openNode(): Promise<LaneWorker> {
    const { signal } = this.#life;
    await this.#ending;
    const worker = this.#worker(nodeLane(this.instanceId), null, signal);
    await worker.open();
    this.#nodeWorker = worker;
    return worker;
  }

  #worker(name: string, term: RecoveryTerm | null, signal: AbortSignal): LaneWorker {
    const { environment } = this;
    const { inboxMs = INBOX_MS } = this.#options;
    const lane = new RecoveryLane({
      storage: this.storage,
      name,
      node: this.instanceId,
      term,
      signal,
      clock: environment.clock,
      fault: (error) => this.telemetry.fault("storage", error),
    });
    return new LaneWorker({
      lane,
      environment,
      isFor: (scope) => this.laneOf(scope) === name,
      inboxMs: this.#cluster() === null ? Infinity : inboxMs,
    });
  }
}
