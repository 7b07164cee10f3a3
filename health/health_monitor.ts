import { type Clock, systemClock } from "../clock.ts";
import { canonical } from "../enums/canonical.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import { parseEnumValue } from "../enums/parse_enum_value.ts";
import { SystemStatus } from "../enums/system_status.ts";
import { CascadeLog } from "./cascade_log.ts";
import type { HealthFinding } from "./checks/health_check.ts";
import { chooseFallback, type FallbackChoice, summarizeSystem } from "./classify_health.ts";
import { type ComponentOptions, setUpComponent } from "./component_options.ts";
import type { HealthCheckDict } from "./component_record.ts";
import { ComponentWatch } from "./component_watch.ts";
import { describeHealth, type HealthFacts } from "./describe_health.ts";
import { FailureCounter } from "./failure_counter.ts";
import type { ComponentChange, HealthComponent } from "./health_component.ts";
import type { HealthEvent, HealthSink } from "./health_event.ts";
import { readFinding } from "./health_look.ts";
import type {
  FallbackModeSource,
  HealthMonitorMetrics,
  HealthMonitorOptions,
} from "./health_monitor_options.ts";
import type { HealthSource, HealthState } from "./health_state.ts";
import { IsolatedListeners } from "../config/isolated_listeners.ts";
import { type CircuitBreakerSource, readCircuit } from "./read_circuit.ts";
import { summarizeResources } from "./summarize_resources.ts";

/** Options of {@link HealthMonitor.run}. */
export interface RunMonitorOptions {
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

const COMPONENTS_MAX = 1_000;
const COMPONENTS_LIMIT = 10_000;
const CHANGES_SHOWN = 10;

/**
 * Watches components, each by a check of its own at its own interval and under its own deadline, and
 * tells how the node is. A slow check delays no other and is never run beside itself. Without
 * {@link HealthMonitor.run} it looks when it is asked.
 *
 * Not guaranteed: that a check which ignores its signal ends; it is left behind, and its component
 * counts as failed until it has ended.
 *
 * @example Watch a store and a queue
 * ```ts
 * import { customCheck, HealthMonitor, kvCheck } from "@baton/orchestration/health";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using monitor = new HealthMonitor({
 *   components: [
 *     { name: "store", check: kvCheck({ kv }), intervalMs: 5_000 },
 *     { name: "queue", check: customCheck(() => ({ status: "healthy" })) },
 *   ],
 * });
 * const running = monitor.run();
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.status !== "HEALTHY") throw new Error("what is wrong?");
 * await monitor.stop();
 * await running;
 * ```
 */
export class HealthMonitor implements HealthSource, AsyncDisposable {
  readonly #clock: Clock;
  readonly #circuitBreaker: CircuitBreakerSource | null;
  readonly #fallbackManager: FallbackModeSource | null;
  readonly #startedAtMs: number;
  readonly #watch: ComponentWatch;
  readonly #sinks: IsolatedListeners<HealthEvent> = new IsolatedListeners();
  readonly #cascade: CascadeLog = new CascadeLog();
  readonly #failures: FailureCounter = new FailureCounter();
  #attempts = 0;
  #observations = 0;
  #changes = 0;

  /**
   * Makes a monitor; nothing runs before it is asked or run.
   *
   * @param options Components, sinks, and ports.
   * @throws {RangeError} when an option of it or of a component is out of range.
   */
  constructor(options: HealthMonitorOptions = {}) {
    const { componentsMax = COMPONENTS_MAX, clock = systemClock } = options;
    checkComponentsMax(componentsMax);
    this.#clock = clock;
    this.#circuitBreaker = options.circuitBreaker ?? null;
    this.#fallbackManager = options.fallbackManager ?? null;
    this.#startedAtMs = clock.monotonic();
    const listener = {
      observed: (change: ComponentChange) => this.#tell(change),
      stopFailed: (error: unknown) => this.#sinks.noteFault(error),
    };
    this.#watch = new ComponentWatch({ clock, componentsMax, listener });
    for (const sink of options.sinks ?? []) this.#sinks.add(sink);
    for (const component of options.components ?? []) this.register(component);
  }

  /**
   * Watches a component. One of the same name is watched by the new options from now on, and keeps
   * its status and counts.
   *
   * @param options The component.
   * @throws {RangeError} when an option is out of range, or there are too many components.
   */
  register(options: ComponentOptions): void {
    this.#watch.put(setUpComponent(options));
  }

  /**
   * Watches a component no more and forgets it.
   *
   * @param name Its name.
   * @returns Whether there was one, once its check has ended.
   */
  async unregister(name: string): Promise<boolean> {
    return await this.#watch.delete(name);
  }

  /** The names of the components, in the order of their registration. */
  get componentNames(): readonly string[] {
    return this.#watch.components.map(({ name }) => name);
  }

  /**
   * Takes what somebody else knows about a component. It counts at once, without thresholds; the
   * component's own check, if it has one, goes on.
   *
   * @param name The component.
   * @param finding What is known.
   * @throws {RangeError} when there is no such component.
   * @throws {UnknownEnumValueError} when the status is none.
   */
  report(name: string, finding: HealthFinding): void {
    void (canonical(SystemStatus, finding.status) ?? parseEnumValue(SystemStatus, finding.status));
    this.#componentOf(name).accept(readFinding(name, finding, 0));
  }

