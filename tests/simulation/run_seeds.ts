import { drawSchedule, FaultClass, type SimSchedule } from "../../testing/sim_schedule.ts";
import { simulate } from "../../testing/sim_cluster.ts";
import type { SimResult } from "../../testing/sim_program.ts";
import { clusterProgram } from "./cluster_program.ts";

/** Seeds to run: `count` of them from `from` on, each `stride` apart. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
  /** How many times as long as usual the schedules are. */
  readonly stretch: number;
  /** Stops at the first violation. */
  readonly stopAtFirst?: boolean;
}

/** What many schedules came to. */
export interface SeedReport {
  readonly schedules: number;
  readonly steps: number;
  /** In how many schedules each interesting state was seen. */
  readonly witnesses: Record<string, number>;
  readonly violations: { readonly seed: number; readonly atMs: number; readonly message: string }[];
}

const FAULTY_MS = 1_000;
const HEALED_MS = 1_600;

/** What it takes to see a belief that lasts too long: answers that come late on unlike clocks. */
const CLOCKS = [
  FaultClass.CLOCK_DRIFT,
  FaultClass.LATENCY,
  FaultClass.PARTITION,
  FaultClass.STORE_OUTAGE,
];
/** Of so many schedules the last is about clocks and little else; its nodes only lead. */
const CLOCKS_EVERY = 4;

/** Draws the schedule of a seed: short, for many of them find more than few long ones. */
export function scheduleOf(seed: number, stretch: number): SimSchedule {
  return drawSchedule(seed, {
    faultyMs: FAULTY_MS * stretch,
    healedMs: HEALED_MS * stretch,
    ...(seed % CLOCKS_EVERY === CLOCKS_EVERY - 1 && { classes: CLOCKS }),
  });
}

/** Runs one schedule. */
export async function runSchedule(schedule: SimSchedule, trace = false): Promise<SimResult> {
  return await simulate(schedule, clusterProgram, { trace });
}

/** Runs many seeds, one after the other. */
export async function runSeeds(range: SeedRange): Promise<SeedReport> {
  const report = { schedules: 0, steps: 0, witnesses: {}, violations: [] } as {
    -readonly [K in keyof SeedReport]: SeedReport[K];
  };
  for (let i = 0; i < range.count; i++) {
    const seed = range.from + i * range.stride;
    const { steps, witnesses, violation } = await runSchedule(scheduleOf(seed, range.stretch));
    report.schedules++;
    report.steps += steps;
    for (const name of Object.keys(witnesses)) {
      report.witnesses[name] = (report.witnesses[name] ?? 0) + 1;
    }
    if (!violation) continue;
    report.violations.push({ seed, atMs: violation.atMs, message: violation.error.message });
    if (range.stopAtFirst) break;
  }
  return report;
}

/** Puts reports of several workers together. */
export function mergeReports(reports: readonly SeedReport[]): SeedReport {
  const witnesses: Record<string, number> = {};
  for (const report of reports) {
    for (const [name, seen] of Object.entries(report.witnesses)) {
      witnesses[name] = (witnesses[name] ?? 0) + seen;
    }
  }
  return {
    schedules: reports.reduce((sum, { schedules }) => sum + schedules, 0),
    steps: reports.reduce((sum, { steps }) => sum + steps, 0),
    witnesses,
    violations: reports.flatMap(({ violations }) => violations).sort((a, b) => a.seed - b.seed),
  };
}
