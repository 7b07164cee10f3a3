import type { SimFate } from "./sim_fault_fate.ts";
import type { SimFateScope } from "./sim_fault_plan.ts";
import type { SimFaults } from "./sim_faults.ts";

/** What between a process and its store does not arrive. */
export type SimCut = "none" | "requests" | "replies" | "both";

/**
 * One process's handle on a simulated store. It does whatever `Deno.Kv` does, but for queues, which
 * KV Connect does not have either: asked for one, it throws a `TypeError`. And it does everything
 * that a real store can do to a process. Made by `SimStore.open`.
 */
export interface SimKv extends Deno.Kv {
  /** What befalls this handle's calls: what befalls those of the whole store, until it is set. */
  faults: SimFaults;
  /** What between this process and the store does not arrive. */
  cut: SimCut;
  /**
   * Plans what becomes of the next attempts, after those that were planned before. Every attempt of a
   * `connect` client counts.
   *
   * @param fate What becomes of them.
   * @param scope Which ones.
   */
  next(fate: SimFate, scope?: SimFateScope): void;
  /** Takes away whatever hinders this handle: faults, planned fates and cuts. */
  heal(): void;
  /** Lets the handle die, as after a panic of its worker: every call throws `BadResource`. */
  kill(): void;
  /** Lets the process die: it never hears of anything again, while its requests may still arrive. */
  crash(): void;
}
