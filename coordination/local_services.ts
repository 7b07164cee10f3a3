import type { Clock } from "../clock.ts";
import { ClusterServices } from "./cluster_services.ts";
import { LEADER_ELECTION } from "./cluster_snapshot.ts";
import { resolveCoordinatorTiming } from "./coordinator_options.ts";
import { StoreUnavailableError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import { LeaderElection } from "./leader_election.ts";
import type { NodeInfo } from "./node_info.ts";
import type { ServiceLimits } from "./service_options.ts";
import { sharedStore } from "./shared_store.ts";

/** What {@link LocalServices} are made of. */
export interface LocalServicesOptions {
  /** The node's id. */
  readonly instanceId: string;
  /** Identifies this start of the node. */
  readonly incarnation: string;
  /** How much is kept. */
  readonly limits: ServiceLimits;
  /** Times everything. */
  readonly clock: Clock;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
  /** Describes the only member. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /** Told what went wrong while nobody waited for it. */
  readonly failed: (error: unknown) => void;
}

const STORE_PATH = ":memory:";

/** Ballots and work of a cluster of one, in a store in memory that nobody else can reach. */
export class LocalServices implements AsyncDisposable {
  /** The services. */
  readonly services: ClusterServices;
  /** The port to the store in memory. */
  readonly store: KvStore;
  readonly #options: LocalServicesOptions;
  readonly #kv: Deno.Kv;
  readonly #election: LeaderElection;
  readonly #stop = new AbortController();
  #leading: Promise<void> = Promise.resolve();

  private constructor(kv: Deno.Kv, options: LocalServicesOptions) {
    const { instanceId, incarnation, limits, clock, random, members, failed } = options;
    const timing = resolveCoordinatorTiming();
    this.#kv = kv;
    this.#options = options;
    this.#election = new LeaderElection({
      kv,
      storePath: STORE_PATH,
      name: LEADER_ELECTION,
      holderId: instanceId,
      clock,
      random,
    });
    this.store = sharedStore(kv, { ...timing, clock, random }).store;
    this.services = new ClusterServices({
      store: this.store,
      storePath: STORE_PATH,
      cluster: "local",
      instanceId,
      incarnation,
      timing,
      random,
      limits,
      term: () => this.#election.term,
      members,
      standingMs: () => Infinity,
      announce: () => Promise.resolve(), // the members are read from the node itself
      failed,
    });
  }

  /**
   * Opens the store and leads in it.
   *
   * @param options The node.
   * @returns The services, which work at once.
   * @throws {StoreUnavailableError} when there is no such store, as without `--unstable-kv`.
   */
  static async start(options: LocalServicesOptions): Promise<LocalServices> {
    const local = new LocalServices(await openMemory(), options);
    try {
      await local.#election.tryAcquire();
    } catch (error) {
      await local[Symbol.asyncDispose]();
      throw error;
    }
    local.#leading = local.#lead(local.#stop.signal);
    return local;
  }

  /** Ends everything; what was in memory is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.services[Symbol.asyncDispose](), this.#leading]);
    await this.#election[Symbol.asyncDispose]();
    this.#kv.close();
  }

  /** A process that was blocked for longer than its lease leads again in a further term. */
  async #lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const term of this.#election.terms({ signal })) {
          await this.services.lead(term, signal);
        }
      } catch (error) {
        this.#options.failed(error);
        const { leaseMs } = this.#election.timing;
        await this.#options.clock.sleep(leaseMs, { signal }).catch(() => {});
      }
    }
  }
}

async function openMemory(): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(STORE_PATH);
  } catch (error) {
    throw new StoreUnavailableError("keep ballots and work in memory", error);
  }
}
