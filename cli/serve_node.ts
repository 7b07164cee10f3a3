import type { DistributedCoordinatorOptions } from "../coordination/coordinator_options.ts";
import { DistributedResilienceCoordinator } from "../coordination/distributed_resilience_coordinator.ts";
import { FallbackManager } from "../health/fallback_manager.ts";
import { systemResources } from "../health/system_resources.ts";
import { CascadingHealth } from "./cascading_health.ts";
import type { CliIo } from "./cli_io.ts";
import { cliLogger, logCluster, writeEvent } from "./cluster_log.ts";
import { drainNode } from "./drain_node.ts";
import { greeting } from "./greeting.ts";
import { openNodeHealth } from "./node_health.ts";
import { NodeRecovery } from "./node_recovery.ts";
import type { NodeValues } from "./node_settings.ts";
import { openStore, systemStoreRuntime } from "./open_store.ts";
import { type FileIdentity, storeIdentity, untilStoreLost } from "./store_loss.ts";
import { storeLocation } from "./store_target.ts";
import { usage } from "./usage.ts";

const OBSERVE_MIN_MS = 250;
const OBSERVE_MAX_MS = 5_000;
/** A store that takes no heartbeat for so many leases is not merely slow. */
const SILENT_LEASES_MAX = 6;

/**
 * Runs a coordinator node on the store until it is asked to stop.
 *
 * @param values What the node was told.
 * @param io The outside.
 * @param stop Asks it to stop.
 * @throws {CliError} when the store cannot be had or is lost for good, or a file cannot be used.
 * @throws {DuplicateInstanceError} when a live process has the same id.
 */
export async function serveNode(values: NodeValues, io: CliIo, stop: AbortSignal): Promise<void> {
  const runtime = systemStoreRuntime(io);
  using kv = await openStore(values.store, runtime, { create: true, script: "cli/coordinator.ts" });
  const openedFile = await storeIdentity(values.store);
  const isManaged = values.health !== undefined || values.recovery !== undefined;
  const fallbackManager = isManaged ? new FallbackManager({ clock: io.clock }) : null;
  const { clock } = io;
  let onFollowed = (): void => {};
  await using health = await openNodeHealth({
    file: values.health,
    kv,
    fallbackManager,
    clock,
    onFollowed: () => onFollowed(),
  });
  const healthMonitor = fallbackManager ? new CascadingHealth(health, fallbackManager) : health;
  await using recovery = values.recovery === undefined || fallbackManager === null
    ? null
    : await NodeRecovery.open({
      file: values.recovery,
      healthFile: values.health,
      components: () => health.componentNames ?? [],
      kv,
      cluster: values.cluster,
      healthMonitor,
      fallbackManager,
      coordinator: () => node,
      io,
    });
  const node: DistributedResilienceCoordinator = usage(() =>
    new DistributedResilienceCoordinator({
      ...nodeOptions(values, io),
      kv,
      healthMonitor,
      ...fallbackManager && { fallbackManager },
      ...recovery && { recoveryOrchestrator: recovery.leaderWork },
    })
  );
  await recovery?.load();
  onFollowed = () => recovery?.warnOfUnwatched();
  if (recovery !== null && values.id === undefined) {
    cliLogger.warn(
      "--recovery without --id: what this node does for itself is not remembered across restarts",
    );
  }
  announce(node.instanceId, values, io);
  try {
    health.start();
    await startUnless(stop, node);
    if (!stop.aborted) recovery?.start();
    await untilOver(node, { values, io, stop, openedFile, recovery });
  } finally {
    await drainNode({ node, recovery }, values.graceMs, io);
  }
}

/** Starting may have to wait for a lease; a stop that comes meanwhile cuts it short. */
async function startUnless(
  stop: AbortSignal,
  node: DistributedResilienceCoordinator,
): Promise<void> {
  const cancel = () => void node.shutdown();
  stop.addEventListener("abort", cancel, { once: true });
  try {
    if (!stop.aborted) await node.startup();
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener("abort", cancel);
  }
}

function nodeOptions(values: NodeValues, io: CliIo): Omit<DistributedCoordinatorOptions, "kv"> {
  const { id, expectedMembers } = values;
  return {
    storePath: storeLocation(values.store),
    cluster: values.cluster,
    quorumThreshold: values.quorumThreshold,
    labels: values.labels,
    timing: { leaseMs: values.leaseMs },
    load: machineLoad,
    clock: io.clock,
    random: io.random,
    ...id === undefined ? {} : { instanceId: id },
    ...expectedMembers === undefined ? {} : { expectedMembers },
  };
}

/** Load average of the last minute per core; 0 where it cannot be read. */
function machineLoad(): number {
  const reading = systemResources.loadPerCore();
  return reading.kind === "measured" ? reading.value : 0;
}

function announce(instanceId: string, values: NodeValues, io: CliIo): void {
  const { cluster, leaseMs } = values;
  const facts = { instanceId, cluster, leaseMs, store: storeLocation(values.store), pid: Deno.pid };
  if (values.logFormat === "pretty") io.stderr(greeting(facts));
  else cliLogger.info("Starting", facts);
}

interface Surroundings {
  readonly values: NodeValues;
  readonly io: CliIo;
  readonly stop: AbortSignal;
  readonly openedFile: FileIdentity | null;
  readonly recovery: NodeRecovery | null;
}

/** Resolves when the node is asked to stop; rejects when it cannot go on. */
async function untilOver(
  node: DistributedResilienceCoordinator,
  { values, io, stop, openedFile, recovery }: Surroundings,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const intervalMs = Math.max(OBSERVE_MIN_MS, Math.min(OBSERVE_MAX_MS, values.leaseMs / 2));
  const { clock } = io;
  const { store } = values;
  const watches = [
    logCluster(node, { intervalMs, signal, clock, log: writeEvent }),
    ...recovery ? [recovery.watchLeader(node, signal)] : [],
    untilStoreLost({
      location: storeLocation(store),
      openedFile,
      identify: () => storeIdentity(store),
      heartbeats: () => node.getMetrics().heartbeats,
      intervalMs,
      silentMaxMs: values.leaseMs * SILENT_LEASES_MAX,
      hint: "Bring it back and start again, or start with --wait to do that by itself",
      signal,
      clock,
    }).then(throwIfAny),
  ];
  const failures = [
    node.untilStopped().then(throwIfAny),
    ...recovery ? [recovery.untilFailed()] : [],
  ];
  try {
    await Promise.race([...watches, ...failures]);
  } finally {
    over.abort();
    await Promise.allSettled(watches);
  }
}

function throwIfAny(error: Error | null): void {
  if (error) throw error;
}
