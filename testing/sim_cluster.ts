import { checkSchedule } from "./check_schedule.ts";
import { classOfFault, type FaultClass, LASTING_CLASSES } from "./fault_class.ts";
import { seededRandom } from "./seeded_random.ts";
import { seedUuids } from "./seeded_uuids.ts";
import { SimDisasters } from "./sim_disasters.ts";
import type { SimFaultReport } from "./sim_faults.ts";
import { SimNode, type SimProcess } from "./sim_node.ts";
import type { SimEvent, SimProgram, SimResult, SimViolation } from "./sim_program.ts";
import type { SimSchedule } from "./sim_schedule.ts";
import { SimStore } from "./sim_store.ts";
import { SimTime, turnEventLoop } from "./sim_time.ts";
import { hearUncaughtErrors } from "./uncaught_errors.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /**
   * Whether to write down what happens.
   *
   * @default false
   */
  readonly trace?: boolean;
  /**
   * How many events there may be: a simulation with more of them never comes to rest, which is a
   * violation.
   *
   * @default 1_000_000
   */
  readonly maxSteps?: number;
}

const STEPS_MAX = 1_000_000;
const START_AT_MS = 2;
const HEALED_LATENCY = { minMs: 0.1, maxMs: 1 };

/**
 * A cluster of three to seven nodes on one simulated store, in virtual time. The nodes run your own
 * code, which is given a clock, a store and chance, and takes them from nowhere else.
 */
export class SimCluster {
  /** True time. */
  readonly time: SimTime;
  /** The store, as it truly is. */
  readonly store: SimStore;
  /** A handle on the store that meets no faults. */
  readonly kv: Deno.Kv;
  /** What happens to the cluster. */
  readonly schedule: SimSchedule;
  /** How often each interesting state was seen. */
  readonly witnesses: Record<string, number> = {};
  /** What happened, when it was asked for. */
  readonly events: SimEvent[] = [];
  /** The nodes, by their numbers. */
  readonly nodes: readonly SimNode[];
  readonly #trace: boolean;
  readonly #injected: Partial<Record<FaultClass, number>> = {};
  #program: SimProgram | null = null;
  #isHealed = false;
  #violation: SimViolation | null = null;

