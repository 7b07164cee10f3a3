import { FakeClock } from "./fake_clock.ts";
import { seededRandom } from "./seeded_random.ts";
import type { SimFaultReport } from "./sim_faults.ts";
import type { SimKv } from "./sim_kv.ts";
import type { SimSchedule } from "./sim_schedule.ts";
import type { SimStore } from "./sim_store.ts";
import type { SimTime } from "./sim_time.ts";

/** A process of a simulated node, as the code that runs in it sees it. */
export interface SimProcess {
  /** The node's id; all processes of a node have the same. */
  readonly id: string;
  /** The node's number, from 0. */
  readonly node: number;
  /** How often the node has been started, this time included. */
  readonly start: number;
  /** Its settings: a number that the program gives a meaning, 0 at first. */
  readonly variant: number;
  /** Its clocks. */
  readonly clock: FakeClock;
  /** Its handle on the store. */
  readonly kv: SimKv;
  /** Its chance. */
  readonly random: () => number;
  /** Aborts when it is to shut down in order. A crash gives no notice. */
  readonly signal: AbortSignal;
}

/** What a {@link SimNode} is made of. */
export interface SimNodeOptions {
  /** Its number, from 0. */
  readonly node: number;
  /** The schedule whose faults it meets. */
  readonly schedule: SimSchedule;
  /** True time. */
  readonly time: SimTime;
  /** The store. */
  readonly store: SimStore;
  /** What each of its processes runs. */
  readonly run: (process: SimProcess) => Promise<void>;
  /** Hears of each fault that befalls one of its calls. */
  readonly faulted: (fault: SimFaultReport) => void;
  /** Hears when a process ended: with an error when it failed. */
  readonly ended: (process: SimProcess, error: unknown) => void;
}

/** A machine that runs one process at a time: started, stopped, killed and frozen by the schedule. */
export class SimNode {
  /** Its id. */
  readonly id: string;
  readonly #options: SimNodeOptions;
  #process: (SimProcess & { readonly stop: AbortController }) | null = null;
  #starts = 0;
  #isLost = false;
  #hasPanicked = false;
  #variant = 0;
  #wallJumpMs = 0;

  /**
   * Makes a machine on which nothing runs yet.
   *
   * @param options Which node it is, and what it runs.
   */
  constructor(options: SimNodeOptions) {
    this.#options = options;
    this.id = `n${options.node}`;
  }

  /** Its settings: those of the process that runs, or of the last one. */
  get variant(): number {
    return this.#variant;
  }

  /** The process that runs, or is frozen; null when there is none. */
  get process(): SimProcess | null {
    return this.#process;
  }

  /**
   * Starts a process, unless one runs or the node is lost.
   *
   * @param variant Its settings; by default those of the process before it.
   */
  start(variant: number = this.#variant): void {
    if (this.#process || this.#isLost) return;
    const { node, schedule, time, store, run, faulted, ended } = this.#options;
    const { rate, offsetMs } = schedule.nodes[node]!;
    const stop = new AbortController();
    const startWallMs = START_WALL_MS + offsetMs + this.#wallJumpMs + time.nowMs * rate;
    const clock = new FakeClock({ time, rate, startWallMs });
    const start = ++this.#starts;
    this.#variant = variant;
    const random = seededRandom(schedule.seed, `${this.id}/${start}`);
    const kv = store.open({
      clock,
      client: schedule.client,
      watch: schedule.store.watch,
      onFault: faulted,
      random: seededRandom(schedule.seed, `${this.id}/${start}/store`),
    });
    const { signal } = stop;
    const process = { id: this.id, node, start, variant, clock, kv, random, signal, stop };
    this.#process = process;
    this.#hasPanicked = false;
    const end = (error: unknown) => {
      if (this.#process !== process) return;
      this.#process = null;
      kv[Symbol.dispose]();
      if (!this.#hasPanicked) ended(process, error);
    };
    runToEnd(run, process).then(() => end(null), end);
  }

  /** Asks the process to shut down. */
  stop(): void {
    this.#process?.stop.abort(new DOMException("Shut down", "AbortError"));
  }

  /** Ends the process at once. What it sent may still arrive. */
  crash(): void {
    this.#process?.clock.halt();
    this.#process?.kv.crash();
    this.#process = null;
  }

  /** Lets the process's handle on the store die, which it may end for. */
  panic(): void {
    this.#hasPanicked = true;
    this.#process?.kv.kill();
  }

  /** Ends the process at once, and lets no other be started in its place. */
  lose(): void {
    this.crash();
    this.#isLost = true;
  }

  /** Moves the machine's wall clock. */
  jumpWall(ms: number): void {
    this.#wallJumpMs += ms;
    this.#process?.clock.jumpWall(ms);
  }
}

const START_WALL_MS = Date.UTC(2026, 0, 1);

/** What is thrown at once counts like what is thrown later. */
async function runToEnd(run: SimNodeOptions["run"], process: SimProcess): Promise<void> {
  await run(process);
}
