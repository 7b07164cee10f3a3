import { laneKeys } from "../../orchestration/recovery/lane_keys.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import type { EnhancedRecoveryOrchestrator } from "../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import type { ManualRequest } from "../../orchestration/recovery/manual_request.ts";
import type { RecoveryStorage } from "../../orchestration/recovery/recovery_storage.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import type { RecoveryInboxInvariants } from "./recovery_inbox_invariants.ts";
import { ACTIONS, ANOMALIES } from "./recovery_workload.ts";

/** A process that tells of anomalies. */
export interface Teller {
  readonly cluster: SimCluster;
  readonly process: SimProcess;
  readonly recovery: EnhancedRecoveryOrchestrator;
  readonly storage: RecoveryStorage;
}

const TELL_EVERY_MS = 1_400;
const PAUSED_MS = 400;

/** What processes tell recovery of by chance. */
export class RecoveryTellers {
  readonly #inbox: RecoveryInboxInvariants;
  readonly #cluster: SimCluster;

  constructor(cluster: SimCluster, inbox: RecoveryInboxInvariants) {
    this.#cluster = cluster;
    this.#inbox = inbox;
  }

  /** Tells of this and that until all faults end. */
  async tell(teller: Teller): Promise<void> {
    const { clock, random, signal } = teller.process;
    while (!signal.aborted && !this.#cluster.isHealed) {
      await clock.sleep(TELL_EVERY_MS * random(), { signal }).catch(() => {});
      if (signal.aborted || this.#cluster.isHealed) return;
      await this.#tellOnce(teller).catch(() => {}); // the store is away: it was not acknowledged
    }
  }

  async #tellOnce(teller: Teller): Promise<void> {
    const { recovery, process: { random } } = teller;
    const chance = random();
    if (chance < 0.04) {
      await recovery.pause({ reason: "repairs", actor: "someone", expiresInMs: PAUSED_MS });
    } else if (chance < 0.12) {
      await recovery.triggerAction({ actionType: pick(Object.keys(ACTIONS), random) });
    } else if (chance < 0.2) {
      await this.#request(teller);
    } else {
      const anomalyType = pick(ANOMALIES, random);
      await recovery.handleAnomaly({ anomalyType, severityScore: random() });
      this.#cluster.check(() => this.#inbox.acknowledged(anomalyType));
    }
  }

  /** Leaves a request in the store, as the command line does. */
  async #request({ storage, process: { id: node, clock, random } }: Teller): Promise<void> {
    const request: ManualRequest = {
      id: crypto.randomUUID(),
      action: pick(Object.keys(ACTIONS), random),
      reason: "because",
      actor: "someone",
      params: {},
      force: false,
      atMs: clock.now(),
      node,
    };
    const key = [...laneKeys(CLUSTER_LANE).requests, request.id];
    const version = await storage.commit({ sets: [{ key, value: request }] });
    if (version !== null) this.#cluster.check(() => this.#inbox.requestAcknowledged(request.id));
  }
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(from.length * random())]!;
}
