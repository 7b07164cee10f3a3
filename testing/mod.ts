/**
 * What you test your own code with: clocks that move when you say so, a store with every fault of a
 * real one, and a cluster of nodes to which thousands of disasters happen, each of them replayable by
 * its seed.
 *
 * Not guaranteed: that code which survives here is right. It is right about what the simulation does.
 *
 * @example A hundred disasters, and a promise that none may break
 * ```ts
 * import { drawSchedule, simulate } from "@baton/orchestration/testing";
 *
 * for (let seed = 1; seed <= 100; seed++) {
 *   const { violation } = await simulate(drawSchedule(seed), (cluster) => ({
 *     async run({ id, kv, clock, signal }) {
 *       while (!signal.aborted) {
 *         const { value, versionstamp } = await kv.get<number>(["count"]).catch(() => ({
 *           value: null,
 *           versionstamp: null,
 *         }));
 *         const next = kv.atomic().check({ key: ["count"], versionstamp });
 *         await next.set(["count"], (value ?? 0) + 1).set(["by"], id).commit().catch(() => {});
 *         await clock.sleep(100, { signal }).catch(() => {});
 *       }
 *     },
 *     committed() {
 *       if (cluster.store.peek(["count"]).value === null) throw new Error("the count is gone");
 *     },
 *   }));
 *   if (violation) throw new Error(`seed ${seed}: ${violation.error.message}`);
 * }
 * ```
 *
 * @module
 */

export {
  type Exploration,
  explore,
  type ExploreOptions,
  type Move,
  type Violation,
} from "./explore.ts";
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
export type { SimEvent, SimProgram, SimResult } from "./sim_program.ts";
export {
  drawSchedule,
  type DrawScheduleOptions,
  FaultClass,
  type SimSchedule,
} from "./sim_schedule.ts";
export {
  type SimOpenOptions,
  SimStore,
  type SimStoreOptions,
  type SimStoreSnapshot,
} from "./sim_store.ts";
export type { SimCommit } from "./sim_store_state.ts";
export { SimTime } from "./sim_time.ts";
