import type { Clock } from "../clock.ts";
import { Ballots } from "./ballots/ballots.ts";
import type { CoordinatorTiming } from "./coordinator_options.ts";
import { isHandleClosed, type KvStore } from "./kv_store.ts";
import type { NodeInfo } from "./node_info.ts";
import { OpenWaits } from "./open_waits.ts";
import type { ServiceLimits } from "./service_options.ts";
import type { Term } from "./term.ts";
import { WorkQueue } from "./work/work_queue.ts";

/** What {@link ClusterServices} are made of. */
export interface ClusterServicesOptions {
  /** The port. */
  readonly store: KvStore;
  /** Path or URL of the store; undefined when unknown. */
  readonly storePath: string | undefined;
  /** The cluster's name. */
  readonly cluster: string;
  /** The node's id. */
  readonly instanceId: string;
  /** Identifies the node's process, as its heartbeat does. */
  readonly incarnation: string;
  /** The timing in force. */
  readonly timing: CoordinatorTiming;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
  /** How much is kept. */
  readonly limits: ServiceLimits;
  /** The valid term of this node; null while it does not lead. */
  readonly term: () => Term | null;
  /** Reads the registered members. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /** For how many ms yet nobody takes this node for dead; zero or less when somebody may. */
  readonly standingMs: () => number;
  /** Writes this node's heartbeat now. */
  readonly announce: () => Promise<void>;
  /** Told what went wrong while nobody waited for it. */
  readonly failed: (error: unknown) => void;
}

/** What a node of a cluster offers besides being a member: ballots and work. */
export class ClusterServices implements AsyncDisposable {
  /** The node's part in ballots. */
  readonly ballots: Ballots;
  /** The node's part in work. */
  readonly work: WorkQueue;
  /** What the application waits for. */
  readonly waits: OpenWaits;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #failed: (error: unknown) => void;

  /** @param options The node. */
  constructor(options: ClusterServicesOptions) {
    const { store, storePath, cluster, instanceId, timing, members, limits } = options;
    this.#clock = store.clock;
    this.#intervalMs = timing.heartbeatMs;
    this.#failed = options.failed;
    this.waits = new OpenWaits(options.failed);
    this.ballots = new Ballots({
      store,
      storePath,
      cluster,
      instanceId,
      attemptTimeoutMs: timing.attemptTimeoutMs,
      pollMs: timing.safetyPollMs,
      members,
      retainMs: limits.ballotRetainMs,
    });
    this.work = new WorkQueue({
      store,
      storePath,
      cluster,
      instanceId,
      incarnation: () => options.incarnation,
      timing,
      intervalMs: timing.heartbeatMs,
      random: options.random,
      term: options.term,
      members,
      standingMs: options.standingMs,
      announce: options.announce,
      limits: limits.work,
    });
  }

  /**
   * Does what a leader does about them until its term ends.
   *
   * @param term The term under whose fence it is done.
   * @param signal Ends it early.
   */
  async lead(term: Term, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([term.signal, signal]);
    await Promise.all([
      this.#keepOn(() => this.work.desk.run(term, stop), stop),
      this.#keepOn(() => this.ballots.carryOn(), stop),
    ]);
  }

  /** Ends every loop and every wait. What they have under way comes to its end first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.waits.close();
    await Promise.all([this.ballots[Symbol.asyncDispose](), this.work[Symbol.asyncDispose]()]);
  }

  /** Does something again and again, an interval apart; only a closed store ends it early. */
  async #keepOn(act: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await act();
      } catch (error) {
        this.#failed(error);
        if (isHandleClosed(error)) return;
      }
      await this.#clock.sleep(this.#intervalMs, { signal }).catch(() => {});
    }
  }
}
