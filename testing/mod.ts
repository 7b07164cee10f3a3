/**
 * What you test your own code with: clocks that move when you say so, a store with every fault of a
 * real one, and a cluster of nodes to which thousands of disasters happen, each of them replayable by
 * its seed.
 *
 * Not guaranteed: that code which survives here is right. It is right about what the simulation does.
 *
 * @example A lock with a bug: found, replayed, drawn and fixed; `docs/simulation.md` explains it
 * ```ts
 * import {
 *   drawSchedule,
 *   FaultClass,
 *   parseSchedule,
 *   renderTimeline,
 *   shrinkSchedule,
 *   type SimCluster,
 *   type SimProcess,
 *   type SimProgram,
 *   type SimSchedule,
 *   simulate,
 *   simulateSeeds,
 * } from "@baton/orchestration/testing";
 *
 * // A lock, and its bug: it looks first, and takes later.
 * async function withLock(kv: Deno.Kv, id: string, isFixed: boolean, work: () => Promise<void>) {
 *   const free = await kv.get(["lock"]);
 *   if (free.value !== null) return;
 *   const taking = kv.atomic().set(["lock"], id);
 *   const taken = await (isFixed ? taking.check(free) : taking).commit();
 *   if (!taken.ok) return;
 *   await work();
 *   const { versionstamp } = taken;
 *   await kv.atomic().check({ key: ["lock"], versionstamp }).delete(["lock"]).commit();
 * }
 *
 * // What every node runs, and what must never be: two processes that hold the lock.
 * const lockProgram = (isFixed: boolean) => (cluster: SimCluster): SimProgram => {
 *   const holders = new Set<SimProcess>();
 *   return {
 *     async run(process) {
 *       const { id, node, kv, clock, random, signal } = process;
 *       while (!signal.aborted) {
 *         const work = async () => {
 *           holders.add(process);
 *           cluster.witness("the lock was held");
 *           cluster.note(node, "belief", "holds the lock");
 *           await clock.sleep(50 * random(), { signal });
 *           holders.delete(process);
 *           cluster.note(node, "belief", "");
 *         };
 *         await withLock(kv, id, isFixed, work).catch(() => {}); // the store is away: once more
 *         await clock.sleep(20, { signal });
 *       }
 *     },
 *     afterStep() {
 *       const alive = [...holders].filter((each) => cluster.nodes[each.node]!.process === each);
 *       if (alive.length > 1) throw new Error("L1: two processes hold the lock");
 *     },
 *   };
 * };
 *
 * // No lock outlives that its store is set back: every other class of faults.
 * const classes = Object.values(FaultClass).filter((name) => name !== FaultClass.STORE_RESTORE);
 * const schedule = (seed: number) => drawSchedule(seed, { classes });
 *
 * // Found: a hundred disasters, and the seeds in which the promise was broken.
 * const seeds = { count: 100, schedule, witnesses: ["the lock was held"] };
 * const { broken } = await simulateSeeds({ ...seeds, program: lockProgram(false) });
 * if (broken.length === 0) throw new Error("the bug was not found");
 *
 * // Replayed: the same seed, the same run; then the least that still breaks the promise.
 * const isBroken = async (smaller: SimSchedule) =>
 *   (await simulate(smaller, lockProgram(false))).violation !== null;
 * const small = await shrinkSchedule(schedule(broken[0]!.seed), isBroken, { shortenHealed: true });
 * const again = parseSchedule(JSON.stringify(small)); // it may be kept in a file
 * const result = await simulate(again, lockProgram(false), { trace: true });
 * if (result.violation === null) throw new Error("the replay went another way");
 *
 * // Drawn: write this to a file, and open it in a browser.
 * const page = renderTimeline(result);
 * if (!page.includes("two processes hold the lock")) throw new Error("nothing was drawn");
 *
 * // Fixed: no seed breaks it any more, and the lock was held, so that this means something.
 * const fixed = await simulateSeeds({ ...seeds, program: lockProgram(true) });
 * if (fixed.broken.length > 0 || fixed.missing.length > 0) throw new Error("not fixed");
 * ```
 *
 * @module
 */

export { parseSchedule } from "./check_schedule.ts";
export {
  type Exploration,
  explore,
  type ExploreOptions,
  type Move,
  type Violation,
} from "./explore.ts";
export { FaultClass } from "./fault_class.ts";
export { FakeClock, type FakeClockOptions, type FreezeOptions } from "./fake_clock.ts";
export type { KvLimits } from "./kv_limits.ts";
export { renderTimeline } from "./render_timeline.ts";
export { seededRandom } from "./seeded_random.ts";
export { type ShrinkOptions, shrinkSchedule } from "./shrink_schedule.ts";
export type { SimAction } from "./sim_action.ts";
export { SimCluster, simulate, type SimulateOptions } from "./sim_cluster.ts";
export type { SimFate } from "./sim_fault_fate.ts";
export type { SimFateScope } from "./sim_fault_plan.ts";
export {
  SimFaultKind,
  type SimFaultReport,
  type SimFaults,
  type SimLatency,
  type SimOperation,
  type SimSpan,
} from "./sim_faults.ts";
export type { SimCut, SimKv } from "./sim_kv.ts";
export { SimNode, type SimNodeOptions, type SimProcess } from "./sim_node.ts";
export type { SimEvent, SimProgram, SimResult, SimViolation } from "./sim_program.ts";
export { drawSchedule, type DrawScheduleOptions, type SimSchedule } from "./sim_schedule.ts";
export { type SimSeedsResult, simulateSeeds, type SimulateSeedsOptions } from "./simulate_seeds.ts";
export {
  type SimOpenOptions,
  SimStore,
  type SimStoreOptions,
  type SimStoreSnapshot,
} from "./sim_store.ts";
export type { SimCommit } from "./sim_store_state.ts";
export type { SimStoreTraits } from "./sim_store_traits.ts";
export { SimTime, type SimTimeOptions } from "./sim_time.ts";
