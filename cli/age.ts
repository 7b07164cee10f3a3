import { formatDuration } from "./parse_duration.ts";

/**
 * Says how old a record is. Its time is by its writer's clock: where clocks differ, an age may be off.
 *
 * @param writtenAt UTC ISO; null when unknown.
 * @param nowMs The time now.
 * @returns The age in ms, never negative; null when unknown.
 */
export function ageMs(writtenAt: string | null, nowMs: number): number | null {
  const writtenMs = writtenAt === null ? NaN : Date.parse(writtenAt);
  return Number.isNaN(writtenMs) ? null : Math.max(0, nowMs - writtenMs);
}

/** @returns The same for people, such as "1.5s"; a dash when unknown. */
export function formatAge(writtenAt: string | null, nowMs: number): string {
  const age = ageMs(writtenAt, nowMs);
  return age === null ? "-" : formatDuration(age);
}
