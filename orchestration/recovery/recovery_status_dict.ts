import type { AnyRecoveryDocument } from "./compile_rules.ts";
import { CLUSTER_LANE } from "./lane_keys.ts";
import type { RecoveryChainDict } from "./recovery_chain_dict.ts";
import type { RecoveryEngine } from "./recovery_engine.ts";
import {
  type CooldownDict,
  cooldownsOf,
  figuresOf,
  type RecoveryMetricsDict,
} from "./recovery_figures.ts";

/** How an orchestrator stands. Keys are wire keys. */
export interface RecoveryStatusDict {
  /** Whether it runs. */
  readonly running: boolean;
  /** Whether recovery is switched on; null before the file was read. */
  readonly enabled: boolean | null;
  /** How often health is looked at, in seconds; null before the file was read. */
  readonly poll_interval: number | null;
  /** The file in force; null for the defaults, or a document that the program gave. */
  readonly source: string | null;
  /** What it counted. */
  readonly metrics: RecoveryMetricsDict;
  /** How its actions rest. */
  readonly cooldown_status: Readonly<Record<string, CooldownDict>>;
  /** The last action that ran; null for none. */
  readonly last_action: { readonly timestamp: string; readonly type: string } | null;
  /** Whether this node does what the cluster's leader does. */
  readonly leading: boolean;
  /** What is under way. */
  readonly chains: readonly RecoveryChainDict[];
  /** How many chains could not be read, and were left where they stand. */
  readonly unreadable_chains: number;
  /** The actions that run. */
  readonly executing_actions: readonly string[];
  /** Actions that nothing does here, though the file in force names them. */
  readonly actions_without_handler: readonly string[];
  /** How telling people and writing logs fares. */
  readonly outlets: object;
  /** Events that were not understood. */
  readonly unknown_events: number;
  /** What went wrong while nobody waited for it. */
  readonly faults: number;
  /** The last of it, as text; null for nothing. */
  readonly last_error: string | null;
}

/** What an orchestrator knows of itself. */
export interface OrchestratorStanding {
  /** Whether it runs. */
  readonly running: boolean;
  /** Events that it did not understand. */
  readonly unknownEvents: number;
  /** Why it did not understand the last of them; null for none. */
  readonly lastError: string | null;
}

/** @returns How an orchestrator stands. */
export function statusOf<D extends AnyRecoveryDocument>(
  engine: RecoveryEngine<D>,
  { running, unknownEvents, lastError }: OrchestratorStanding,
): RecoveryStatusDict {
  const { workers, registry: { names } } = engine;
  const rules = engine.isLoaded ? engine.rules : null;
  const metrics = figuresOf(workers, { names, running });
  const { last_action_time: timestamp, last_action_type: type } = metrics;
  return {
    running,
    enabled: rules && rules.enabled,
    poll_interval: rules && rules.pollMs / 1_000,
    source: rules && rules.source,
    metrics,
    cooldown_status: cooldownsOf(workers, names, rules),
    last_action: timestamp === null || type === null ? null : { timestamp, type },
    leading: engine.workerOf(CLUSTER_LANE) !== null,
    chains: workers.flatMap((worker) => worker.describeChains()),
    unreadable_chains: workers.reduce((sum, { lane }) => sum + lane.unreadableChains, 0),
    executing_actions: workers.flatMap((worker) => worker.running),
    actions_without_handler: engine.namedWithoutHandler,
    outlets: engine.outletMetrics,
    unknown_events: unknownEvents,
    faults: engine.telemetry.faults,
    last_error: engine.telemetry.lastFault ?? lastError,
  };
}
