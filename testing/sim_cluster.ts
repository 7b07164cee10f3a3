import { SimNode, type SimProcess } from "./sim_node.ts";
import type { SimEvent, SimProgram, SimResult } from "./sim_program.ts";
import { seededRandom } from "./seeded_random.ts";
import type { SimAction } from "./sim_action.ts";
import type { SimSchedule } from "./sim_schedule.ts";
import { SimStore } from "./sim_store.ts";
import type { SimStoreSnapshot } from "./sim_store.ts";
import { SimTime } from "./sim_time.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /**
   * Whether to write down what happens.
   *
   * @default false
   */
  readonly trace?: boolean;
}

const SNAPSHOT_EVERY_MS = 250;
const HEALED_LATENCY = { minMs: 0.1, maxMs: 1 };

/**
 * A cluster of three to seven nodes on one simulated store, in virtual time. The nodes run your own
 * code, which is given a clock, a store and chance, and takes them from nowhere else.
 */
export class SimCluster {
  /** True time. */
  readonly time: SimTime = new SimTime();
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
  readonly #snapshots: { readonly atMs: number; readonly snapshot: SimStoreSnapshot }[] = [];
  #program: SimProgram | null = null;
  #isHealed = false;
  #violation: { readonly atMs: number; readonly error: Error } | null = null;

  /**
   * Makes a cluster; see {@link simulate}, which runs it.
   *
   * @param schedule What happens to it.
   * @param options Whether to write down what happens.
   */
  constructor(schedule: SimSchedule, options: SimulateOptions = {}) {
    this.schedule = schedule;
    this.#trace = options.trace ?? false;
    const { time } = this;
    this.store = new SimStore({
      time,
      random: seededRandom(schedule.seed, "store"),
      faults: schedule.faults,
      onCommit: (commit) => this.check(() => this.#program!.committed?.(commit)),
    });
    this.kv = this.store.open({ faults: {} });
    this.nodes = schedule.nodes.map((_, node) => (
      new SimNode({
        node,
        schedule,
        time,
        store: this.store,
        run: (process) => this.#program!.run(process),
        faulted: ({ kind, operation, key }) => {
          if (this.#trace) this.note(node, kind, `${operation} ${key.map(String).join("/")}`);
        },
        ended: (process, error) => this.#ended(process, error),
      })
    ));
  }

  /** Counts an interesting state. */
  witness(name: string): void {
    this.witnesses[name] = (this.witnesses[name] ?? 0) + 1;
  }

  /** Writes down what happened, when that was asked for. */
  note(node: number | null, kind: string, text: string): void {
    if (this.#trace) this.events.push({ atMs: this.time.nowMs, node, kind, text });
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
    for (const node of this.nodes) time.after(node.id.length, () => node.start());
    for (const action of schedule.actions) time.after(action.atMs, () => this.#act(action));
    const isRestored = schedule.actions.some(({ kind }) => kind === "restore");
    for (let ms = 0; isRestored && ms < schedule.healAtMs; ms += SNAPSHOT_EVERY_MS) {
      time.after(ms, () => this.#snapshots.push({ atMs: ms, snapshot: this.store.snapshot() }));
    }
    time.after(schedule.healAtMs, () => this.#heal());
    await time.advance(schedule.endAtMs, () => this.check(() => program.afterStep?.()));
    if (!this.#violation) await this.#conclude();
    for (const node of this.nodes) node.crash();
    const { witnesses, events } = this;
    return { schedule, violation: this.#violation, steps: time.steps, witnesses, events };
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

  async #conclude(): Promise<void> {
    try {
      await this.#program!.atEnd?.();
    } catch (error) {
      this.violate(error);
    }
  }

  #ended({ node, signal }: SimProcess, error: unknown): void {
    if (signal.aborted && error === null) return;
    this.note(node, "ended", String(error));
    this.violate(error ?? new Error(`n${node} ended by itself`));
  }

  #act(action: SimAction): void {
    const node = "node" in action ? action.node : null;
    this.note(node, action.kind, describe(action));
    if (action.kind === "outage") return this.#outage(action.forMs);
    if (action.kind === "restore") return this.#restore(action.agoMs);
    const target = this.nodes[action.node]!;
    switch (action.kind) {
      case "loss":
        return target.lose();
      case "crash":
        target.crash();
        return this.#later(action.forMs, () => target.start());
      case "restart":
        target.stop();
        return this.#later(action.forMs, () => {
          target.crash(); // whatever is left of it after its time to stop
          target.start(action.variant);
        });
      case "pause":
        return this.#pause(target, action.forMs, action.monotonic);
      case "partition":
        return this.#partition(target, action.forMs, action.cut);
      case "jumpWall":
        return target.jumpWall(action.byMs);
      default:
        return action satisfies never;
    }
  }

  #pause(target: SimNode, forMs: number, monotonic: boolean): void {
    const process = target.process;
    if (!process || process.clock.isFrozen) return;
    process.clock.halt({ monotonic });
    this.#later(forMs, () => {
      if (target.process === process) process.clock.thaw();
    });
  }

  #partition(target: SimNode, forMs: number, cut: "requests" | "replies" | "both"): void {
    const process = target.process;
    if (!process) return;
    process.kv.cut = cut;
    this.#later(forMs, () => process.kv.cut = "none");
  }

  #outage(forMs: number): void {
    this.store.stop();
    this.#later(forMs, () => this.store.start());
  }

  #restore(agoMs: number): void {
    const wantedMs = this.time.nowMs - agoMs;
    const found = this.#snapshots.findLast(({ atMs }) => atMs <= wantedMs);
    if (found) this.store.restore(found.snapshot);
    else this.store.wipe();
    this.check(() => this.#program!.restored?.());
  }

  /** Ends what an action began: after its time, and at healing at the latest. */
  #later(ms: number, run: () => void): void {
    const delayMs = Math.min(ms, this.schedule.healAtMs - this.time.nowMs);
    this.time.after(delayMs, () => {
      this.note(null, "recovers", "");
      run();
    });
  }

  #heal(): void {
    this.#isHealed = true;
    this.note(null, "heal", "all faults end");
    this.store.faults = { latency: HEALED_LATENCY };
    const { hang = 0, zombie = 0 } = this.schedule.faults;
    for (const node of this.nodes) {
      if (hang + zombie > 0) node.crash(); // what hangs in it would never be answered
      node.start();
    }
  }

  /** Whether all faults have ended. */
  get isHealed(): boolean {
    return this.#isHealed;
  }
}

/**
 * Runs one schedule.
 *
 * @param schedule What happens to the cluster.
 * @param program Makes what its nodes run, for this cluster.
 * @param options Whether to write down what happens.
 * @returns How it ended.
 */
export async function simulate(
  schedule: SimSchedule,
  program: (cluster: SimCluster) => SimProgram,
  options: SimulateOptions = {},
): Promise<SimResult> {
  const cluster = new SimCluster(schedule, options);
  return await cluster.run(program(cluster));
}

function describe(action: SimAction): string {
  return Object.entries(action).filter(([name]) => !["kind", "node", "atMs"].includes(name))
    .map(([name, value]) => `${name} ${value}`).join(", ");
}
