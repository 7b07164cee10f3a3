import type { ActionScope } from "../../enums/action_scope.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { HealthState } from "../../health/health_state.ts";
import type { PendingAnomaly } from "./anomaly_event.ts";
import type { ChainDesk } from "./chain_desk.ts";
import { anomalyCause, type ChainStarter, singleStart, stepsOf } from "./chain_starts.ts";
import { componentSeverity, findHealthTriggers } from "./health_triggers.ts";
import { policyScope } from "./policy_scope.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import type { ComponentWatch, PolicyRules } from "./recovery_rules.ts";

/** Options of {@link HealthWatch}. */
export interface HealthWatchOptions {
  /** The lane in which chains begin. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Knows what holds for actions. */
  readonly desk: ChainDesk;
  /** Begins chains. */
  readonly starter: ChainStarter;
  /** Whether the lane is there for what runs in a scope. */
  readonly isFor: (scope: ActionScope) => boolean;
}

/** Looks at health, and begins what it gives reason for. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  /** Since when watched components are known to be unwell, by policy, in monotonic ms. */
  readonly #unwellSince: Map<string, number> = new Map();

  /** @param options The lane, and whom to ask. */
  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /**
   * Looks once.
   *
   * @param given The health document. @default what the monitor says now
   */
  async look(given?: HealthState): Promise<void> {
    const { rules } = this.#options.environment;
    const state = rules().enabled ? await this.#stateOr(given) : undefined;
    if (state === undefined) return this.#unwellSince.clear();
    this.#showMode(state);
    await this.#lookAtThresholds(state);
    for (const policy of rules().policies.values()) {
      if (policy.watch !== null) await this.#lookAtComponent(policy, policy.watch, state);
    }
  }

  async #stateOr(given: HealthState | undefined): Promise<HealthState | undefined> {
    try {
      return given ?? await this.#options.environment.healthMonitor?.getComprehensiveState();
    } catch (error) {
      this.#unwellSince.clear(); // nobody knows how long anything has been unwell any more
      throw error;
    }
  }

  /** Each node minds its own mode; the leader's lane is not about one. */
  #showMode(state: HealthState): void {
    const { lane, environment: { fallbackManager, telemetry } } = this.#options;
    if (lane.term !== null) return;
    try {
      fallbackManager?.cascade(state);
    } catch (error) {
      telemetry.fault("fallback manager", error);
    }
  }

  async #lookAtThresholds(state: HealthState): Promise<void> {
    const { lane, desk, starter, isFor, environment: { rules, telemetry } } = this.#options;
    const { thresholds } = rules();
    const fault = (error: unknown) => telemetry.fault("health document", error);
    for (const { name, action, reason } of findHealthTriggers(state, thresholds, fault)) {
      if (!isFor(desk.actionRules(action).scope) || starter.isUnderWay(name)) continue;
      const single = {
        action,
        params: {},
        timeoutMs: desk.timeoutMsOf(action),
        cause: { trigger: RecoveryTrigger.HEALTH_CHECK, type: name, reason, node: lane.node },
      };
      await starter.begin((draft) =>
        draft.hasChainOf(name) ? null : singleStart(single, draft.nowMs)
      );
    }
  }

  async #lookAtComponent(
    policy: PolicyRules,
    watch: ComponentWatch,
    state: HealthState,
  ): Promise<void> {
    const { desk, starter, isFor, environment: { clock } } = this.#options;
    if (!isFor(policyScope(policy, desk))) return;
    const severity = componentSeverity(state, watch);
    if (severity === null) return void this.#unwellSince.delete(policy.name);
    if (severity === 0) return await this.#noteWell(policy.name);
    const nowMs = clock.monotonic();
    const sinceMs = this.#unwellSince.get(policy.name) ?? nowMs;
    this.#unwellSince.set(policy.name, sinceMs);
    const lastedMs = nowMs - sinceMs;
    if (lastedMs < watch.forMs || starter.isUnderWay(policy.name)) return;
    await this.#raise(policy, severity, lastedMs);
  }

  /** The next failure of the component is another episode. */
  async #noteWell(name: string): Promise<void> {
    const { lane, starter } = this.#options;
    this.#unwellSince.delete(name);
    if (!lane.ledger.episodes.has(name) || starter.isUnderWay(name)) return;
    await lane.transact(({ ledger }) => void ledger.episodes.delete(name));
  }

  async #raise(policy: PolicyRules, severity: number, lastedMs: number): Promise<void> {
    const { lane, starter, environment: { rules } } = this.#options;
    if (severity < policy.severityThreshold) return;
    await starter.begin((draft) => {
      if (draft.hasChainOf(policy.name)) return null;
      const anomaly: PendingAnomaly = {
        type: policy.name,
        severity,
        confidence: 1,
        metadata: {},
        recurrenceCount: 0,
        firstMs: draft.nowMs - lastedMs,
        lastMs: draft.nowMs,
        told: 1,
        node: lane.node,
      };
      return { cause: anomalyCause(draft, anomaly, rules()), steps: stepsOf(policy) };
    });
  }
}
