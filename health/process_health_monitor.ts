import { type Clock, systemClock } from "../clock.ts";
import { SystemStatus } from "../enums/system_status.ts";
import { CascadeLog } from "./cascade_log.ts";
import { chooseFallback, summarizeSystem } from "./classify_health.ts";
import { ComponentRecord, type Observation, toHealthCheck } from "./component_record.ts";
import { describeHealth } from "./describe_health.ts";
import { FailureCounter } from "./failure_counter.ts";
import type { HealthSource, HealthState } from "./health_state.ts";
import { type HealthThresholds, healthThresholds } from "./health_thresholds.ts";
import { LagSampler } from "./lag_sampler.ts";
import { type Probe, ProbeLook } from "./probe.ts";
import { readCircuit } from "./read_circuit.ts";
import { lookAtResources, RESOURCE_COMPONENTS, type ResourceLooks } from "./resource_looks.ts";
import { type ResourceReader, systemResources } from "./system_resources.ts";

/** Options of {@link ProcessHealthMonitor}. */
export interface ProcessHealthMonitorOptions {
  /**
   * What this process depends on, by name; each becomes a component of that name.
   *
   * @default {}
   */
  readonly probes?: Readonly<Record<string, Probe>>;
  /**
   * How long each probe may take, in ms.
   *
   * @default 2_000
   */
  readonly probeTimeoutMs?: number;
  /**
   * Pause between two samples of the event-loop lag, in ms, from 10 to 60,000.
   *
   * @default 250
   */
  readonly lagSampleMs?: number;
  /** From where on values are a warning or critical. */
  readonly thresholds?: HealthThresholds;
  /**
   * Where memory and load are read.
   *
   * @default systemResources
   */
  readonly resources?: ResourceReader;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

const PROBE_TIMEOUT_MS = 2_000;
const LAG_SAMPLE_MS = 250;
const LAG_SAMPLE_MIN_MS = 10;
const LAG_SAMPLE_MAX_MS = 60_000;

const NO_CIRCUIT = readCircuit(null);

/**
 * The health of this process and its machine: event-loop lag, memory, load, and the probes it is
 * given. Asking never rejects: what fails is a failed component, what is not permitted is unknown
 * with the permission it needs.
 *
 * Not guaranteed: that memory and load are this container's, since the runtime reports the host's;
 * that there is any figure for disks, which the runtime does not report. There is no circuit breaker
 * in it, so the document says `UNKNOWN` for that.
 *
 * @example Probe the store
 * ```ts
 * import { ProcessHealthMonitor } from "@baton/orchestration/health";
 *
 * const kv = await Deno.openKv(":memory:");
 * await using monitor = new ProcessHealthMonitor({
 *   probes: { kv: async () => void await kv.get(["health"]) },
 * });
 * monitor.start();
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.failed_components !== 0) throw new Error("the store does not answer");
 * kv.close();
 * ```
 */
export class ProcessHealthMonitor implements HealthSource, AsyncDisposable {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #thresholds: Required<HealthThresholds>;
  readonly #resources: ResourceReader;
  readonly #probes: readonly ProbeLook[];
  readonly #lag: LagSampler;
  readonly #cascade: CascadeLog = new CascadeLog();
  readonly #failures: FailureCounter = new FailureCounter();
  readonly #records: Map<string, ComponentRecord> = new Map();
  #probeRuns = 0;
  #looking: Promise<HealthState> | undefined;

