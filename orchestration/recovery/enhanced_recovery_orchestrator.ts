import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { AnomalyInbox } from "./anomaly_inbox.ts";
import type { AnomalyEvent } from "./anomaly_event.ts";
import { BasicRecovery } from "./basic_recovery.ts";
import { BUILTIN_ACTIONS } from "./builtin_action_names.ts";
import { checkedPoliciesSchema } from "./checked_schemas.ts";
import type { OrchestratorEvent } from "./orchestrator.ts";
import type { PhaseAwareHandler, PhaseStateMachine } from "./recovery_environment.ts";
import type { RecoveryMetricsDict } from "./recovery_figures.ts";
import type { RecoveryStatusDict } from "./recovery_status_dict.ts";
import type { RecoveryOrchestratorOptions } from "./recovery_orchestrator_options.ts";

/** Options of {@link EnhancedRecoveryOrchestrator}. */
export interface EnhancedRecoveryOrchestratorOptions
  extends RecoveryOrchestratorOptions<RecoveryPoliciesDocument> {
  /**
   * Judges anomalies by the phase in which they come, before any policy is asked.
   *
   * @default none: they are as severe as they are told
   */
  readonly phaseAwareHandler?: PhaseAwareHandler;
  /**
   * Knows the phase, by which actions may be restricted, and may force safe mode.
   *
   * @default none: there are no phases
   */
  readonly stateMachine?: PhaseStateMachine;
}

/** How an {@link EnhancedRecoveryOrchestrator} stands. Keys are wire keys. */
export interface EnhancedRecoveryStatusDict extends RecoveryStatusDict {
  /** Whether actions are only told of. */
  readonly dry_run_mode: boolean;
  /** Anomalies that wait in the lanes that this node works in. */
  readonly anomaly_queue_size: number;
  /** What the policies are about, by anomaly. */
  readonly policies: Readonly<Record<string, string>>;
  /** What the actions do, by name. */
  readonly actions: Readonly<Record<string, string>>;
}

/** What an {@link EnhancedRecoveryOrchestrator} counted. Keys are wire keys. */
export interface EnhancedRecoveryMetricsDict extends RecoveryMetricsDict {
  /** Whether actions are only told of. */
  readonly dry_run_mode: boolean;
  /**
   * Anomalies that were dropped: at this node, as too many more severe ones were waiting, and in its
   * lanes, as they could not be read or acted upon.
   */
  readonly anomalies_dropped: number;
}

/**
 * Recovery by policies: an anomaly leads to a chain of actions, each with a condition, which escalates
 * while nothing helps; see `recovery_policies.yaml`. Thresholds lead to actions as well, as in
 * `RecoveryOrchestrator`.
 *
 * In a cluster, chains with an action for the cluster run on the leader, under its fence: whoever is
 * told of the anomaly, and if the leader dies the next one goes on at the same step.
 *
 * Not guaranteed: that every anomaly is taken. When `pending_max` of them wait that are no less severe,
 * one more is refused, whether it was told by `handleAnomaly` or by `handleEvent`. Nor that an action
 * has one effect only: it is decided once, but after a crash it may be run again, with the same
 * `executionId` and a higher `attempt`.
 *
 * @example Two steps, the second one only when it is severe
 * ```ts
 * import { parseConfig, recoveryPoliciesSchema } from "@baton/orchestration/config";
 * import { EnhancedRecoveryOrchestrator } from "@baton/orchestration/orchestration";
 *
 * const text = `
 * recovery_policies:
 *   crash:
 *     severity_threshold: 0.5
 *     escalation_chain:
 *       - { action: restart }
 *       - { action: page, condition: severity >= 0.9 or restart_failed }
 * `;
 * const { config } = await parseConfig(text, recoveryPoliciesSchema);
 * const recovery = new EnhancedRecoveryOrchestrator({ config });
 * recovery.registerAction("restart", () => "restarted");
 * recovery.registerAction("page", () => "paged");
 * await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.6 });
 * await recovery.processPending();
 * const history = await recovery.getActionHistory();
 * const results = history.map(({ action_type, result }) => `${action_type} ${result}`);
 * if (results.join() !== "restart success,page condition_not_met") throw new Error(results.join());
 * ```
 */
