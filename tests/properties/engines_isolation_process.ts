import {
  CoordinationValidator,
  DurableRuns,
  type EngineFactoryMetrics,
  ExecutionEngineFactory,
  MemoryRunStore,
  UserEngineLimits,
  UserEventHub,
  UserPermits,
} from "@baton/orchestration/engines";
import { FakeClock } from "../../testing/fake_clock.ts";
import { seededRandom } from "../../testing/seeded_random.ts";
import { turnEventLoop } from "../../testing/sim_time.ts";
import { isolationAgents, isolationTools, PERMITS_PER_USER } from "./engines_isolation_agents.ts";
import type { Watch } from "./engines_isolation_watch.ts";

/** What a process has one of, for all its users together. */
export class IsolatedProcess {
  readonly clock: FakeClock;
  readonly hub: UserEventHub;
  readonly factory: ExecutionEngineFactory;
  readonly validator: CoordinationValidator;
  readonly runs: DurableRuns;
  readonly #permits: UserPermits;
  readonly #limits = new UserEngineLimits({ perUserMax: 6 });
  readonly #watch: Watch;

  /** Makes a process in which a seed decides in which order things happen. */
  constructor(seed: number, watch: Watch) {
    this.#watch = watch;
    const random = seededRandom(seed, "settle");
    // What a timer wakes seldom comes to rest before the next: the work of many lies in between.
    const settle = async () => {
      if (random() < 0.05) return await turnEventLoop();
      for (let turns = Math.floor(random() * 8); turns > 0; turns--) await null;
    };
    const clock = new FakeClock({ settle });
    this.clock = clock;
    this.hub = new UserEventHub({ clock, historyMaxEvents: 50 });
    this.#permits = new UserPermits({
      clock,
      perUserMax: PERMITS_PER_USER,
      queueMax: 4,
      waitTimeoutMs: 150,
    });
    this.factory = new ExecutionEngineFactory({
      agents: isolationAgents({ clock, watch }),
      tools: isolationTools({ clock, watch }),
      events: this.hub,
      permits: this.#permits,
      userLimits: this.#limits,
      limits: { timeoutMs: 250, cleanupWaitMs: 100 },
      idleMs: 100,
      lookEveryMs: 60,
      clock,
    });
    this.validator = new CoordinationValidator({ clock });
    this.runs = new DurableRuns({ store: new MemoryRunStore(), clock });
  }

  /** Shuts down, and makes sure that nothing is left. */
  async shutDown(): Promise<EngineFactoryMetrics> {
    const closing = this.factory.shutdown();
    await this.clock.advance(20_000);
    await closing;
    const metrics = this.factory.getMetrics();
    const { active_engines_count, total_engines_cleaned, total_engines_created } = metrics;
    this.#watch.is("live engines", active_engines_count + this.#limits.size, 0);
    this.#watch.is("engines ended", total_engines_cleaned, total_engines_created);
    this.#watch.is("users who hold or await permits", this.#permits.userCount, 0);
    this.#watch.is("timers", this.clock.sleeperCount, 0);
    const { integrity_violations } = this.validator.getSummary();
    this.#watch.is("violations of integrity", integrity_violations, 0);
    return metrics;
  }

  /** Makes sure that as many events were heard as there were, and none was lost. */
  examineHub(heard: number): void {
    const { metrics } = this.hub;
    this.#watch.is("events sent", metrics.events_sent_total, heard);
    this.#watch.is("events delivered", metrics.deliveries_total, heard);
    const lost = metrics.events_invalid_total + metrics.events_too_large_total +
      metrics.events_dropped_total + metrics.lagged_total + metrics.subscriber_faults_total;
    this.#watch.is("events lost", lost, 0);
  }
}
