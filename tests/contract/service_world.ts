import type { DistributedCoordinatorOptions } from "../../coordination/coordinator_options.ts";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import type { SimKv } from "../../testing/sim_kv.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";

/** A process with a node of a cluster, and its handle on the store. */
export interface ServiceNode {
  readonly node: DistributedResilienceCoordinator;
  readonly kv: SimKv;
}

/** A simulated store and a time that passes when a test lets it. */
export class ServiceWorld {
  readonly time = new SimTime();
  readonly clock = new FakeClock({ time: this.time });
  readonly store = new SimStore({ time: this.time });

  /** One more process: leases of 1,000 ms, heartbeats and renewals each 300, attempts of 150. */
  node(
    instanceId: string,
    options: Partial<DistributedCoordinatorOptions> = {},
  ): ServiceNode {
    const kv = this.store.open();
    const node = new DistributedResilienceCoordinator({
      kv,
      storePath: ":memory:",
      instanceId,
      clock: this.clock,
      random: () => 0.5,
      timing: { leaseMs: 1_000, renewMs: 300, attemptTimeoutMs: 150 },
      ...options,
    });
    return { node, kv };
  }

  /** Lets time pass until a promise settles. */
  async until<T>(promise: PromiseLike<T>, maxMs = 30_000): Promise<T> {
    let isSettled = false;
    const done = () => isSettled = true;
    promise.then(done, done);
    await this.time.advance(0);
    for (let passedMs = 0; !isSettled && passedMs < maxMs; passedMs += STEP_MS) {
      await this.time.advance(STEP_MS);
    }
    if (!isSettled) throw new Error(`still pending after ${maxMs} ms`);
    return await promise;
  }
}

const STEP_MS = 5;
