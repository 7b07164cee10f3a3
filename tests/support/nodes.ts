import type { DistributedCoordinatorOptions } from "../../coordination/coordinator_options.ts";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import type { HealthState } from "../../health/health_state.ts";
import type { TestStore } from "./test_store.ts";
import type { TrackingKv, TrackingKvOptions } from "./tracking_kv.ts";

/** A process with a node of a cluster. */
export interface ClusterNode extends AsyncDisposable {
  readonly node: DistributedResilienceCoordinator;
  readonly handle: TrackingKv;
}

/**
 * Makes one more process with a node, not yet started, without spread unless it is asked for.
 *
 * Leases of 1,000 ms, heartbeats and renewals each 300, attempts of 150.
 */
export function clusterNode(
  test: TestStore,
  instanceId: string,
  options: Partial<DistributedCoordinatorOptions> = {},
  kvOptions: TrackingKvOptions = {},
): ClusterNode {
  const handle = test.handle(kvOptions);
  const node = new DistributedResilienceCoordinator({
    kv: handle.kv,
    storePath: ":memory:",
    instanceId,
    clock: test.clock,
    random: () => 0.5,
    ...options,
    timing: { leaseMs: 1_000, renewMs: 300, attemptTimeoutMs: 150, ...options.timing },
  });
  const dispose = () => test.until(node[Symbol.asyncDispose]());
  return { node, handle, [Symbol.asyncDispose]: dispose };
}

/** A monitor that says what a test tells it to say. */
export class SettableMonitor {
  constructor(public state: HealthState | (() => unknown) = {}) {}
  getComprehensiveState(): Promise<HealthState> {
    const { state } = this;
    return typeof state === "function" ? state() as Promise<HealthState> : Promise.resolve(state);
  }
}

/** A keeper of a mode that writes down what it was asked. */
export class RecordingKeeper {
  readonly asked: string[] = [];
  constructor(public mode: string = "PRIMARY") {}
  setMode(mode: string): Promise<boolean> {
    this.asked.push(mode);
    this.mode = mode;
    return Promise.resolve(true);
  }
}
