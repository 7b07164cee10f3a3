import type { SeedReport } from "./run_seeds.ts";

/** States that every thousand schedules must have been in, or they prove nothing. */
export const WITNESSES: readonly string[] = [
  "takeover after expiry",
  "takeover after release",
  "released",
  "a fenced write of a deposed leader was refused",
];

/** How many schedules it takes for all of them to be due. */
const DUE_AFTER = 1_000;

/** @returns The states that should have been seen by now and were not. */
export function missingWitnesses({ schedules, witnesses }: SeedReport): string[] {
  return schedules < DUE_AFTER ? [] : WITNESSES.filter((name) => !witnesses[name]);
}
