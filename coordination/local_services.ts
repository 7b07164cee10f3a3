import type { Clock } from "../clock.ts";
import { ClusterServices } from "./cluster_services.ts";
import { LEADER_ELECTION } from "./cluster_snapshot.ts";
import { resolveCoordinatorTiming } from "./coordinator_options.ts";
import { KvStore } from "./kv_store.ts";
import { LeaderElection } from "./leader_election.ts";
import type { NodeInfo } from "./node_info.ts";

/** What {@link LocalServices} are made of. */
export interface LocalServicesOptions {
  /** The node's id. */
  readonly instanceId: string;
  /** Identifies this start of the node. */
  readonly incarnation: string;
  /** Times everything. */
  readonly clock: Clock;
  /** Describes the only member. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /** Told what went wrong. */
  readonly failed: (error: unknown) => void;
}

/** Ballots and work of a cluster of one, in a store in memory that nobody else can reach. */
export class LocalServices implements AsyncDisposable {
  /** The services. */
  readonly services: ClusterServices;
  readonly #kv: Deno.Kv;
  readonly #election: LeaderElection;
  readonly #stop = new AbortController();
  readonly #failed: (error: unknown) => void;
  #leading: Promise<void> = Promise.resolve();

  private constructor(kv: Deno.Kv, options: LocalServicesOptions) {
    const { instanceId, incarnation, clock, members, failed } = options;
    const store = { kv, storePath: ":memory:", clock, random: Math.random };
    this.#kv = kv;
    this.#failed = failed;
    this.#election = new LeaderElection({ ...store, name: LEADER_ELECTION, holderId: instanceId });
    this.services = new ClusterServices({
      store: new KvStore(kv, store),
      storePath: store.storePath,
      cluster: "local",
      instanceId,
      incarnation,
      timing: resolveCoordinatorTiming(),
      random: store.random,
      workLimits: undefined,
      ballotRetainMs: undefined,
      term: () => this.#election.term,
      members,
      announce: () => Promise.resolve(),
      failed,
    });
  }

  /**
   * Opens the store and leads in it.
   *
   * @param options The node.
   * @returns The services, which work at once.
   */
  static async start(options: LocalServicesOptions): Promise<LocalServices> {
    const local = new LocalServices(await Deno.openKv(":memory:"), options);
    await local.#election.tryAcquire();
    local.#leading = local.#lead(local.#stop.signal);
    return local;
  }

  /** Ends everything; what was in memory is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.services[Symbol.asyncDispose]();
    await this.#leading;
    await this.#election[Symbol.asyncDispose]();
    this.#kv.close();
  }

  /** A process that was blocked for longer than its lease leads again in a further term. */
  async #lead(signal: AbortSignal): Promise<void> {
    try {
      for await (const term of this.#election.terms({ signal })) {
        await this.services.lead(term, signal);
      }
    } catch (error) {
      this.#failed(error);
    }
  }
}
