import { FaultClass } from "../../testing/fault_class.ts";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import { simulateSeeds } from "../../testing/simulate_seeds.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import { clusterProgram } from "./cluster_program.ts";
import { recoveryScheduleOf, recoverySeedProgram } from "./recovery_seeds.ts";
import { readPolicies } from "./recovery_workload.ts";

/** Seeds to run: `count` of them from `from` on, each `stride` apart. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
  /** How many times as long as usual the schedules are. */
  readonly stretch: number;
  /** Whether they are about recovery, not about coordination. */
  readonly recovery?: boolean;
  /** Stops at the first violation. */
  readonly stopAtFirst?: boolean;
}

/** What many schedules came to. */
export interface SeedReport {
  readonly schedules: number;
  readonly steps: number;
  /** In how many schedules each interesting state was seen. */
  readonly witnesses: Readonly<Record<string, number>>;
  /** In how many schedules each class of faults took effect. */
  readonly injected: Readonly<Record<string, number>>;
  readonly violations: { readonly seed: number; readonly atMs: number; readonly message: string }[];
}

const FAULTY_MS = 1_000;
const HEALED_MS = 1_350;

/** What it takes to see a belief that lasts too long: answers that come late on unlike clocks. */
const CLOCKS = [
  FaultClass.CLOCK_DRIFT,
  FaultClass.LATENCY,
  FaultClass.PARTITION,
  FaultClass.STORE_OUTAGE,
];
/** Of so many schedules the last is about clocks and little else; its nodes only lead. */
const CLOCKS_EVERY = 4;

/** What seeds are about: their schedules, and what the nodes run. */
export interface Subject {
  /** Draws the schedule of a seed. */
  readonly scheduleOf: (seed: number, stretch: number) => SimSchedule;
  /** Makes what the nodes of a cluster run. */
  readonly program: (cluster: SimCluster) => SimProgram;
}

/** @returns What seeds are about. */
export async function subjectOf(
  { recovery = false }: Pick<SeedRange, "recovery">,
): Promise<Subject> {
  if (!recovery) return { scheduleOf, program: clusterProgram };
  return { scheduleOf: recoveryScheduleOf, program: recoverySeedProgram(await readPolicies()) };
}

/** Draws the schedule of a seed: short, for many of them find more than few long ones. */
export function scheduleOf(seed: number, stretch: number): SimSchedule {
  return drawSchedule(seed, {
    faultyMs: FAULTY_MS * stretch,
    healedMs: HEALED_MS * stretch,
    ...(seed % CLOCKS_EVERY === CLOCKS_EVERY - 1 && { classes: CLOCKS }),
  });
}

/** Runs many seeds, one after the other. */
export async function runSeeds(range: SeedRange): Promise<SeedReport> {
  const { from, count, stride, stretch, stopAtFirst = false } = range;
  const subject = await subjectOf(range);
  const { broken, ...report } = await simulateSeeds({
    first: from,
    count,
    stride,
    schedule: (seed) => subject.scheduleOf(seed, stretch),
    program: subject.program,
    ...(stopAtFirst && { maxBroken: 1 }),
  });
  const violations = broken.map(({ seed, violation: { atMs, error } }) => (
    { seed, atMs, message: error.message }
  ));
  return { ...report, violations };
}

/** Puts reports of several workers together. */
export function mergeReports(reports: readonly SeedReport[]): SeedReport {
  return {
    schedules: reports.reduce((sum, { schedules }) => sum + schedules, 0),
    steps: reports.reduce((sum, { steps }) => sum + steps, 0),
    witnesses: addUp(reports.map(({ witnesses }) => witnesses)),
    injected: addUp(reports.map(({ injected }) => injected)),
    violations: reports.flatMap(({ violations }) => violations).sort((a, b) => a.seed - b.seed),
  };
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((each) => Object.entries(each))) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