export class EnhancedRecoveryOrchestrator extends BasicRecovery<RecoveryPoliciesDocument> {
  readonly #inbox: AnomalyInbox<RecoveryPoliciesDocument>;

  /**
   * Makes an orchestrator. Nothing is read or begun.
   *
   * @param options The parts, and the file.
   * @throws {TypeError} when both a document and a file are given.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: EnhancedRecoveryOrchestratorOptions = {}) {
    super({ ...options, schema: checkedPoliciesSchema, builtins: [...BUILTIN_ACTIONS.keys()] });
    this.#inbox = new AnomalyInbox(this.engine);
  }

  /**
   * Puts an anomaly on record; it is acted upon as soon as that is its turn. One that waits already
   * takes it in: the more severe of them stays.
   *
   * @param anomaly What kind, how severe.
   * @returns When it is stored: from then on it outlives this process, as far as the storage does.
   * @throws {InvalidRecordError} when something is missing or cannot be.
   * @throws {AnomalyDroppedError} when too many more severe ones wait.
   * @throws {StoreUnavailableError} when it cannot be known whether it is stored.
   */
  async handleAnomaly(anomaly: AnomalyEvent): Promise<void> {
    await this.#inbox.put(anomaly);
  }

  /**
   * Acts on what waits, in the lanes that this node works in, and waits for the chains to end.
   *
   * @returns When nothing is under way any more.
   * @throws {StoreUnavailableError} when the storage does not answer.
   */
  async processPending(): Promise<void> {
    await this.engine.node();
    for (const worker of this.engine.workers) {
      do {
        await worker.takeWaiting();
        await worker.settled();
      } while (worker.waiting > 0 && !worker.lane.signal.aborted);
    }
  }

  /** Whether actions are only told of. */
  isDryRun(): boolean {
    return this.engine.isDryRun;
  }

  /**
   * Switches the dry run on this node, whatever the file says: also when it is read again.
   *
   * @returns Whether actions are only told of from now on.
   */
  toggleDryRun(): boolean {
    return this.engine.isDryRun = !this.engine.isDryRun;
  }

  /**
   * Says how it stands.
   *
   * @returns The status.
   */
  override getStatus(): EnhancedRecoveryStatusDict {
    const rules = this.engine.isLoaded ? this.engine.rules : null;
    const describe = (map: ReadonlyMap<string, { readonly description: string }> = new Map()) =>
      Object.fromEntries([...map].map(([name, { description }]) => [name, description]));
    return {
      ...super.getStatus(),
      dry_run_mode: this.isDryRun(),
      anomaly_queue_size: this.engine.workers.reduce((sum, { waiting }) => sum + waiting, 0),
      policies: describe(rules?.policies),
      actions: describe(rules?.actions),
    };
  }

  /**
   * Says what was counted, in the lanes that this node works in.
   *
   * @returns The figures.
   */
  override getMetrics(): EnhancedRecoveryMetricsDict {
    const inLanes = this.engine.workers.map(({ lane }) => lane.ledger.counters.dropped);
    return {
      ...super.getMetrics(),
      dry_run_mode: this.isDryRun(),
      anomalies_dropped: inLanes.reduce((sum, count) => sum + count, this.#inbox.dropped),
    };
  }

  /**
   * Handles an event that it knows: those of every orchestrator, and anomalies.
   *
   * @returns Whether it does.
   *
   * @internal
   */
  protected override async handleKnownEvent(event: OrchestratorEvent): Promise<boolean> {
    if (event.type !== RecoveryTrigger.ANOMALY) return await super.handleKnownEvent(event);
    await this.handleAnomaly(anomalyOf(event));
    return true;
  }
}

/** An event that leaves something out means what it does in the systems that send such events. */
function anomalyOf(event: OrchestratorEvent): AnomalyEvent {
  const {
    anomaly_type: anomalyType = "unknown",
    severity_score: severityScore = 0,
    confidence = 0,
    metadata = {},
    recurrence_count: recurrenceCount = 0,
  } = event as Record<string, unknown>;
  return { anomalyType, severityScore, confidence, metadata, recurrenceCount } as AnomalyEvent;
}