  /**
   * Makes a monitor; nothing runs before it is asked or started.
   *
   * @param options Probes, thresholds, and ports.
   * @throws {RangeError} when a threshold or duration is out of range, or a probe takes the name of
   * a component that is built in.
   */
  constructor(options: ProcessHealthMonitorOptions = {}) {
    const timeoutMs = options.probeTimeoutMs ?? PROBE_TIMEOUT_MS;
    const sampleMs = options.lagSampleMs ?? LAG_SAMPLE_MS;
    const probes = Object.entries(options.probes ?? {});
    checkDurations(timeoutMs, sampleMs);
    checkProbeNames(probes.map(([name]) => name));
    this.#clock = options.clock ?? systemClock;
    this.#startedAtMs = this.#clock.monotonic();
    this.#thresholds = healthThresholds(options.thresholds);
    this.#resources = options.resources ?? systemResources;
    const slowMs = this.#thresholds.probeWarningMs;
    this.#probes = probes.map(([name, probe]) =>
      new ProbeLook(probe, { name, clock: this.#clock, timeoutMs, slowMs })
    );
    this.#lag = new LagSampler({ clock: this.#clock, sampleMs });
  }

  /** Starts measuring event-loop lag, which is unknown before. Idempotent. */
  start(): void {
    this.#lag.start();
  }

  /** Ends what {@link ProcessHealthMonitor.start} began. Idempotent. */
  async stop(): Promise<void> {
    await this.#lag.stop();
  }

  /** Same as {@link ProcessHealthMonitor.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Runs the probes, reads the resources and sums them up. Never rejects; whoever asks while it
   * looks gets the answer of that look.
   *
   * @returns This node's health, now.
   */
  getComprehensiveState(): Promise<HealthState> {
    this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    return this.#looking;
  }

  async #look(): Promise<HealthState> {
    const probed = await Promise.all(this.#probes.map((probe) => probe.look()));
    const resources = lookAtResources({
      reader: this.#resources,
      lag: this.#lag.summary(),
      thresholds: this.#thresholds,
    });
    this.#countFailures(probed);
    return this.#describe(resources, [...resources.observations, ...probed]);
  }

  #countFailures(probed: readonly Observation[]): void {
    this.#probeRuns += probed.length;
    for (const { status } of probed) {
      if (status === SystemStatus.FAILED) this.#failures.record(this.#clock.monotonic());
    }
  }

  #describe(resources: ResourceLooks, observations: readonly Observation[]): HealthState {
    const timestamp = new Date(this.#clock.now()).toISOString();
    const system = summarizeSystem(observations.map((each) => each.status));
    const failuresLastHour = this.#failures.count(this.#clock.monotonic());
    const choice = chooseFallback({
      failedComponents: system.failed_components,
      failuresLastHour,
      circuitState: NO_CIRCUIT.state,
      resources: resources.status.overall,
    });
    this.#cascade.record(choice, timestamp);
    return describeHealth({
      timestamp,
      uptimeMs: this.#clock.monotonic() - this.#startedAtMs,
      system,
      circuit: NO_CIRCUIT.report,
      failuresLastHour,
      attempts: this.#probeRuns,
      resources: {
        status: resources.status,
        current_metrics: Object.assign({}, ...observations.map((each) => each.metadata)),
        available: true,
      },
      mode: this.#cascade.mode,
      cascadeLog: this.#cascade.entries,
      components: observations.map((each) => ({
        dict: this.#recordOf(each.name).update(each, timestamp),
        latest: toHealthCheck(each, timestamp),
      })),
    });
  }

  #recordOf(name: string): ComponentRecord {
    const record = this.#records.get(name) ?? new ComponentRecord();
    this.#records.set(name, record);
    return record;
  }
}

function checkDurations(probeTimeoutMs: number, lagSampleMs: number): void {
  if (!(probeTimeoutMs > 0 && probeTimeoutMs < Infinity)) {
    throw new RangeError(`probeTimeoutMs must be above 0, got ${probeTimeoutMs}`);
  }
  if (!(lagSampleMs >= LAG_SAMPLE_MIN_MS && lagSampleMs <= LAG_SAMPLE_MAX_MS)) {
    throw new RangeError(
      `lagSampleMs must be ${LAG_SAMPLE_MIN_MS} to ${LAG_SAMPLE_MAX_MS}, got ${lagSampleMs}`,
    );
  }
}

function checkProbeNames(names: readonly string[]): void {
  const taken = names.find((name) => RESOURCE_COMPONENTS.includes(name));
  if (taken !== undefined) {
    throw new RangeError(`probes must not be named "${taken}": that component is built in`);
  }
}
