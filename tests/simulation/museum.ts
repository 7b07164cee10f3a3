import assert from "node:assert/strict";
import type { DistributedCoordinatorOptions } from "../../coordination/coordinator_options.ts";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import { LeaderElection } from "../../coordination/leader_election.ts";
import type { Claim } from "../../coordination/work/claim.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import type { SimKv } from "../../testing/sim_kv.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";

/** What a process of the museum is made with. */
export interface ExhibitOptions {
  /** How far its wall clock is off, in ms. */
  readonly skewMs?: number;
  /** How its client behaves; see `SimStore.open`. */
  readonly client?: "local" | "connect";
}

/** A process: its own clock, its own handle. */
export interface Exhibit {
  readonly clock: FakeClock;
  readonly kv: SimKv;
}

/** A process that stands for election. */
export interface Candidate extends Exhibit {
  readonly election: LeaderElection;
}

/** A process with a node of a cluster. */
export interface Node extends Exhibit {
  readonly node: DistributedResilienceCoordinator;
}

type Settings = Pick<DistributedCoordinatorOptions, "kv" | "clock" | "random" | "storePath">;

const STEP_MS = 5;
const LEASE_MS = 1_000;
const START_WALL_MS = Date.UTC(2026, 0, 1);

/** Where the accidents of other systems happen again: processes on one store and one true time. */
export class Museum {
  readonly time = new SimTime();
  readonly store = new SimStore({ time: this.time });

  /** A candidate for "e" without spread: leases of 1,000 ms, trusted for 800, renewed each 333. */
  candidate(holderId: string, options: ExhibitOptions = {}): Candidate {
    const { clock, kv } = this.#process(options);
    const election = new LeaderElection({
      ...settings(kv, clock),
      name: "e",
      holderId,
      leaseMs: LEASE_MS,
    });
    return { clock, kv, election };
  }

  /** A node that runs: heartbeats and renewals each 300 ms, attempts of 150. */
  async node(
    instanceId: string,
    options: ExhibitOptions & Pick<DistributedCoordinatorOptions, "labels"> = {},
  ): Promise<Node> {
    const { clock, kv } = this.#process(options);
    const { labels = {} } = options;
    const node = new DistributedResilienceCoordinator({
      ...settings(kv, clock),
      instanceId,
      labels,
      timing: { leaseMs: LEASE_MS, renewMs: 300, attemptTimeoutMs: 150 },
    });
    await this.until(node.startup());
    return { clock, kv, node };
  }

  /** Lets time pass until a promise settles. */
  async until<T>(promise: PromiseLike<T>, maxMs = 10_000): Promise<T> {
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

  /** Lets time pass; at no moment may two of the candidates that are awake believe that they lead. */
  async advanceWithOneLeader(ms: number, ...candidates: Candidate[]): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
      await this.time.advance(Math.min(STEP_MS, ms - passedMs));
      const leaders = candidates.filter(({ clock, election }) => !clock.isFrozen && election.term);
      const names = leaders.map(({ election }) => election.holderId).join(" and ");
      assert.ok(leaders.length <= 1, `${names} lead at ${this.time.nowMs} ms`);
    }
  }

  /** What stands under one of the election's keys. */
  record(key: "term" | "lease"): Record<string, unknown> | null {
    return this.store.peek<Record<string, unknown>>(["baton", "election", "e", key]).value;
  }

  #process({ skewMs = 0, client = "local" }: ExhibitOptions): Exhibit {
    const clock = new FakeClock({ time: this.time, startWallMs: START_WALL_MS + skewMs });
    return { clock, kv: this.store.open({ clock, client }) };
  }
}

function settings(kv: SimKv, clock: FakeClock): Settings {
  return { kv, clock, random: () => 0.5, storePath: "https://kv.sim" };
}

/**
 * Begins to take work on a node, one claim at a time.
 *
 * @returns Waits for the next claim.
 */
export async function takeClaims(museum: Museum, { node }: Node): Promise<() => Promise<Claim>> {
  const claims: AsyncGenerator<Claim, void, undefined> = node.work({ maxClaims: 1 });
  let next = claims.next();
  await museum.time.advance(STEP_MS);
  return async () => {
    const { value } = await museum.until(next);
    if (!value) throw new Error("the loop has ended");
    next = claims.next();
    return value;
  };
}
