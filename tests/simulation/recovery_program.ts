import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";
import type { ActionContext } from "../../orchestration/recovery/action_handler.ts";
import { EnhancedRecoveryOrchestrator } from "../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import {
  KvRecoveryStorage,
  recoveryPrefix,
} from "../../orchestration/recovery/kv_recovery_storage.ts";
import { CLUSTER_LANE } from "../../orchestration/recovery/lane_keys.ts";
import type { RecoveryStorage } from "../../orchestration/recovery/recovery_storage.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import { keepRunning, storePathOf } from "./cluster_program.ts";
import { CLUSTER } from "./recovery_commits.ts";
import { RecoveryInvariants } from "./recovery_invariants.ts";
import { type Moment, RecoveryStorageTap } from "./recovery_storage_tap.ts";
import { RecoveryTellers, type Teller } from "./recovery_tellers.ts";
import { ACTIONS, type SimLimits, withLimits } from "./recovery_workload.ts";

/** Options of {@link recoveryProgram}. */
export interface RecoveryProgramOptions {
  /** What nodes recover by; see `readPolicies`. */
  readonly policies: RecoveryPoliciesDocument;
  /**
   * Makes a process of the cluster's lane die: at which of such moments.
   *
   * @default none but those of the schedule
   */
  readonly dies?: (moment: Moment) => boolean;
  /** Tells of anomalies, in place of what each process does by chance. */
  readonly tell?: (teller: Teller) => Promise<void>;
}

const LEASE_MS = 1_000;
const STORE_TIMEOUT_MS = 400;
const INBOX_MS = 500;
const HEARTBEAT_MS = 500;
/** How long an action takes at most, which is longer than it may. */
const ACTION_MAX_MS = 1_300;
/** How long it takes to look whether it helped, at most. */
const LOOK_MAX_MS = 100;
/** How often a node is found unwell. */
const UNWELL_SHARE = 0.1;
const NEVER = new Promise<never>(() => {});
/** How long a process that was made to die stays dead, in ms. */
const DEAD_MS = 300;
const LIMITS: readonly SimLimits[] = [
  { perHour: 5, safeModePerDay: 2 },
  { perHour: 12, safeModePerDay: 1 },
  { perHour: 1_000, safeModePerDay: 1_000 },
];

/** Nodes that tell of anomalies, and a leader that recovers. */
export function recoveryProgram(
  cluster: SimCluster,
  options: RecoveryProgramOptions,
): SimProgram & { readonly invariants: RecoveryInvariants } {
  const limits = LIMITS[cluster.schedule.seed % LIMITS.length]!;
  const config = withLimits(options.policies, limits);
  const invariants = new RecoveryInvariants(cluster, limits);
  const tellers = new RecoveryTellers(cluster, invariants.inbox);
  const dies = (process: SimProcess, moment: Moment) =>
    options.dies?.(moment) === true && crash(cluster, process, moment);
  return {
    invariants,
    async run(process) {
      const { id, kv, clock, random } = process;
      const coordinator: DistributedResilienceCoordinator = new DistributedResilienceCoordinator({
        kv,
        clock,
        random,
        instanceId: id,
        ...storePathOf(cluster),
        timing: { leaseMs: LEASE_MS, heartbeatMs: HEARTBEAT_MS },
        recoveryOrchestrator: { lead: (term) => recovery.lead(term) },
      });
      const node: Node = { cluster, process, invariants, coordinator, config, dies };
      const storage = newStorage(node);
      const recovery = newRecovery(node, storage);
      const teller: Teller = { cluster, process, recovery, storage };
      await Promise.all([
        keepRunning(node),
        keepRecovering(teller),
        options.tell ? options.tell(teller) : tellers.tell(teller),
      ]);
    },
    committed(commit) {
      const seen = invariants.committed(commit);
      if (seen?.lane !== CLUSTER_LANE || seen.writer === null) return;
      const { process } = cluster.nodes.find(({ id }) => id === seen.writer!.node)!;
      if (process) dies(process, "commit applied");
    },
    restored: () => invariants.restored(),
    atEnd: () => invariants.checkEnd(),
  };
}

/** A process, and what it is made of. */
interface Node {
  readonly cluster: SimCluster;
  readonly process: SimProcess;
  readonly invariants: RecoveryInvariants;
  readonly coordinator: DistributedResilienceCoordinator;
  readonly config: RecoveryPoliciesDocument;
  readonly dies: (process: SimProcess, moment: Moment) => boolean;
}

/** Ends a process without notice; it is started again soon. */
function crash(cluster: SimCluster, { node }: SimProcess, moment: Moment): boolean {
  cluster.note(node, "crash", moment);
  cluster.nodes[node]!.crash();
  cluster.time.after(DEAD_MS, () => cluster.nodes[node]!.start());
  return true;
}

function newStorage({ process, invariants, dies }: Node): RecoveryStorageTap {
  const { kv, clock, random } = process;
  const prefix = recoveryPrefix(CLUSTER);
  return new RecoveryStorageTap({
    inner: new KvRecoveryStorage({ kv, prefix, clock, random, timeoutMs: STORE_TIMEOUT_MS }),
    process,
    dies: (moment, lane) => lane === CLUSTER_LANE && dies(process, moment),
    answered: (...told) => invariants.answered(...told),
  });
}

function newRecovery(node: Node, storage: RecoveryStorage): EnhancedRecoveryOrchestrator {
  const { config, coordinator, process: { clock, random } } = node;
  const recovery = new EnhancedRecoveryOrchestrator({
    config,
    storage,
    coordinator,
    healthMonitor: {
      getComprehensiveState: () =>
        Promise.resolve({ retry: { failures_1h: random() < UNWELL_SHARE ? 51 : 0 } }),
    },
    inboxMs: INBOX_MS,
    clock,
    random,
  });
  for (const [name, { futile, isVerified }] of Object.entries(ACTIONS)) {
    const verify = async () => {
      await clock.sleep(LOOK_MAX_MS * random());
      return random() >= futile;
    };
    recovery.registerAction(name, (told) => act(node, told), isVerified ? { verify } : {});
  }
  return recovery;
}

/** Does an action: its effect is written down beside the store, when it begins and when it ends. */
async function act(node: Node, context: ActionContext): Promise<string> {
  const { cluster, invariants: { effects }, process, dies } = node;
  const { action, executionId, attempt, fence } = context;
  const { clock, random } = process;
  cluster.note(process.node, "effect", `${action} ${executionId}, attempt ${attempt}`);
  cluster.check(() => effects.check(context));
  const effect = effects.begun(process, context);
  if (fence !== null && dies(process, "effect begun")) await NEVER;
  await clock.sleep(ACTION_MAX_MS * random() ** 3);
  effect.endedMs = cluster.time.nowMs;
  if (random() < ACTIONS[action as keyof typeof ACTIONS].failing) throw new Error("it failed");
  effect.hasSucceeded = true;
  if (fence !== null && dies(process, "effect ended")) await NEVER;
  return action;
}

/** Runs recovery as a supervisor would. */
async function keepRecovering({ recovery, process: { clock, signal } }: Teller): Promise<void> {
  while (!signal.aborted) {
    await recovery.run({ signal }).catch(() => {});
    await clock.sleep(100, { signal }).catch(() => {});
  }
}
