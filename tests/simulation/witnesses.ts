import type { SeedReport } from "./run_seeds.ts";

/** States that a thousand drawn schedules are all but sure to have been in, by what they exercise. */
export const WITNESSES: Readonly<Record<string, readonly string[]>> = {
  "I1 I2": ["takeover after expiry", "takeover after release", "released"],
  "I3": ["a fenced write of a deposed leader was refused"],
  "I4": ["fault slow", "fault hang", "fault outage"],
  "I5": [
    "work assigned",
    "work completed",
    "work completed by a later attempt",
    "work reassigned before it was begun",
    "work taken from a claimant, or given back",
    "a late result was refused",
    "the end of a claim stayed unknown",
  ],
  "I6": ["fault repeatedWrite", "fault falseRefusal", "fault retry"],
  "I9": ["fault zombie", "the store was set back"],
  "I10": ["a vote was counted", "a ballot was decided", "a ballot without a majority"],
};

/** How many schedules it takes for all of them to be due. */
const DUE_AFTER = 1_000;

/**
 * @param report What was seen.
 * @param wanted What is due. @default the states of coordination
 * @returns The states that should have been seen by now and were not.
 */
export function missingWitnesses(
  { schedules, witnesses }: SeedReport,
  wanted: Readonly<Record<string, readonly string[]>> = WITNESSES,
): string[] {
  if (schedules < DUE_AFTER) return [];
  return Object.entries(wanted).flatMap(([invariants, names]) =>
    names.filter((name) => !witnesses[name]).map((name) => `${name} (${invariants})`)
  );
}
