import type { Clock } from "../clock.ts";
import { type ConfigWatch, watchConfig } from "../config/files/watch_config.ts";
import { healthSchema } from "../config/schemas/health.ts";
import type { HealthDocument } from "../config/schemas/health_document.ts";
import { SystemStatus } from "../enums/system_status.ts";
import { componentsOf, createHealthMonitor } from "../health/create_health_monitor.ts";
import type { HealthEvent, HealthSink } from "../health/health_event.ts";
import type { HealthMonitor } from "../health/health_monitor.ts";
import type { FallbackModeSource } from "../health/health_monitor_options.ts";
import type { HealthSource, HealthState } from "../health/health_state.ts";
import { ProcessHealthMonitor } from "../health/process_health_monitor.ts";
import { cliLogger } from "./cluster_log.ts";
import { followConfig, logContradictions } from "./config_log.ts";
import { orRefuse } from "./config_refusal.ts";
import { PROBE_KEY } from "./open_store.ts";
import { usage } from "./usage.ts";

/** Says how a node is, from its start to its disposal. */
export interface NodeHealth extends HealthSource, AsyncDisposable {
  /** The components that a file names and that are watched; null without a file. */
  readonly componentNames: readonly string[] | null;
  /** Begins to look. */
  start(): void;
}

/** Options of {@link openNodeHealth}. */
export interface NodeHealthOptions {
  /** The file that says what is watched; undefined for what a process can say about itself. */
  readonly file: string | undefined;
  /** The node's store, for components of the kind `kv`. */
  readonly kv: Deno.Kv;
  /** Keeps the node's mode, which the document then tells; null for nobody. */
  readonly fallbackManager: FallbackModeSource | null;
  readonly clock: Clock;
  /** Called when other components are watched than before. */
  readonly onFollowed?: () => void;
}

/**
 * Makes what says how a node is.
 *
 * @param options The file, and what it needs.
 * @returns It; nothing runs yet but the look after the file.
 * @throws {CliError} with exit code 2 when the file cannot be used.
 */
export async function openNodeHealth(options: NodeHealthOptions): Promise<NodeHealth> {
  const { file, kv, clock } = options;
  if (file === undefined) {
    const monitor = new ProcessHealthMonitor({
      clock,
      probes: { kv: async () => void await kv.get(PROBE_KEY) },
    });
    return Object.assign(monitor, { componentNames: null });
  }
  const watch = await orRefuse(() => watchConfig(file, healthSchema, { clock }));
  try {
    return new FileHealth(file, watch, options);
  } catch (error) {
    await watch[Symbol.asyncDispose]();
    throw error;
  }
}

/** Health as a file says; it follows the file. */
class FileHealth implements NodeHealth {
  readonly #watch: ConfigWatch<HealthDocument>;
  readonly #monitor: HealthMonitor;
  #running: Promise<void> = Promise.resolve();

  constructor(
    file: string,
    watch: ConfigWatch<HealthDocument>,
    { kv, clock, fallbackManager, onFollowed }: NodeHealthOptions,
  ) {
    this.#watch = watch;
    const { config, contradictions } = watch.current;
    this.#monitor = usage(() =>
      createHealthMonitor(config, {
        kv,
        clock,
        sinks: [healthLog()],
        ...fallbackManager && { fallbackManager },
      })
    );
    logContradictions(contradictions);
    followConfig(file, watch, async (document) => {
      const components = componentsOf(document, { kv });
      for (const component of components) this.#monitor.register(component);
      const kept = new Set(components.map(({ name }) => name));
      const gone = this.#monitor.componentNames.filter((name) => !kept.has(name));
      for (const name of gone) await this.#monitor.unregister(name);
      onFollowed?.();
      return [];
    });
  }

  get componentNames(): readonly string[] {
    return this.#monitor.componentNames;
  }

  start(): void {
    this.#running = this.#monitor.run();
  }

  getComprehensiveState(): Promise<HealthState> {
    return this.#monitor.getComprehensiveState();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
    await this.#monitor.stop();
    await this.#running;
  }
}

/** @returns What logs how components change, and why one cannot be looked at. */
export function healthLog(): HealthSink {
  const unknown = new Map<string, string>();
  return (event: HealthEvent) => {
    if (event.kind === "changed") {
      const { component, from, to, message } = event;
      const level = to === SystemStatus.HEALTHY ? "info" : "warn";
      cliLogger[level]("{component} is {to}, was {from}: {message}", {
        component,
        to,
        from,
        message,
      });
      return;
    }
    const { name: component, status, message } = event.check;
    if (status !== SystemStatus.UNKNOWN || unknown.get(component) === message) return;
    unknown.set(component, message);
    cliLogger.warn("{component} cannot be looked at: {message}", { component, message });
  };
}
