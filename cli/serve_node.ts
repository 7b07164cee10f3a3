import { DistributedResilienceCoordinator } from "../coordination/distributed_resilience_coordinator.ts";
import { ProcessHealthMonitor } from "../health/process_health_monitor.ts";
import { systemResources } from "../health/system_resources.ts";
import type { CliIo } from "./cli_io.ts";
import { cliLogger, logCluster, writeEvent } from "./cluster_log.ts";
import { greeting } from "./greeting.ts";
import type { NodeValues } from "./node_settings.ts";
import { openStore, PROBE_KEY, systemStoreRuntime } from "./open_store.ts";
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
 * @throws {CliError} when the store cannot be had or is lost for good.
 * @throws {DuplicateInstanceError} when a live process has the same id.
 */
export async function serveNode(values: NodeValues, io: CliIo, stop: AbortSignal): Promise<void> {
  const runtime = systemStoreRuntime(io);
  using kv = await openStore(values.store, runtime, { create: true, script: "cli/coordinator.ts" });
  const openedFile = await storeIdentity(values.store);
  await using health = new ProcessHealthMonitor({
    clock: io.clock,
    probes: { kv: async () => void await kv.get(PROBE_KEY) },
  });
  const node = usage(() => makeNode(kv, values, health, io));
  announce(node.instanceId, values, io);
  try {
    health.start();
    await startUnless(stop, node);
    await untilOver(node, { values, io, stop, openedFile });
  } finally {
    await drain(node, values.graceMs, io);
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

function makeNode(
  kv: Deno.Kv,
  values: NodeValues,
  healthMonitor: ProcessHealthMonitor,
  io: CliIo,
): DistributedResilienceCoordinator {
  const { id, expectedMembers } = values;
  return new DistributedResilienceCoordinator({
    kv,
    storePath: storeLocation(values.store),
    healthMonitor,
    cluster: values.cluster,
    quorumThreshold: values.quorumThreshold,
    labels: values.labels,
    timing: { leaseMs: values.leaseMs },
    load: machineLoad,
    clock: io.clock,
    random: io.random,
    ...id === undefined ? {} : { instanceId: id },
    ...expectedMembers === undefined ? {} : { expectedMembers },
  });
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
}

/** Resolves when the node is asked to stop; rejects when it cannot go on. */
async function untilOver(
  node: DistributedResilienceCoordinator,
  { values, io, stop, openedFile }: Surroundings,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const intervalMs = Math.max(OBSERVE_MIN_MS, Math.min(OBSERVE_MAX_MS, values.leaseMs / 2));
  const { clock } = io;
  const { store } = values;
  const watches = [
    logCluster(node, { intervalMs, signal, clock, log: writeEvent }),
    untilStoreLost({
      location: storeLocation(store),
      openedFile,
      identify: () => storeIdentity(store),
      heartbeats: () => node.getMetrics().heartbeats,
      intervalMs,
      silentMaxMs: values.leaseMs * SILENT_LEASES_MAX,
      signal,
      clock,
    }).then(throwIfAny),
    node.untilStopped().then(throwIfAny),
  ];
  try {
    await Promise.race(watches);
  } finally {
    over.abort();
    await Promise.allSettled(watches.slice(0, -1));
  }
}

function throwIfAny(error: Error | null): void {
  if (error) throw error;
}

async function drain(
  node: DistributedResilienceCoordinator,
  graceMs: number,
  io: CliIo,
): Promise<void> {
  const wasRunning = node.isRunning;
  const faultBefore = node.getMetrics().lastError;
  const drained = new AbortController();
  const late = io.clock.sleep(graceMs, { signal: drained.signal }).then(() => true, () => false);
  const isLate = await Promise.race([node.shutdown().then(() => false), late]);
  drained.abort();
  const { lastError, heartbeats, electionWins } = node.getMetrics();
  const hadJoined = wasRunning || heartbeats + electionWins > 0;
  if (isLate) {
    cliLogger.warn("Gave up on letting go after {graceMs} ms: another leads after the lease", {
      graceMs,
    });
  } else if (hadJoined && lastError !== faultBefore) {
    cliLogger.warn("Stopped without telling the store: another leads after the lease ({error})", {
      error: lastError,
    });
  } else if (hadJoined) cliLogger.info("Left the cluster: another can lead at once");
}