  /** Counts an attempt of something that is retried: the document's `retry.total_attempts`. */
  recordRetryAttempt(): void {
    this.#attempts++;
  }

  /**
   * Counts a failed attempt: the document's `retry.failures_1h`, for an hour. Failed looks do not
   * count: whoever retries tells, as `Retry.onFailedAttempt` does.
   */
  recordRetryFailure(): void {
    this.#failures.record(this.#clock.monotonic());
  }

  /**
   * Adds somebody who hears of looks and changes.
   *
   * @param sink Who.
   * @returns Takes it away again.
   */
  addSink(sink: HealthSink): () => void {
    return this.#sinks.add(sink);
  }

  /**
   * Looks at one component now, whatever its interval; joins a look that is under way.
   *
   * @param name The component.
   * @returns What the look found, before thresholds; null when it has no check and no report yet.
   * @throws {RangeError} when there is no such component.
   */
  async checkNow(name: string): Promise<HealthCheckDict | null> {
    const component = this.#componentOf(name);
    await this.#watch.look(component);
    return component.latest;
  }

  /**
   * Says how the node is. While the monitor runs, that is what the last looks found, once each
   * component has been looked at; else it first looks at every component that is due.
   *
   * @returns The document. Never rejects.
   */
  async getComprehensiveState(): Promise<HealthState> {
    const { isRunning, components } = this.#watch;
    if (!isRunning) this.#watch.lookAtDue();
    const awaited = components.filter(({ latest }) => !isRunning || latest === null);
    await Promise.all(awaited.map((each) => each.underWay));
    return this.#describe();
  }

  /**
   * Says how the monitor itself fares.
   *
   * @returns The figures, now.
   */
  getMetrics(): HealthMonitorMetrics {
    const { listener_faults_total, listener_drops_total, last_listener_fault } =
      this.#sinks.metrics;
    return {
      running: this.#watch.isRunning,
      components: this.#watch.components.length,
      observations_total: this.#observations,
      changes_total: this.#changes,
      faults_total: listener_faults_total,
      drops_total: listener_drops_total,
      last_fault: last_listener_fault,
    };
  }

  /**
   * Looks at every component at its interval, until it is stopped. One timer for all, besides the
   * deadlines of looks under way.
   *
   * @param options The signal that ends it.
   * @returns A promise that resolves when it has ended and left nothing behind.
   * @throws {DOMException} named `InvalidStateError` when it runs already.
   */
  async run(options: RunMonitorOptions = {}): Promise<void> {
    await this.#watch.run(options.signal);
  }

  /** Ends the run, calls off looks under way, and waits for the end of both. Idempotent. */
  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  /** Same as {@link HealthMonitor.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #componentOf(name: string): HealthComponent {
    const component = this.#watch.get(name);
    if (component) return component;
    throw new RangeError(`There is no component "${name}"`);
  }

  #tell({ from, to, check }: ComponentChange): void {
    this.#observations++;
    this.#sinks.tell({ kind: "checked", check });
    if (from === to) return;
    this.#changes++;
    const { name: component, message, timestamp } = check;
    this.#sinks.tell({ kind: "changed", component, from, to, message, timestamp });
  }

  #describe(): HealthState {
    const nowMs = this.#clock.monotonic();
    const timestamp = new Date(this.#clock.now()).toISOString();
    const { components } = this.#watch;
    const system = summarizeSystem(components.map(({ status }) => status));
    const resources = summarizeResources(components);
    const failuresLastHour = this.#failures.count(nowMs);
    const circuit = readCircuit(this.#circuitBreaker);
    if (circuit.fault !== null) this.#sinks.noteFault(circuit.fault);
    const own = chooseFallback({
      failedComponents: system.failed_components,
      failuresLastHour,
      circuitState: circuit.state,
      resources: resources.status.overall,
    });
    const fallback = this.#readFallback(own, timestamp);
    return describeHealth({
      timestamp,
      uptimeMs: nowMs - this.#startedAtMs,
      system,
      circuit: circuit.report,
      failuresLastHour,
      attempts: this.#attempts,
      resources,
      ...fallback,
      components,
    });
  }

  /** The mode and its changes, as the keeper tells; what it tells wrongly changes nothing. */
  #readFallback(own: FallbackChoice, timestamp: string): Pick<HealthFacts, "mode" | "cascadeLog"> {
    const keeper = this.#fallbackManager;
    let told: readonly unknown[] | undefined;
    try {
      const choice = keeper === null
        ? own
        : { mode: readMode(keeper.ownMode ?? keeper.mode), reason: "seen" };
      this.#cascade.record(choice, timestamp);
      told = keeper?.getTransitions?.({ limit: CHANGES_SHOWN });
    } catch (error) {
      this.#sinks.noteFault(error);
    }
    return { mode: this.#cascade.mode, cascadeLog: told ?? this.#cascade.entries };
  }
}

function readMode(text: string): FallbackMode {
  return canonical(FallbackMode, text) ?? parseEnumValue(FallbackMode, text);
}

function checkComponentsMax(max: number): void {
  if (Number.isInteger(max) && max >= 1 && max <= COMPONENTS_LIMIT) return;
  throw new RangeError(
    `componentsMax must be a whole number from 1 to ${COMPONENTS_LIMIT}, got ${max}`,
  );
}
