import type { FaultClass } from "./fault_class.ts";
import type { SimProcess } from "./sim_node.ts";
import type { SimSchedule } from "./sim_schedule.ts";
import type { SimCommit } from "./sim_store_state.ts";

/** Something that happened in a simulation, at a time. */
export interface SimEvent {
  /** When, in ms of true time. */
  readonly atMs: number;
  /** To which node; null for the store or the whole cluster. */
  readonly node: number | null;
  /** What kind of thing, such as "crash", "term" or "lostReply". */
  readonly kind: string;
  /** What happened. */
  readonly text: string;
  /** Until when it went on, in ms of true time, where it did. */
  readonly untilMs?: number;
}

/** Something that must never be, and was. */
export interface SimViolation {
  /** When, in ms of true time. */
  readonly atMs: number;
  /** What. */
  readonly error: Error;
}

/** What a simulation runs, and what must be true of it. */
export interface SimProgram {
  /**
   * What each process of a node runs, until its signal aborts: then it ends, or rejects with the
   * signal's reason. One that ends before that, or rejects with anything else, has broken something;
   * so has a promise of its that rejects and that nobody handles.
   *
   * @param process The process.
   */
  run(process: SimProcess): Promise<void>;

  /**
   * Called for each commit at the moment when it is applied. Throws when it must not have been.
   *
   * @param commit What was changed; `cluster.store.peek` says to what.
   */
  committed?(commit: SimCommit): void;

  /** Called when the store was set back to an earlier state. */
  restored?(): void;

  /** Called after every event. Throws when something is true that must never be. */
  afterStep?(): void;

  /**
   * Called at the end, when the cluster has been free of faults for a while. Throws when something
   * is not as it must be by then.
   */
  atEnd?(): Promise<void> | void;
}

/** How a simulation ended. */
export interface SimResult {
  /** The schedule. */
  readonly schedule: SimSchedule;
  /** What was broken, and when; null when nothing was. */
  readonly violation: SimViolation | null;
  /** How many events were run. */
  readonly steps: number;
  /** How often each interesting state was seen. */
  readonly witnesses: Readonly<Record<string, number>>;
  /** How often each class of faults took effect. */
  readonly injected: Readonly<Partial<Record<FaultClass, number>>>;
  /** What happened, when it was asked for. */
  readonly events: readonly SimEvent[];
}
