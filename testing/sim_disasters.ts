import { classOfAction, type FaultClass } from "./fault_class.ts";
import type { SimAction } from "./sim_action.ts";
import type { SimCut } from "./sim_kv.ts";
import type { SimNode, SimProcess } from "./sim_node.ts";
import type { SimSchedule } from "./sim_schedule.ts";
import type { SimStore, SimStoreSnapshot } from "./sim_store.ts";
import type { SimTime } from "./sim_time.ts";

/** What a {@link SimDisasters} is made of. */
export interface SimDisastersOptions {
  /** What happens. */
  readonly schedule: SimSchedule;
  /** True time. */
  readonly time: SimTime;
  /** The store to which it happens. */
  readonly store: SimStore;
  /** The nodes to which it happens. */
  readonly nodes: readonly SimNode[];
  /** Writes each action down. */
  readonly note: (node: number | null, kind: string, text: string, untilMs?: number) => void;
  /** Told of the class of each action that took effect. */
  readonly injected: (name: FaultClass) => void;
  /** Told when the store was set back. */
  readonly restored: () => void;
}

type PauseAction = Extract<SimAction, { kind: "pause" }>;
type PartitionAction = Extract<SimAction, { kind: "partition" }>;

const SNAPSHOT_EVERY_MS = 250;

/** Lets happen what a schedule says, to nodes and store. Pauses, cuts and outages that
 * overlap end with the last of them; a process is started again by whichever action is over first. */
export class SimDisasters {
  readonly #options: SimDisastersOptions;
  readonly #snapshots: { readonly atMs: number; readonly snapshot: SimStoreSnapshot }[] = [];
  readonly #pauses = new WeakMap<SimProcess, number>();
  readonly #cuts = new WeakMap<SimProcess, Set<PartitionAction>>();
  #outages = 0;

  /** @param options To whom it happens, and who hears of it. */
  constructor(options: SimDisastersOptions) {
    this.#options = options;
  }

  /** Plans every action, and the backups that the store may be set back to. */
  plan(): void {
    const { schedule: { actions, healAtMs }, time, store } = this.#options;
    for (const action of actions) time.after(action.atMs, () => this.#act(action));
    const isRestored = actions.some(({ kind }) => kind === "restore");
    for (let ms = 0; isRestored && ms < healAtMs; ms += SNAPSHOT_EVERY_MS) {
      time.after(ms, () => this.#snapshots.push({ atMs: ms, snapshot: store.snapshot() }));
    }
  }

  #act(action: SimAction): void {
    const { nodes, note, injected } = this.#options;
    const target = "node" in action ? nodes[action.node]! : null;
    if (target === null || target.process !== null) {
      const name = classOfAction(action, target?.variant ?? 0);
      if (name) injected(name);
    }
    note(...this.#describe(action));
    if (action.kind === "outage") return this.#outage(action.forMs);
    if (action.kind === "restore") return this.#restore(action.agoMs);
    this.#befall(nodes[action.node]!, action);
  }

  #befall(target: SimNode, action: Exclude<SimAction, { kind: "outage" | "restore" }>): void {
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
      case "panic":
        return this.#panic(target, action.forMs);
      case "pause":
        return this.#pause(target, action);
      case "partition":
        return this.#partition(target, action);
      case "jumpWall":
        return target.jumpWall(action.byMs);
      default:
        return action satisfies never;
    }
  }

  #panic(target: SimNode, forMs: number): void {
    const process = target.process;
    target.panic();
    this.#later(forMs, () => {
      if (target.process === process) target.crash();
      target.start();
    });
  }

  #pause(target: SimNode, { forMs, monotonic }: PauseAction): void {
    const { process } = target;
    if (!process) return;
    this.#pauses.set(process, (this.#pauses.get(process) ?? 0) + 1);
    process.clock.halt({ monotonic });
    this.#later(forMs, () => {
      const left = this.#pauses.get(process)! - 1;
      this.#pauses.set(process, left);
      if (left === 0 && target.process === process) process.clock.thaw();
    });
  }

  #partition({ process }: SimNode, action: PartitionAction): void {
    if (!process) return;
    const cuts = this.#cuts.get(process) ?? new Set();
    this.#cuts.set(process, cuts.add(action));
    process.kv.cut = joinCuts(cuts);
    this.#later(action.forMs, () => {
      cuts.delete(action);
      process.kv.cut = joinCuts(cuts);
    });
  }

  #outage(forMs: number): void {
    const { store } = this.#options;
    this.#outages++;
    store.stop();
    this.#later(forMs, () => {
      if (--this.#outages === 0) store.start();
    });
  }

  #restore(agoMs: number): void {
    const { store, time, restored } = this.#options;
    const wantedMs = time.nowMs - agoMs;
    const found = this.#snapshots.findLast(({ atMs }) => atMs <= wantedMs);
    if (found) store.restore(found.snapshot);
    else store.wipe();
    restored();
  }

  /** Ends what an action began: after its time, and at healing at the latest. */
  #later(ms: number, run: () => void): void {
    const { schedule: { healAtMs }, time } = this.#options;
    time.after(Math.min(ms, healAtMs - time.nowMs), run);
  }

  #describe(action: SimAction): [number | null, string, string, number?] {
    const node = "node" in action ? action.node : null;
    const text = Object.entries(action)
      .filter(([name]) => !["kind", "node", "atMs"].includes(name))
      .map(([name, value]) => `${name} ${value}`).join(", ");
    const { time, schedule } = this.#options;
    if (action.kind === "loss") return [node, action.kind, text, schedule.endAtMs];
    if (!("forMs" in action)) return [node, action.kind, text];
    const untilMs = Math.min(time.nowMs + action.forMs, schedule.healAtMs);
    return [node, action.kind, text, untilMs];
  }
}

function joinCuts(cuts: ReadonlySet<PartitionAction>): SimCut {
  const ways = new Set([...cuts].map(({ cut }) => cut));
  if (ways.size === 0) return "none";
  return ways.size === 1 ? [...ways][0]! : "both";
}
