import { ResourceHealth } from "../enums/resource_health.ts";
import {
  type Bounds,
  classifyResource,
  componentStatus,
  worstResource,
} from "./classify_health.ts";
import { type Observation, round } from "./component_record.ts";
import type { HealthThresholds } from "./health_thresholds.ts";
import type { LagSummary } from "./lag_sampler.ts";
import type { Reading, ResourceReader } from "./system_resources.ts";

/** What {@link lookAtResources} looks at. */
export interface ResourceSources {
  readonly reader: ResourceReader;
  /** The last minute of the event loop; undefined when nobody measures it. */
  readonly lag: LagSummary | undefined;
  readonly thresholds: Required<HealthThresholds>;
}

/** The resources of a machine and of this process, as one look found them. */
export interface ResourceLooks {
  readonly status: {
    readonly cpu: ResourceHealth;
    readonly memory: ResourceHealth;
    readonly disk: ResourceHealth;
    readonly overall: ResourceHealth;
  };
  readonly observations: readonly Observation[];
}

interface Look {
  readonly status: ResourceHealth;
  readonly observation: Observation;
}

/** Names of the components that {@link lookAtResources} reports. */
export const RESOURCE_COMPONENTS: readonly string[] = ["event_loop", "memory", "heap", "cpu"];

/** @returns What is left, judged. The runtime tells nothing about disks: they stay unknown. */
export function lookAtResources(sources: ResourceSources): ResourceLooks {
  const { reader, thresholds } = sources;
  const memoryBounds = {
    warning: thresholds.memoryWarningShare,
    critical: thresholds.memoryCriticalShare,
  };
  const loadBounds = {
    warning: thresholds.loadWarningPerCore,
    critical: thresholds.loadCriticalPerCore,
  };
  const memory = look("memory", "memory_used_share", reader.machineMemoryShare(), memoryBounds);
  const heap = look("heap", "heap_used_share", reader.heapShare(), memoryBounds);
  const cpu = look("cpu", "load_per_core", reader.loadPerCore(), loadBounds);
  const memoryStatus = worstResource([memory.status, heap.status]);
  const disk = ResourceHealth.UNKNOWN;
  return {
    status: {
      cpu: cpu.status,
      memory: memoryStatus,
      disk,
      overall: worstResource([cpu.status, memoryStatus, disk]),
    },
    observations: [
      lookAtEventLoop(sources.lag, thresholds),
      memory.observation,
      withProcessMemory(heap.observation, reader.processMemoryBytes()),
      cpu.observation,
    ],
  };
}

function look(name: string, metric: string, reading: Reading, bounds: Bounds): Look {
  const status = classifyResource(
    reading.kind === "measured" ? reading.value : undefined,
    bounds,
  );
  const figure = reading.kind === "measured" ? round(reading.value) : undefined;
  return {
    status,
    observation: {
      name,
      status: componentStatus(status),
      message: reading.kind === "measured"
        ? `${figure}, warning from ${bounds.warning}, critical from ${bounds.critical}`
        : reading.reason,
      latencyMs: 0,
      metadata: figure === undefined ? {} : { [metric]: figure },
    },
  };
}

function lookAtEventLoop(
  lag: LagSummary | undefined,
  thresholds: Required<HealthThresholds>,
): Observation {
  const bounds = { warning: thresholds.lagWarningMs, critical: thresholds.lagCriticalMs };
  const reading: Reading = lag === undefined
    ? { kind: "unknown", reason: "no sample yet" }
    : { kind: "measured", value: lag.p99Ms };
  const { observation } = look("event_loop", "event_loop_lag_p99_ms", reading, bounds);
  if (lag === undefined) return observation;
  const metadata = { ...observation.metadata, event_loop_lag_max_ms: round(lag.maxMs) };
  return { ...observation, metadata };
}

function withProcessMemory(observation: Observation, reading: Reading): Observation {
  if (reading.kind === "unknown") return observation;
  const metadata = { ...observation.metadata, process_memory_bytes: reading.value };
  return { ...observation, metadata };
}
