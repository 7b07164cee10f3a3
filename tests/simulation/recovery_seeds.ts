import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";
import { FaultClass } from "../../testing/fault_class.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import { Crashes, quietSchedule, tellOnce } from "./recovery_crashes.ts";
import { recoveryProgram } from "./recovery_program.ts";

const FAULTY_MS = 3_000;
const HEALED_MS = 6_500;
const REACTION_MS = 1_000;
/** How near to true time clocks are that do not jump, as a share of how far off they are drawn. */
const OFFSET_SHARE = 1e-4;
/** More moments than a chain of four steps has. */
const MOMENTS = 50;
/** How many moments after the first a second leader dies, at most. */
const SECOND_WITHIN = 8;

/** Whether a seed is about leaders that die at the boundaries of a chain's steps, and nothing else. */
function isAboutBoundaries(seed: number): boolean {
  return seed % 2 === 1;
}

/** Of so many seeds about boundaries the last is about one action whose leaders die in it. */
const INTERRUPTED_EVERY = 10;
/** More often than an action is resumed. */
const INTERRUPTED_TIMES = 5;

/** Draws the schedule of a seed: every other one is quiet but for leaders that die. */
export function recoveryScheduleOf(seed: number, stretch = 1): SimSchedule {
  if (isAboutBoundaries(seed)) return quietSchedule(seed);
  const schedule = drawSchedule(seed, {
    faultyMs: FAULTY_MS * stretch,
    healedMs: HEALED_MS * stretch,
    reactionMs: REACTION_MS,
  });
  if (schedule.classes.includes(FaultClass.WALL_JUMP)) return schedule;
  const nodes = schedule.nodes.map((node) => ({ ...node, offsetMs: node.offsetMs * OFFSET_SHARE }));
  return { ...schedule, nodes };
}

/** Makes what the nodes of a seed's schedule run. */
export function recoverySeedProgram(
  policies: RecoveryPoliciesDocument,
): (cluster: SimCluster) => SimProgram {
  return (cluster) => {
    const { seed } = cluster.schedule;
    if (!isAboutBoundaries(seed)) return recoveryProgram(cluster, { policies });
    const turn = (seed - 1) / 2;
    if (turn % INTERRUPTED_EVERY === INTERRUPTED_EVERY - 1) {
      const interrupts = new Crashes((_, moment) => moment === "effect begun", INTERRUPTED_TIMES);
      return recoveryProgram(cluster, {
        policies,
        tell: tellOnce(),
        dies: (at) => interrupts.dies(at),
      });
    }
    const first = turn % MOMENTS;
    const second = first + Math.floor(turn / MOMENTS) % (SECOND_WITHIN + 1);
    const crashes = new Crashes((n) => n === first || n === second);
    return recoveryProgram(cluster, { policies, tell: tellOnce(), dies: (at) => crashes.dies(at) });
  };
}