  /**
   * Makes a cluster; see {@link simulate}, which runs it.
   *
   * @param schedule What happens to it.
   * @param options Whether to write down what happens.
   * @throws {RangeError} when the schedule contradicts itself.
   */
  constructor(schedule: SimSchedule, options: SimulateOptions = {}) {
    this.schedule = schedule;
    checkSchedule(schedule);
    const { trace = false, maxSteps = STEPS_MAX } = options;
    this.#trace = trace;
    const time = this.time = new SimTime({ maxSteps });
    for (const name of schedule.classes) if (LASTING_CLASSES.has(name)) this.#count(name);
    this.store = new SimStore({
      time,
      random: seededRandom(schedule.seed, "store"),
      faults: schedule.faults,
      limits: schedule.store.limits,
      expiryLateMaxMs: schedule.store.expiryLateMaxMs,
      listBatchMax: schedule.store.listBatchMax,
      staleMaxMs: schedule.store.staleMaxMs,
      versionGaps: schedule.store.versionGaps,
      onCommit: (commit) => this.check(() => this.#program?.committed?.(commit)),
    });
    this.kv = this.store.open({ faults: {} });
    this.nodes = schedule.nodes.map((_, node) => (
      new SimNode({
        node,
        schedule,
        time,
        store: this.store,
        run: (process) => this.#program!.run(process),
        faulted: (report) => this.#faulted(node, report),
        ended: (process, error) => this.#ended(process, error),
      })
    ));
  }

  /** Counts an interesting state. */
  witness(name: string): void {
    this.witnesses[name] = (this.witnesses[name] ?? 0) + 1;
  }

  /**
   * Writes down what happened, when that was asked for. The timeline draws `belief` (of a node) and
   * `term` (of the store) as bars: each of them until the next of its lane, an empty text for none.
   * Equal first words have equal colours. All other kinds are marks, or spans where they have an end.
   *
   * @param node Which node; null for the store or the whole cluster.
   * @param kind What kind of thing: any word.
   * @param text What happened: any text.
   * @param untilMs Until when it goes on, in ms of true time.
   */
  note(node: number | null, kind: string, text: string, untilMs?: number): void {
    if (!this.#trace) return;
    const ends = untilMs === undefined ? {} : { untilMs };
    this.events.push({ atMs: this.time.nowMs, node, kind, text, ...ends });
  }

  /** Says that something is true that must never be. The first time counts. */
  violate(error: unknown): void {
    this.#violation ??= {
      atMs: this.time.nowMs,
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }

  /**
   * Runs the schedule.
   *
   * @param program What the nodes run.
   * @returns How it ended.
   */
  async run(program: SimProgram): Promise<SimResult> {
    this.#program = program;
    const { schedule, time } = this;
    this.nodes.forEach((node, i) => {
      time.after(schedule.nodes[i]!.startAtMs ?? START_AT_MS, () => node.start());
    });
    new SimDisasters({
      schedule,
      time,
      store: this.store,
      nodes: this.nodes,
      note: (...event) => this.note(...event),
      injected: (name) => this.#count(name),
      restored: () => this.check(() => program.restored?.()),
    }).plan();
    time.after(schedule.healAtMs, () => this.#heal());
    const endHearing = hearUncaughtErrors((error) => this.violate(error));
    try {
      await this.#runToEnd(program);
      for (const node of this.nodes) node.crash();
      await turnEventLoop(); // what nobody catches is known after that
    } finally {
      endHearing();
    }
    const { witnesses, events } = this;
    const injected = this.#injected;
    if (this.store.expiredCount > 0) injected.expiry = this.store.expiredCount;
    return { schedule, violation: this.#violation, steps: time.steps, witnesses, injected, events };
  }

  /**
   * Runs a check; what it throws is a violation.
   *
   * @param check Throws when something is true that must never be.
   * @returns Whether nothing was violated so far.
   */
  check(check: () => void): boolean {
    try {
      check();
    } catch (error) {
      this.violate(error);
    }
    return this.#violation === null;
  }

  async #runToEnd(program: SimProgram): Promise<void> {
    try {
      const { endAtMs } = this.schedule;
      await this.time.advance(endAtMs, () => this.check(() => program.afterStep?.()));
      if (!this.#violation) await program.atEnd?.();
    } catch (error) {
      this.violate(error);
    }
  }

  #count(name: FaultClass): void {
    this.#injected[name] = (this.#injected[name] ?? 0) + 1;
  }

  #faulted(node: number, { kind, operation, key }: SimFaultReport): void {
    const name = classOfFault(kind);
    if (name) this.#count(name);
    if (this.#trace) this.note(node, kind, `${operation} ${key.map(String).join("/")}`);
  }

  #ended({ node, signal }: SimProcess, error: unknown): void {
    if (signal.aborted && (error === null || error === signal.reason)) return;
    this.note(node, "ended", String(error));
    this.violate(error ?? new Error(`n${node} ended by itself`));
  }

  #heal(): void {
    this.#isHealed = true;
    this.note(null, "heal", "all faults end");
    this.store.faults = { latency: HEALED_LATENCY };
    for (const node of this.nodes) node.start();
  }

  /** Whether all faults have ended. */
  get isHealed(): boolean {
    return this.#isHealed;
  }
}

/**
 * Runs one schedule. Errors that nobody catches meanwhile, wherever in this thread, count as
 * violations, and `crypto.randomUUID` draws from the seed: run one simulation at a time, and nothing
 * else.
 *
 * @param schedule What happens to the cluster.
 * @param program Makes what its nodes run, for this cluster. It may fill the store through
 * `cluster.kv`.
 * @param options Whether to write down what happens.
 * @returns How it ended.
 * @throws {RangeError} when the schedule contradicts itself.
 */
export async function simulate(
  schedule: SimSchedule,
  program: (cluster: SimCluster) => SimProgram,
  options: SimulateOptions = {},
): Promise<SimResult> {
  const endUuids = seedUuids(seededRandom(schedule.seed, "uuids"));
  try {
    const cluster = new SimCluster(schedule, options);
    return await cluster.run(program(cluster));
  } finally {
    endUuids();
  }
}
