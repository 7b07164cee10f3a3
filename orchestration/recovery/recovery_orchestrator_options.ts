import type { Clock } from "../../clock.ts";
import type { LoadConfigOptions } from "../../config/files/load_config.ts";
import type { HealthSource } from "../../health/health_state.ts";
import type { ActionHandlerParts } from "./handlers/action_handler_parts.ts";
import type { MetricsCollector } from "./metrics_collector.ts";
import type { Notifier } from "./notifier.ts";
import type { RecoveryBreaker, RecoveryCluster, RecoveryFallback } from "./recovery_environment.ts";
import type { RecoveryStorage } from "./recovery_storage.ts";

/** Options of `RecoveryOrchestrator`. Nothing is needed; what is missing does nothing. */
export interface RecoveryOrchestratorOptions<D> {
  /**
   * Says how the node is: the reason to act, and whether acting helped.
   *
   * @default none: recovery acts only on what it is told
   */
  readonly healthMonitor?: HealthSource;
  /**
   * Keeps the node's fallback mode, which `safe_mode` changes, and is shown the node's health at each
   * look.
   *
   * @default none
   */
  readonly fallbackManager?: RecoveryFallback;
  /**
   * The breakers of this process by name, for `circuit_restart` and for handlers that name them.
   *
   * @default none
   */
  readonly breakers?: ReadonlyMap<string, RecoveryBreaker>;
  /**
   * What `cache_purge` empties.
   *
   * @default none
   */
  readonly caches?: readonly { clear(): unknown }[];
  /**
   * Takes figures.
   *
   * @default none
   */
  readonly metricsCollector?: MetricsCollector;
  /**
   * Keeps what must survive a restart. In a cluster all nodes must have the same one.
   *
   * @default in memory
   */
  readonly storage?: RecoveryStorage;
  /**
   * What recovery goes by, as its schema gives it.
   *
   * @default the file at `configPath`
   */
  readonly config?: D;
  /**
   * The file that recovery goes by, which `reload()` reads again.
   *
   * @default none: the defaults of the schema hold
   */
  readonly configPath?: string;
  /**
   * How the file is read.
   *
   * @default from the disk, with the variables that the process has
   */
  readonly configOptions?: LoadConfigOptions;
  /**
   * The cluster that the node is in, or a function that gives it where the two name each other: hand
   * the orchestrator to the coordinator as `recoveryOrchestrator`, or nobody does what the leader
   * does.
   *
   * @default none: the node does everything
   */
  readonly coordinator?: RecoveryCluster | (() => RecoveryCluster);
  /**
   * This node's name, under which it keeps what is its own: one that stays, or its cooldowns and history
   * begin anew with each start. Programs that share a storage without a coordinator must have different
   * ones.
   *
   * @default the coordinator's `instanceId`, "local" without one
   */
  readonly instanceId?: string;
  /**
   * Tell people.
   *
   * @default those that the file asks for
   */
  readonly notifier?: Notifier | readonly Notifier[];
  /**
   * What else handlers of the file act with.
   *
   * @default the environment, network and processes of this machine
   */
  readonly handlerParts?: Pick<
    ActionHandlerParts,
    "env" | "fetch" | "connect" | "startProcessGroup" | "missingPermission"
  >;
  /**
   * How often a member of a cluster looks for what others left for it, in ms, from 10: the leader for
   * anomalies and requests, each node for what the leader asks of it.
   *
   * @default 1_000
   */
  readonly inboxMs?: number;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Chance; values in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
}
